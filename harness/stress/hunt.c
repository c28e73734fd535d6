/* SPDX-License-Identifier: MIT */
#include "harness/stress/hunt.h"

#include <stdlib.h>

#include "base/memory.h"
#include "harness/stress/hunt-internal.h"

enum {
    LIVE_BINS = 5,
    FAN_IN_BINS = 3,
    CYCLIC_BINS = 3,
    DEPTH_BINS = 3,
    LIFETIME_BINS = 3,
    CELLS = LIVE_BINS * FAN_IN_BINS * CYCLIC_BINS * DEPTH_BINS * LIFETIME_BINS, /* of each form */
    BATCH = 16,         /* candidates that are made from the same archive */
    HALVINGS_FIRST = 6, /* of the large numbers of a workload's first line */
};
#define SEARCH_SHARE 0.75 /* of the time; the rest is for shrinking */

const char *const hunt_words[HUNT_WAYS + 1] = {"time", "work", "pause", "memory", "garbage", NULL};

/* ---- the archive ---- */

static size_t bin(double value, const double *bounds, size_t bins)
{
    size_t at = 0;
    while (at + 1 < bins && value >= bounds[at])
        at++;
    return at;
}

static size_t cell_of(const struct work_line *line)
{
    static const double live[] = {300, 3000, 30000, 300000};
    static const double references[] = {16, 1000};
    static const double share[] = {0.01, 0.5};
    static const double length[] = {16, 1000};
    static const double lifetime[] = {0.1, 0.6};
    double objects = line->objects ? (double)line->objects : 1;
    size_t cell = bin((double)line->live, live, LIVE_BINS);
    cell = cell * FAN_IN_BINS + bin((double)line->fan_in, references, FAN_IN_BINS);
    cell = cell * CYCLIC_BINS + bin((double)line->on_rings / objects, share, CYCLIC_BINS);
    cell = cell * DEPTH_BINS + bin((double)line->depth, length, DEPTH_BINS);
    return cell * LIFETIME_BINS + bin((double)line->live / objects, lifetime, LIFETIME_BINS);
}

static void archive_take(struct hunt *hunt, const struct hunt_candidate *candidate)
{
    hunt->result->dropped[candidate->drop]++;
    hunt_halvings_learn(hunt, candidate);
    if (candidate->ratio <= 0)
        return;
    struct hunt_met *met = &hunt->met[candidate->form];
    size_t cell = (size_t)candidate->form * CELLS + cell_of(&candidate->lines[1]);
    struct hunt_candidate *elite = &hunt->cells[cell];
    if (elite->ratio <= 0) {
        met->cells[met->count++] = cell;
        hunt->result->cells++;
    }
    if (candidate->ratio > elite->ratio)
        *elite = *candidate;
    if (candidate->ratio > hunt->result->worst.ratio)
        hunt->result->worst = *candidate;
}

/* ---- the search ---- */

static bool goes_on(const struct hunt *hunt)
{
    const struct hunt_request *request = hunt->request;
    return !watch_interrupted() && (!request->candidates || hunt->result->candidates < request->candidates) &&
           (request->seconds <= 0 || watch_seconds(&hunt->watch) < request->seconds * SEARCH_SHARE);
}

void hunt_show(struct hunt *hunt)
{
    hunt->result->elapsed = watch_seconds(&hunt->watch);
    if (hunt->progress)
        hunt->progress(hunt->request, hunt->result);
}

static int search(struct hunt *hunt)
{
    struct hunt_candidate *batch = memory_new(BATCH, sizeof *batch);
    int status = 0;
    while (status == 0 && goes_on(hunt)) {
        for (size_t i = 0; i < BATCH; i++)
            batch[i] = hunt_candidate_make(hunt, i);
        status = hunt_candidates_count(&hunt->counting, batch, BATCH);
        for (size_t i = 0; i < BATCH && status == 0 && !watch_interrupted(); i++)
            archive_take(hunt, &batch[i]);
        hunt->result->candidates += BATCH;
        hunt_show(hunt);
    }
    free(batch);
    return status;
}

static struct hunt hunt_open(const struct hunt_request *request, hunt_progress progress,
                             struct hunt_result *result)
{
    struct hunt hunt = {.request = request,
                        .result = result,
                        .cells = memory_new(HUNT_FORMS * CELLS, sizeof *hunt.cells),
                        .halvings = memory_new(request->workload_count, sizeof *hunt.halvings),
                        .counting = hunt_counting_open(request),
                        .progress = progress};
    for (size_t form = 0; form < HUNT_FORMS; form++)
        hunt.met[form].cells = memory_new(CELLS, sizeof *hunt.met[form].cells);
    for (size_t i = 0; i < request->workload_count; i++)
        hunt.halvings[i] = HALVINGS_FIRST;
    return hunt;
}

static void hunt_close(struct hunt *hunt)
{
    hunt_counting_close(&hunt->counting);
    for (size_t form = 0; form < HUNT_FORMS; form++)
        free(hunt->met[form].cells);
    free(hunt->halvings);
    free(hunt->cells);
}

int hunt_run(const struct hunt_request *request, hunt_progress progress, struct hunt_result *ret_result)
{
    *ret_result = (struct hunt_result){0};
    struct hunt hunt = hunt_open(request, progress, ret_result);
    random_seed(&hunt.random, request->seed);
    watch_begin(&hunt.watch);
    int status = search(&hunt);
    if (status == 0)
        status = hunt_keep(&hunt);
    ret_result->interrupted = watch_interrupted();
    ret_result->elapsed = watch_seconds(&hunt.watch);
    struct watch watch = hunt.watch;
    hunt_close(&hunt); /* its folder is gone before a signal may end this process */
    watch_end(&watch);
    return status;
}
