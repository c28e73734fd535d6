/* SPDX-License-Identifier: MIT */
#include "harness/campaign/quiet.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/machine/reference-run.h"
#include "harness/campaign/process/progress.h"
#include "harness/results/attempts.h"
#include "harness/results/json-text.h"

/* Says a sentence, and adds it to the warnings unless an earlier session has. Takes the text. */
static void warning_add(json_t *manifest, char *words)
{
    json_t *warnings = json_object_get(manifest, "warnings"), *known;
    size_t index;
    bool there = false;
    json_array_foreach(warnings, index, known)
        there |= strcmp(json_string_value(known), words) == 0;
    if (!there)
        json_array_append_new(warnings, json_text(words));
    message_note("%s", words);
    free(words);
}

static void manifest_fill(const struct quiet *quiet, json_t *manifest, json_t *session)
{
    size_t index;
    json_t *words, *described = processors_describe(&quiet->processors),
                   *warnings = processors_warnings(&quiet->processors);
    json_object_update(session, described);
    json_array_foreach(warnings, index, words)
        warning_add(manifest, text_format("%s", json_string_value(words)));
    json_object_set_new(manifest, "attempts", attempts_describe());
    json_t *reference = reference_program_describe(quiet->program);
    json_object_set_new(manifest, "reference", reference ? reference : json_null());
    json_decref(described);
    json_decref(warnings);
}

int quiet_find(struct quiet *quiet)
{
    *quiet = QUIET_NONE;
    quiet->program = reference_program_find();
    return quiet->program ? 0 : MESSAGE_BAD_INPUT;
}

int quiet_begin(struct quiet *quiet, const struct writing_folder *run, json_t *manifest, json_t *session)
{
    int status = reference_open(run, &quiet->journal);
    if (status != 0)
        return status;
    processors_keep("", &quiet->processors);
    manifest_fill(quiet, manifest, session);
    return 0;
}

/* Runs the program and keeps its row. */
static int reference_run(struct quiet *quiet, int64_t block)
{
    struct reference_row row = {0};
    char *reason;
    int status =
        reference_program_run(quiet->program, processors_measured(&quiet->processors), &row, &reason);
    if (status == MESSAGE_INTERRUPTED)
        return status;
    if (status != 0) {
        message_note("%s; the run goes on without it", reason);
        free(reason);
        free(quiet->program);
        quiet->program = NULL;
        return 0;
    }
    row.block = block;
    quiet->block = block;
    quiet->ran_ns = progress_clock();
    return reference_append(&quiet->journal, &row);
}

int quiet_reference(struct quiet *quiet, int64_t block)
{
    bool due = quiet->block != block || progress_clock() - quiet->ran_ns >= REFERENCE_INTERVAL_NS;
    return quiet->program && due ? reference_run(quiet, block) : 0;
}

int quiet_reference_last(struct quiet *quiet)
{
    return quiet->program && quiet->block >= 0 ? reference_run(quiet, quiet->block) : 0;
}

void quiet_row(const struct quiet *quiet, struct store_row *row)
{
    if (row->processor == STORE_MISSING && quiet->processors.kept)
        row->processor = quiet->processors.measured;
}

void quiet_end(struct quiet *quiet)
{
    processors_release(&quiet->processors);
    journal_close(&quiet->journal);
    free(quiet->program);
    quiet->program = NULL;
}

/* ---- what a finished run shows ---- */

static void blocks_warn(const char *dir, json_t *manifest)
{
    struct reference reference;
    size_t blocks = (size_t)json_integer_value(json_object_get(manifest, "blocks")), differing = 0, size;
    if (reference_read(dir, &reference) != 1)
        return;
    double *times = memory_new(blocks, sizeof(*times));
    reference_block_times(&reference, blocks, times);
    double whole = reference_run_time(times, blocks);
    char *list;
    FILE *words = memory_stream(&list, &size);
    for (size_t block = 0; block < blocks; block++)
        if (reference_differs(times[block], whole))
            fprintf(words, "%s%zu (%+.1f%%)", differing++ ? ", " : "", block,
                    100 * (times[block] / whole - 1));
    memory_stream_close(words);
    if (differing)
        warning_add(
            manifest,
            text_format("the machine was not the same in each block: the reference program's time differs "
                        "from its median by more than %.0f%% in block%s %s",
                        100 * REFERENCE_DIFFERS, differing > 1 ? "s" : "", list));
    free(list);
    free(times);
    reference_free(&reference);
}

void quiet_conclude(const char *dir, json_t *manifest, const struct store_row *rows, size_t count)
{
    bool *counts = memory_new(count, sizeof(*counts));
    size_t disturbed = 0;
    attempts_choose(rows, count, counts);
    for (size_t i = 0; i < count; i++)
        disturbed += counts[i] && attempts_disturbed(&rows[i]) && !attempts_unmeasured(&rows[i]);
    free(counts);
    if (disturbed)
        warning_add(manifest,
                    text_format("%zu process%s lost more than %.0f%% of the time to others in every attempt, "
                                "of up to %d; the attempt that lost least counts",
                                disturbed, disturbed > 1 ? "es" : "", 100 * ATTEMPTS_LOST_MOST,
                                STORE_ATTEMPTS));
    blocks_warn(dir, manifest);
}
