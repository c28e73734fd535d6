/* SPDX-License-Identifier: MIT */
#include "harness/report/drift-text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "harness/report/figure.h"
#include "harness/results/reference.h"

/* A ratio as a change in per cent of one digit. What rounds to nothing is no fall: "-0.0%" would say so. */
static double drift_text_change(double ratio)
{
    double change = 100 * (ratio - 1);
    return fabs(change) < 0.05 ? 0 : change;
}

/* Writes the three tests, as in "second half +1.3% (p 0.2), trend ...". Returns the length. */
static int drift_text_tests(const struct drift *drift, char *text, size_t size)
{
    return snprintf(
        text, size,
        "second half %+.1f%% (p %.2g), trend from first to last block %+.1f%% (p %.2g), block %zu %+.1f%% "
        "from the others (p %.2g)",
        drift_text_change(drift->halves), drift->halves_p, drift_text_change(drift->trend), drift->trend_p,
        drift->shock_block, drift_text_change(drift->shock), drift->shock_p);
}

static void drift_text_write(const char *head, const struct drift *drift, const char *alike,
                             const char *otherwise, char ret_text[DRIFT_TEXT])
{
    int length = snprintf(ret_text, DRIFT_TEXT, "%s: ", head);
    if (isnan(drift->halves_p)) {
        snprintf(ret_text + length, DRIFT_TEXT - (size_t)length, "n/a with fewer than four blocks.");
        return;
    }
    length += drift_text_tests(drift, ret_text + length, DRIFT_TEXT - (size_t)length);
    snprintf(ret_text + length, DRIFT_TEXT - (size_t)length, ". %s", drift_found(drift) ? otherwise : alike);
}

void drift_text_run(const struct run *run, char ret_text[DRIFT_TEXT])
{
    struct drift drift = compare_drift(run);
    enum drift_test test;
    char *otherwise = text_format(
        "The blocks are not alike: something else ran, or the machine changed. Ratios within blocks "
        "hold; trust no absolute time to less than %.1f%%.",
        100 * drift_most(&drift, &test));
    drift_text_write("Drift of all cells", &drift, "No drift is shown.", otherwise, ret_text);
    free(otherwise);
}

/* Adds the blocks in which the reference program took much more or less than in the run. */
static void drift_text_add_blocks(const struct run *run, char ret_text[DRIFT_TEXT])
{
    double *wholes = memory_new(run->blocks, sizeof(*wholes));
    size_t count = 0, length = strlen(ret_text);
    run_machine_medians(run, run->reference_ns, wholes);
    for (size_t block = 0; block < run->blocks && length < DRIFT_TEXT; block++) {
        if (!reference_differs(run->reference_ns[block], wholes[block]))
            continue;
        if (count++)
            length += (size_t)snprintf(ret_text + length, DRIFT_TEXT - length, ", %zu", block);
        else
            length += (size_t)snprintf(ret_text + length, DRIFT_TEXT - length,
                                       " Blocks that are off by more than %.0f%%: %zu",
                                       100 * REFERENCE_DIFFERS, block);
    }
    if (count && length < DRIFT_TEXT)
        snprintf(ret_text + length, DRIFT_TEXT - length, ".");
    free(wholes);
}

void drift_text_reference(const struct run *run, char ret_text[DRIFT_TEXT])
{
    struct drift drift = compare_reference_drift(run);
    ret_text[0] = '\0';
    if (!run->reference_ns)
        return;
    drift_text_write("Drift of the reference program", &drift, "No drift of the machine is shown.",
                     "The machine changed.", ret_text);
    drift_text_add_blocks(run, ret_text);
}

json_t *drift_text_json(struct drift drift)
{
    if (isnan(drift.halves_p))
        return json_null();
    return json_pack("{so so so so sI so so sb}", "halves", figure_json(drift.halves), "halves_p",
                     figure_json(drift.halves_p), "trend", figure_json(drift.trend), "trend_p",
                     figure_json(drift.trend_p), "shock_block", (json_int_t)drift.shock_block, "shock",
                     figure_json(drift.shock), "shock_p", figure_json(drift.shock_p), "found",
                     drift_found(&drift));
}
