/* SPDX-License-Identifier: MIT */
#include "harness/stress/hunt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/memory.h"
#include "base/message.h"
#include "harness/stress/recipe-shrink.h"
#include "harness/stress/recipe-vary.h"
#include "harness/stress/same-build.h"
#include "harness/stress/watch.h"
#include "harness/stress/work.h"

enum {
    WAIT_MS = 100,
    N_FIRST = 250, /* the least size, which doubles */
    N_DOUBLINGS = 7,
    LIVE_BINS = 5,
    FAN_IN_BINS = 3,
    CYCLIC_BINS = 3,
    DEPTH_BINS = 3,
    LIFETIME_BINS = 3,
    CELLS = LIVE_BINS * FAN_IN_BINS * CYCLIC_BINS * DEPTH_BINS * LIFETIME_BINS,
    BATCH = 16,              /* candidates that are made from the same archive */
    OPERATIONS_MAX = 300000, /* of a candidate */
    STEPS_MAX = 20000000,    /* of a candidate under the second collector; the first may take more */
    STEPS_WORSE = 25,        /* so many times as many */
};
#define SEARCH_SHARE 0.75 /* of the time; the rest is for shrinking */
#define SHRINK_KEEPS 0.85 /* of the logarithm of the ratio */

const char *const hunt_words[HUNT_WAYS + 1] = {"time", "work", "pause", "memory", "garbage", NULL};

/* What a process costs that does nothing, so that no ratio is one of two trifles. */
static const double floors[HUNT_WAYS] = {
    [HUNT_TIME] = 20000,     [HUNT_WORK] = 20000,      [HUNT_PAUSE] = 5000,
    [HUNT_MEMORY] = 1 << 18, [HUNT_GARBAGE] = 1 << 16,
};

struct hunt {
    const struct hunt_request *request;
    struct hunt_result *result;
    struct random_state random;
    struct watch watch;
    struct hunt_candidate *cells; /* CELLS; a ratio of 0: none of this kind has been met */
    size_t *met;                  /* the cells that are not empty, in the order in which they were met */
    struct child *children;
    hunt_progress progress;
};

/* ---- what a candidate costs ---- */

static double cost(enum hunt_by by, const struct work_line *line)
{
    switch (by) {
    case HUNT_PAUSE:
        return (double)line->pause_steps;
    case HUNT_MEMORY:
        return (double)line->charged_peak;
    case HUNT_GARBAGE:
        return line->samples ? (double)line->held_sum / (double)line->samples : 0;
    case HUNT_TIME:
    case HUNT_WORK:
    case HUNT_WAYS:
        break;
    }
    return (double)line->steps;
}

/* The ratio of a candidate; 0 where its lines cannot be compared: one is missing, the program was cut, or the
 * second collector did not come to its end. */
static double ratio_of(enum hunt_by by, const struct hunt_candidate *candidate)
{
    const struct work_line *a = &candidate->lines[0];
    const struct work_line *b = &candidate->lines[1];
    bool whole =
        a->steps && b->steps && !a->cut && !b->spent && (!a->spent || by == HUNT_WORK || by == HUNT_TIME);
    return whole ? (cost(by, a) + floors[by]) / (cost(by, b) + floors[by]) : 0;
}

static int candidate_start(const struct hunt_request *request, const struct hunt_candidate *candidate,
                           size_t side, struct child *child)
{
    char text[RECIPE_TEXT_BYTES];
    const struct hunt_side *on = &request->sides[side];
    struct work_task task = {.recipe = text,
                             .options = on->options,
                             .most = side == 0 ? STEPS_MAX * STEPS_WORSE : STEPS_MAX,
                             .operations = OPERATIONS_MAX,
                             .sizes = {candidate->n},
                             .size_count = 1};
    recipe_print(&candidate->recipe, text);
    return work_start(on->worker, &task, child);
}

int hunt_side_check(const struct hunt_side *side)
{
    struct work_task task = {.recipe = "leaf",
                             .options = side->options,
                             .most = STEPS_MAX,
                             .operations = OPERATIONS_MAX,
                             .sizes = {1},
                             .size_count = 1};
    struct child child = {0};
    char *path = work_path(side->worker);
    int status = same_build_check("hunt", path);
    free(path);
    if (status == 0)
        status = work_start(side->worker, &task, &child);
    if (status != 0)
        return status;
    work_await(&child);
    const char *said = child.error.text ? child.error.text : "";
    if (!WIFEXITED(child.status) || WEXITSTATUS(child.status) != 0)
        status = message_bad_input("hunt: %.*s", (int)strcspn(said, "\n"), said);
    child_close(&child);
    return status;
}

static void candidate_take(const struct child *child, struct work_line *line)
{
    if (!child->output.text || !work_line_read(child->output.text, line))
        *line = (struct work_line){0};
}

/* Counts candidates, each under both collectors, as many processes at a time as there are jobs. */
static int candidates_count(const struct hunt_request *request, struct child *children,
                            struct hunt_candidate *candidates, size_t count)
{
    size_t tasks = count * HUNT_SIDES, next = 0, done = 0;
    size_t *running = memory_new(request->jobs, sizeof *running);
    int status = 0;
    while (done < tasks && status == 0 && !watch_interrupted()) {
        for (size_t job = 0; job < request->jobs && next < tasks && status == 0; job++) {
            if (children[job].pid)
                continue;
            running[job] = next;
            status =
                candidate_start(request, &candidates[next / HUNT_SIDES], next % HUNT_SIDES, &children[job]);
            next++;
        }
        struct child *child =
            status == 0 ? child_wait(children, request->jobs, WAIT_MS, WORKERS_SILENCE_NS) : NULL;
        if (!child)
            continue;
        size_t task = running[child - children];
        candidate_take(child, &candidates[task / HUNT_SIDES].lines[task % HUNT_SIDES]);
        child_close(child);
        done++;
    }
    for (size_t job = 0; job < request->jobs; job++)
        child_close(&children[job]);
    for (size_t i = 0; i < count; i++)
        candidates[i].ratio = watch_interrupted() ? 0 : ratio_of(request->by, &candidates[i]);
    free(running);
    return status;
}

int hunt_count(const struct hunt_request *request, struct hunt_candidate *candidate)
{
    struct child *children = memory_new(request->jobs, sizeof *children);
    int status = candidates_count(request, children, candidate, 1);
    free(children);
    return status;
}

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
    if (candidate->ratio <= 0)
        return;
    size_t cell = cell_of(&candidate->lines[1]);
    struct hunt_candidate *elite = &hunt->cells[cell];
    if (elite->ratio <= 0)
        hunt->met[hunt->result->cells++] = cell;
    if (candidate->ratio > elite->ratio)
        *elite = *candidate;
    if (candidate->ratio > hunt->result->worst.ratio)
        hunt->result->worst = *candidate;
}

/* ---- candidates ---- */

static const struct hunt_candidate *elite_any(struct hunt *hunt)
{
    return &hunt->cells[hunt->met[random_below(&hunt->random, hunt->result->cells)]];
}

/* The better of two: the worst programs have more children, and no kind has none. */
static const struct hunt_candidate *elite_better(struct hunt *hunt)
{
    const struct hunt_candidate *a = elite_any(hunt);
    const struct hunt_candidate *b = elite_any(hunt);
    return a->ratio > b->ratio ? a : b;
}

static uint32_t size_draw(struct random_state *random)
{
    return (uint32_t)N_FIRST << random_below(random, N_DOUBLINGS);
}

static struct recipe pattern_any(struct random_state *random)
{
    char error[PROGRAM_ERROR_BYTES];
    struct recipe recipe;
    if (recipe_parse(work_patterns[random_below(random, work_pattern_count)].recipe, &recipe, error) < 0)
        return recipe_random(random);
    return recipe;
}

static struct hunt_candidate candidate_new(struct hunt *hunt)
{
    struct random_state *random = &hunt->random;
    struct hunt_candidate made = {.n = size_draw(random)};
    uint64_t drawn = random_below(random, 16);
    if (hunt->result->cells == 0 || drawn == 0) {
        made.recipe = pattern_any(random);
    } else if (drawn == 1) {
        made.recipe = recipe_random(random);
    } else {
        const struct hunt_candidate *parent = elite_better(hunt);
        made.n = parent->n;
        if (drawn < 5)
            made.recipe = recipe_cross(&parent->recipe, &elite_any(hunt)->recipe, random);
        else if (drawn < 9)
            made.recipe = recipe_climb(&parent->recipe, random);
        else
            made.recipe = recipe_mutate(&parent->recipe, random);
        if (random_below(random, 6) == 0)
            made.n = size_draw(random);
    }
    return made;
}

/* ---- the search ---- */

static bool goes_on(const struct hunt *hunt)
{
    const struct hunt_request *request = hunt->request;
    return !watch_interrupted() && (!request->candidates || hunt->result->candidates < request->candidates) &&
           (request->seconds <= 0 || watch_seconds(&hunt->watch) < request->seconds * SEARCH_SHARE);
}

static void show(struct hunt *hunt)
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
            batch[i] = candidate_new(hunt);
        status = candidates_count(hunt->request, hunt->children, batch, BATCH);
        for (size_t i = 0; i < BATCH && status == 0; i++)
            archive_take(hunt, &batch[i]);
        hunt->result->candidates += BATCH;
        show(hunt);
    }
    free(batch);
    return status;
}

/* ---- what is kept ---- */

struct shrinking {
    struct hunt *hunt;
    struct hunt_candidate *candidate;
    double least; /* the ratio that it must keep */
    double until; /* seconds since the beginning */
    int status;
};

static bool smaller_take(struct shrinking *shrinking, const struct hunt_candidate *smaller)
{
    struct hunt_candidate tried = *smaller;
    if (shrinking->status != 0 || watch_interrupted() ||
        watch_seconds(&shrinking->hunt->watch) > shrinking->until)
        return false;
    shrinking->status = candidates_count(shrinking->hunt->request, shrinking->hunt->children, &tried, 1);
    show(shrinking->hunt);
    if (shrinking->status != 0 || tried.ratio < shrinking->least)
        return false;
    *shrinking->candidate = tried;
    return true;
}

static bool recipe_stays(void *context, const struct recipe *smaller)
{
    struct shrinking *shrinking = context;
    struct hunt_candidate tried = *shrinking->candidate;
    tried.recipe = *smaller;
    return smaller_take(shrinking, &tried);
}

/* Shrinks a candidate while most of its ratio stays: its recipe, and then its size. */
static int candidate_shrink(struct hunt *hunt, double until, struct hunt_candidate *candidate)
{
    struct shrinking shrinking = {.hunt = hunt,
                                  .candidate = candidate,
                                  .least = exp(log(candidate->ratio) * SHRINK_KEEPS),
                                  .until = until};
    struct recipe recipe = candidate->recipe;
    struct hunt_candidate smaller;
    recipe_shrink(&recipe, recipe_stays, &shrinking);
    do {
        smaller = *candidate;
        smaller.n /= 2;
    } while (smaller.n > 0 && smaller_take(&shrinking, &smaller));
    return shrinking.status;
}

/* Whether two recipes take the same steps in the same phases, whatever their numbers. */
static bool are_alike(const struct recipe *a, const struct recipe *b)
{
    if (a->phase_count != b->phase_count)
        return false;
    for (uint32_t p = 0; p < a->phase_count; p++) {
        if (a->phases[p].step_count != b->phases[p].step_count)
            return false;
        for (uint32_t i = 0; i < a->phases[p].step_count; i++)
            if (a->phases[p].steps[i].verb != b->phases[p].steps[i].verb)
                return false;
    }
    return true;
}

static void found_add(struct hunt_result *result, const struct hunt_candidate *candidate)
{
    for (size_t i = 0; i < result->found_count; i++) {
        if (!are_alike(&result->found[i].recipe, &candidate->recipe))
            continue;
        if (candidate->ratio > result->found[i].ratio)
            result->found[i] = *candidate;
        return;
    }
    result->found[result->found_count++] = *candidate;
}

static int compare_candidates(const void *a, const void *b)
{
    const struct hunt_candidate *x = a;
    const struct hunt_candidate *y = b;
    return (x->ratio < y->ratio) - (x->ratio > y->ratio);
}

/* Takes the worst candidates of the archive, shrunk, and each another recipe. */
static int found_take(struct hunt *hunt)
{
    struct hunt_result *result = hunt->result;
    struct hunt_candidate *elites = memory_new(result->cells + 1, sizeof *elites);
    int status = 0;
    for (size_t i = 0; i < result->cells; i++)
        elites[i] = hunt->cells[hunt->met[i]];
    qsort(elites, result->cells, sizeof *elites, compare_candidates);
    for (size_t i = 0; i < result->cells && result->found_count < HUNT_FOUND_MAX && status == 0; i++) {
        if (elites[i].ratio < HUNT_RATIO_MIN)
            break;
        double passed = watch_seconds(&hunt->watch);
        double left = hunt->request->seconds > 0 ? hunt->request->seconds - passed : 60;
        double share = left / (double)(HUNT_FOUND_MAX - result->found_count);
        status = candidate_shrink(hunt, passed + share, &elites[i]);
        if (status == 0)
            found_add(result, &elites[i]);
    }
    qsort(result->found, result->found_count, sizeof *result->found, compare_candidates);
    free(elites);
    return status;
}

int hunt_run(const struct hunt_request *request, hunt_progress progress, struct hunt_result *ret_result)
{
    struct hunt hunt = {.request = request,
                        .result = ret_result,
                        .cells = memory_new(CELLS, sizeof *hunt.cells),
                        .met = memory_new(CELLS, sizeof *hunt.met),
                        .children = memory_new(request->jobs, sizeof *hunt.children),
                        .progress = progress};
    *ret_result = (struct hunt_result){0};
    random_seed(&hunt.random, request->seed);
    watch_begin(&hunt.watch);
    int status = search(&hunt);
    if (status == 0)
        status = found_take(&hunt);
    ret_result->interrupted = watch_interrupted();
    ret_result->elapsed = watch_seconds(&hunt.watch);
    watch_end(&hunt.watch);
    free(hunt.cells);
    free(hunt.met);
    free(hunt.children);
    return status;
}
