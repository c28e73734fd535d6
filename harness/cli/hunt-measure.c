/* SPDX-License-Identifier: MIT */
#include "harness/cli/hunt-measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/random.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/campaign/plan/layout.h"
#include "harness/campaign/process/pair-process.h"
#include "harness/campaign/process/progress.h"
#include "harness/cli/scratch.h"

enum { GROUPS_LEAST = 2 }; /* fewer have no interval */

struct measuring {
    const struct hunt_measure_request *request;
    struct layouts layouts;
    struct progress progress;
    struct random_state random;
    bool interrupted;
};

int hunt_measure_open(const char *const collectors[HUNT_SIDES], struct contender ret_contenders[HUNT_SIDES])
{
    int status = scratch_check("hunt");
    if (status == 0)
        status = target_find_unbuilt("hunt", "replay", collectors, HUNT_SIDES);
    for (size_t side = 0; side < HUNT_SIDES && status == 0; side++)
        status = contender_open("hunt", NULL, collectors[side], "glibc", &ret_contenders[side]);
    return status;
}

struct hunt_found hunt_found_open(const struct hunt_candidate *candidate)
{
    struct hunt_found found = {.candidate = *candidate};
    char recipe[RECIPE_TEXT_BYTES];
    recipe_print(&candidate->recipe, recipe);
    found.text = candidate->form == HUNT_WORKLOAD ? workload_line_text(&candidate->workload)
                                                  : text_format("%s", recipe);
    return found;
}

void hunt_found_close(struct hunt_found *found)
{
    for (size_t side = 0; side < HUNT_SIDES; side++)
        contender_close(&found->contenders[side]);
    free(found->text);
    free(found->failed);
    *found = (struct hunt_found){0};
}

/* ---- one process ---- */

static double figure_of(enum hunt_by by, const json_t *record)
{
    const json_t *pauses = json_object_get(record, "pauses");
    double peak = json_number_value(json_object_get(record, "max_rss_bytes")) -
                  json_number_value(json_object_get(record, "baseline_rss_bytes"));
    if (by == HUNT_PAUSE)
        return json_number_value(json_object_get(pauses, "max_ns"));
    if (by == HUNT_MEMORY || by == HUNT_GARBAGE)
        return peak;
    return json_number_value(json_object_get(record, "wall_ns"));
}

/* Runs one process. Returns its figure; NaN where it failed, and then why is in `found`. */
static double process_once(struct measuring *measuring, size_t side, struct layout layout,
                           const char *workload_options, struct hunt_found *found)
{
    bool is_line = found->candidate.form == HUNT_WORKLOAD;
    const struct target *target =
        &(is_line ? found->contenders : measuring->request->contenders)[side].target;
    struct command_request request = {.pair = target->pair,
                                      .workload_options = workload_options,
                                      .collector_options = target->collector_options,
                                      .allocator = &target->allocator,
                                      .seed = 1,
                                      .padding = layout.padding,
                                      .fixed_addresses = layout.fixed_addresses};
    struct pair_process process;
    double figure = NAN;
    progress_show(&measuring->progress, target->collector);
    pair_process_run(&request, 0, &process);
    progress_step(&measuring->progress);
    if (pair_process_succeeded(&process))
        figure = figure_of(measuring->request->by, process.record);
    else if (process.end == SUBPROCESS_INTERRUPTED)
        measuring->interrupted = true;
    else if (!found->failed)
        found->failed = text_format("%s: %s", target->collector,
                                    process.said ? process.said : "the process wrote no record");
    pair_process_free(&process);
    return figure;
}

/* ---- a group of rounds ---- */

/* The two take turns: each round has one process of each, in an order that is drawn. `logs` of a group that is not
 * whole are left as they are. */
static void rounds_run(struct measuring *measuring, struct layout layout, const char *workload_options,
                       struct hunt_found *found, double *logs)
{
    size_t rounds = measuring->request->rounds, done = 0;
    double *ratios = memory_new(rounds, sizeof *ratios);
    for (; done < rounds && !measuring->interrupted && !found->failed; done++) {
        double figures[HUNT_SIDES] = {NAN, NAN};
        size_t first = random_below(&measuring->random, HUNT_SIDES);
        for (size_t turn = 0; turn < HUNT_SIDES; turn++) {
            size_t side = (first + turn) % HUNT_SIDES;
            figures[side] = process_once(measuring, side, layout, workload_options, found);
        }
        ratios[done] = paired_log(figures[0], figures[1]);
    }
    if (!measuring->interrupted && !found->failed)
        memcpy(logs, ratios, rounds * sizeof *logs);
    free(ratios);
}

static int program_save(const struct hunt_candidate *candidate, const struct writing_folder *folder)
{
    struct program program;
    struct writing writing;
    if (recipe_build(&candidate->recipe, candidate->n, RECIPE_OPERATIONS_MAX, &program, NULL) < 0)
        return message_storage("hunt: out of memory");
    int status = writing_begin(folder, "cliff.gcp", &writing);
    if (status == 0) {
        bool whole =
            program_write(&program, writing_stream(&writing)) == 0 || ferror(writing_stream(&writing));
        status = whole ? writing_keep(&writing) : message_storage("hunt: out of memory");
    }
    writing_drop(&writing);
    program_free(&program);
    return status;
}

/* A group of a recipe: its program is in a file of the group's own. */
static int recipe_group_run(struct measuring *measuring, size_t group, struct hunt_found *found, double *logs)
{
    struct writing_folder folder;
    char *scratch;
    int status = scratch_make("hunt", &scratch);
    if (status != 0)
        return status;
    status = writing_folder_open(scratch, &folder);
    if (status == 0)
        status = program_save(&found->candidate, &folder);
    if (status == 0) {
        char *options = text_format("file=%s/cliff.gcp", scratch);
        rounds_run(measuring, layout_make(&measuring->layouts, group), options, found, logs);
        free(options);
    }
    writing_folder_close(&folder);
    writing_folder_remove(scratch);
    free(scratch);
    return status;
}

static int group_run(struct measuring *measuring, size_t group, struct hunt_found *found, double *logs)
{
    if (found->candidate.form != HUNT_WORKLOAD)
        return recipe_group_run(measuring, group, found, logs);
    rounds_run(measuring, layout_make(&measuring->layouts, group),
               found->contenders[0].target.workload_options, found, logs);
    return 0;
}

/* ---- all groups ---- */

/* Finds the pairs that run a workload line. Without them it alone cannot be measured. */
static void pairs_open(const struct hunt_measure_request *request, struct hunt_found *found)
{
    for (size_t side = 0; side < HUNT_SIDES && found->candidate.form == HUNT_WORKLOAD; side++)
        if (contender_open("hunt", found->text, request->collectors[side], "glibc",
                           &found->contenders[side]) != 0) {
            found->failed = text_format("%s: its pair was not found", request->collectors[side]);
            return;
        }
}

static void found_conclude(const struct hunt_measure_request *request, const double *logs,
                           struct hunt_found *found)
{
    struct paired measured = paired_of_medians(logs, request->groups, request->rounds, 0.95);
    if (!found->failed && measured.blocks >= GROUPS_LEAST)
        found->measured = measured;
}

/* Runs the groups, each of all programs. A program has a row of `logs`: groups x rounds, NaN where a group is not
 * whole. */
static int groups_run(struct measuring *measuring, struct hunt_found *found, size_t count, double *logs)
{
    const struct hunt_measure_request *request = measuring->request;
    int status = 0;
    for (size_t group = 0; group < request->groups; group++)
        for (size_t i = 0; i < count && status == 0 && !measuring->interrupted; i++)
            if (!found[i].failed)
                status = group_run(measuring, group, &found[i],
                                   logs + (i * request->groups + group) * request->rounds);
    return status;
}

int hunt_measure(const struct hunt_measure_request *request, struct hunt_found *found, size_t count,
                 bool *ret_interrupted)
{
    struct measuring measuring = {.request = request};
    subprocess_interrupts_hold(); /* what the search has found is shown all the same */
    size_t row = request->groups * request->rounds;
    double *logs = memory_new(count * row + 1, sizeof *logs);
    for (size_t i = 0; i < count * row; i++)
        logs[i] = NAN;
    random_seed(&measuring.random, request->seed);
    layouts_find(request->groups, NULL, 0, "both collectors are measured as they were built",
                 &measuring.layouts);
    progress_start_late(&measuring.progress, count * row * HUNT_SIDES);
    for (size_t i = 0; i < count; i++)
        pairs_open(request, &found[i]);
    int status = groups_run(&measuring, found, count, logs);
    progress_stop(&measuring.progress);
    subprocess_interrupts_release();
    for (size_t i = 0; i < count; i++)
        found_conclude(request, logs + i * row, &found[i]);
    *ret_interrupted = measuring.interrupted || status == MESSAGE_INTERRUPTED;
    layouts_free(&measuring.layouts);
    free(logs);
    return status == MESSAGE_INTERRUPTED ? 0 : status;
}

/* ---- the verdict ---- */

bool hunt_is_measured(const struct hunt_found *found)
{
    return found->measured.blocks > 0;
}

bool hunt_is_cliff(const struct hunt_found *found)
{
    if (hunt_is_measured(found))
        return found->measured.low > HUNT_CONFIRMED_MIN;
    return found->candidate.ratio >= HUNT_RATIO_MIN;
}
