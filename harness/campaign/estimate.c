/* SPDX-License-Identifier: MIT */
#include "harness/campaign/estimate.h"

#include <math.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/quantile.h"
#include "base/text.h"
#include "harness/campaign/description.h"
#include "harness/campaign/earlier.h"
#include "harness/campaign/needed.h"
#include "harness/campaign/shown.h"

/* Shares of what the processes of a run take that its sessions take beside. */
static double overhead_of(const struct session *session)
{
    double processes = 0;
    for (size_t i = 0; i < session->plan->cell_count; i++)
        processes += session->paces[i].seconds * (double)session->paces[i].processes;
    return processes > 0 ? fmax(1, session_used(session) / processes) : 1;
}

/* The time of each cell in a block, with its repetitions and with its share of what sessions take beside. */
static double *paces_copy(const struct session *session)
{
    double *seconds = memory_new(session->plan->cell_count, sizeof(*seconds));
    double overhead = overhead_of(session);
    for (size_t i = 0; i < session->plan->cell_count; i++)
        seconds[i] = session_pace_block(&session->paces[i]) * overhead;
    return seconds;
}

/* "42m": a budget of at least so many seconds, as the option reads it. */
static char *budget_words(double seconds)
{
    return text_format("%.0fm", ceil(seconds / 60));
}

void estimate_more_say(const struct session *session)
{
    char spent[32], span[32];
    double *seconds = paces_copy(session);
    struct needed_more more = needed_more(session->decide, seconds);
    progress_span((int64_t)session->spec->budget_seconds * INT64_C(1000000000), spent);
    free(seconds);
    if (more.pairs == 0) {
        printf("the budget of %s is spent\n", spent);
        return;
    }
    char *budget = budget_words((double)session->spec->budget_seconds + more.seconds);
    progress_span((int64_t)(more.seconds * 1e9), span);
    char *spec = escape_shell(session->spec->path), *dir = escape_shell(session->folder.dir);
    message_say(
        "the budget of %s is spent; another %s would decide about %zu of them: gcmatrix matrix %s -o %s%s "
        "--resume --budget %s",
        spent, span, more.pairs, spec, dir, session->options->again, budget);
    free(spec);
    free(dir);
    free(budget);
}

double estimate_look_seconds(const struct session *session)
{
    const struct decide *decide = session->decide;
    double *cells = paces_copy(session), seconds = 0;
    for (size_t cell = 0; cell < decide->cell_count; cell++) {
        size_t blocks = session->paces[cell].blocks;
        if (decide_cell_goes_on(decide, cell, decide->design.blocks) && blocks < decide->next_look)
            seconds += cells[cell] * (double)(decide->next_look - blocks);
    }
    free(cells);
    return seconds;
}

/* ---- of a plan, from an earlier run ---- */

/* The blocks of each cell until its pairs are decided and its figure is precise, at most the design's. */
static size_t *blocks_expect(const struct earlier *earlier, bool sequential)
{
    const struct decide *decide = earlier->decide;
    size_t *blocks = memory_new(decide->cell_count, sizeof(*blocks));
    for (size_t cell = 0; cell < decide->cell_count; cell++)
        blocks[cell] = sequential ? decide->design.first : decide->design.blocks;
    for (size_t i = 0; i < decide->pair_count && sequential; i++) {
        size_t needed = needed_by_pair(decide, &decide->pairs[i]);
        needed_raise(&blocks[decide->pairs[i].a], needed ? needed : decide->design.blocks);
        needed_raise(&blocks[decide->pairs[i].b], needed ? needed : decide->design.blocks);
    }
    for (size_t cell = 0; cell < decide->cell_count && sequential; cell++) {
        size_t needed = needed_by_cell(decide, cell);
        needed_raise(&blocks[cell], needed ? needed : decide->design.blocks);
    }
    return blocks;
}

static double seconds_expect(const struct earlier *earlier, bool sequential)
{
    size_t *blocks = blocks_expect(earlier, sequential);
    double seconds = 0;
    for (size_t cell = 0; cell < earlier->decide->cell_count; cell++)
        seconds += earlier->cell_seconds[cell] * (double)blocks[cell];
    free(blocks);
    return seconds;
}

/* Blocks of all cells that the budget has time for, at most the design's. */
static size_t blocks_affordable(const struct spec *spec, const struct earlier *earlier)
{
    double block = 0;
    for (size_t cell = 0; cell < earlier->decide->cell_count; cell++)
        block += earlier->cell_seconds[cell];
    double blocks = spec->budget_seconds && block > 0 ? (double)spec->budget_seconds / block : INFINITY;
    return blocks < (double)earlier->decide->design.blocks ? (size_t)blocks : earlier->decide->design.blocks;
}

static void time_say(const struct spec *spec, const struct earlier *earlier)
{
    char span[32], budget[32];
    double seconds = seconds_expect(earlier, spec->sequential);
    progress_span((int64_t)(seconds * 1e9), span);
    progress_span((int64_t)spec->budget_seconds * INT64_C(1000000000), budget);
    printf("time: about %s", span);
    if (earlier->known < earlier->cells)
        printf(" for the %zu of %zu cells", earlier->known, earlier->cells);
    if (spec->budget_seconds && seconds > (double)spec->budget_seconds)
        printf(" until all is decided; the budget of %s ends it before", budget);
    message_say("%s %s%s%s", earlier->known < earlier->cells ? " that are in" : ", by", earlier->dir,
                *earlier->machine ? " on machine " : "", earlier->machine);
}

/* The smallest differences that the plan shows, by quartiles of its comparisons. */
static void shown_say(const struct spec *spec, const struct earlier *earlier)
{
    const struct decide *decide = earlier->decide;
    size_t count = 0, blocks = blocks_affordable(spec, earlier);
    double *shown = memory_new(decide->pair_count + 1, sizeof(*shown));
    for (size_t i = 0; i < decide->pair_count; i++) {
        struct needed_noise noise = needed_noise_of(decide, &decide->pairs[i]);
        if (!isnan(noise.deviation))
            shown[count++] = sequential_smallest_shown(&decide->design, noise.deviation, blocks) - 1;
    }
    quantile_sort(shown, count);
    if (count == 0 && decide->pair_count) /* a first block has times, and no noise */
        shown_by_recorded_noise(&decide->design, blocks, blocks);
    else if (count && isfinite(shown[0]))
        printf("shows: after %zu blocks differences of %.1f%% in a quarter of the comparisons, of %.1f%% in "
               "half "
               "of them, of %.1f%% in three quarters\n",
               blocks, 100 * quantile_of_sorted(shown, count, 0.25),
               100 * quantile_of_sorted(shown, count, 0.5), 100 * quantile_of_sorted(shown, count, 0.75));
    else if (count)
        printf("shows: no difference: %zu blocks are too few for a decision\n", blocks);
    free(shown);
}

/* What the plan decides, before any row of it. */
static struct decide *plan_decide(const struct spec *spec, const struct plan *plan)
{
    json_t *manifest = description_plan(spec, plan);
    struct decide *decide = decide_new(manifest);
    json_decref(manifest);
    return decide;
}

/* Says how many pairs of cells are compared, and after how many blocks. */
static void family_say(const struct decide *decide)
{
    printf("compares: %zu pairs of cells, after", decide->pair_count);
    for (size_t i = 0; i < decide->look_count; i++)
        printf("%s %zu", i ? "," : "", decide->looks[i]);
    printf(" blocks\n");
}

/* Says when a plan ends whose time is not known, where it has a budget, and what it can show. */
static void limits_say(const struct spec *spec, const struct decide *decide)
{
    char span[32];
    progress_span((int64_t)spec->budget_seconds * INT64_C(1000000000), span);
    if (spec->budget_seconds)
        printf("budget: it ends after %s at most\n", span);
    if (decide->pair_count)
        shown_by_recorded_noise(&decide->design, decide->design.first, decide->design.blocks);
}

/* Says how long a plan takes, and what it shows, from the run in `dir`. Returns 0 or a status after one line. */
static int earlier_say(const struct spec *spec, const struct plan *plan, const struct decide *decide,
                       const char *dir)
{
    struct earlier earlier;
    int status = earlier_open(spec, plan, dir, &earlier);
    if (status != 0)
        return status;
    if (2 * earlier.known >= earlier.cells) {
        time_say(spec, &earlier);
        shown_say(spec, &earlier);
    } else {
        message_say(
            "time: not known: needs a first block; %s has %zu of the %zu cells, and --estimate-from names "
            "another run",
            dir, earlier.known, earlier.cells);
        limits_say(spec, decide);
    }
    earlier_close(&earlier);
    return 0;
}

int campaign_estimate(const struct spec *spec, const struct plan *plan, const char *dir)
{
    int status = description_same_builds_say(plan);
    if (status != 0)
        return status;
    struct decide *decide = plan_decide(spec, plan);
    family_say(decide);
    if (dir) {
        status = earlier_say(spec, plan, decide, dir);
    } else {
        printf("time: not known: needs a first block, or an earlier run of these cells (--estimate-from)\n");
        limits_say(spec, decide);
    }
    decide_free(decide);
    return status;
}

double campaign_block_seconds(const struct spec *spec, const struct plan *plan, const char *dir)
{
    struct earlier earlier;
    double seconds = 0;
    if (!dir || earlier_open(spec, plan, dir, &earlier) != 0)
        return 0;
    for (size_t i = 0; i < plan->cell_count && 2 * earlier.known >= earlier.cells; i++)
        seconds += earlier.cell_seconds[i];
    earlier_close(&earlier);
    return seconds;
}
