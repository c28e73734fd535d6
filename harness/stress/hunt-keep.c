/* SPDX-License-Identifier: MIT */
/* What a hunt keeps: the worst of the archive, made small. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/stress/hunt-internal.h"
#include "harness/stress/recipe-shrink.h"
#include "harness/stress/workload-line-shrink.h"

#define SHRINK_KEEPS 0.85    /* of the logarithm of the ratio */
#define SHRINK_QUESTIONS 400 /* for all together, where the search has no limit of time */

/* ---- shrinking ---- */

struct shrinking {
    struct hunt *hunt;
    struct hunt_candidate *candidate;
    double least;       /* the ratio that it must keep */
    double until;       /* seconds since the beginning; infinite where the questions are counted */
    uint64_t questions; /* that may still be asked */
    int status;
};

static bool smaller_take(struct shrinking *shrinking, const struct hunt_candidate *smaller)
{
    struct hunt_candidate tried = *smaller;
    if (shrinking->status != 0 || watch_interrupted() || shrinking->questions == 0 ||
        watch_seconds(&shrinking->hunt->watch) > shrinking->until)
        return false;
    shrinking->questions--;
    shrinking->status = hunt_candidates_count(&shrinking->hunt->counting, &tried, 1);
    hunt_show(shrinking->hunt);
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

static bool line_stays(void *context, const struct workload_line *smaller)
{
    struct shrinking *shrinking = context;
    struct hunt_candidate tried = *shrinking->candidate;
    tried.workload = *smaller;
    return smaller_take(shrinking, &tried);
}

static void size_shrink(struct shrinking *shrinking)
{
    struct hunt_candidate smaller;
    do {
        smaller = *shrinking->candidate;
        smaller.n /= 2;
    } while (smaller.n > 0 && smaller_take(shrinking, &smaller));
}

/* Shrinks a candidate while most of its ratio stays: its recipe, and then its size; or its workload line. Of the time or
 * the questions that are left, it may take its part: one in `parts`. Without a limit of time no clock is read, so that
 * equal seeds shrink alike. */
static int candidate_shrink(struct hunt *hunt, size_t parts, uint64_t *questions,
                            struct hunt_candidate *candidate)
{
    double seconds = hunt->request->seconds, passed = watch_seconds(&hunt->watch);
    bool is_timed = seconds > 0;
    uint64_t share = is_timed ? UINT64_MAX : *questions / parts;
    struct shrinking shrinking = {.hunt = hunt,
                                  .candidate = candidate,
                                  .least = exp(log(candidate->ratio) * SHRINK_KEEPS),
                                  .until = is_timed ? passed + (seconds - passed) / (double)parts : INFINITY,
                                  .questions = share};
    struct recipe recipe = candidate->recipe;
    struct workload_line line = candidate->workload;
    if (candidate->form == HUNT_WORKLOAD) {
        workload_line_shrink(&line, line_stays, &shrinking);
    } else {
        recipe_shrink(&recipe, recipe_stays, &shrinking);
        size_shrink(&shrinking);
    }
    *questions -= is_timed ? 0 : share - shrinking.questions;
    return shrinking.status;
}

/* ---- what is found ---- */

/* Whether two recipes take the same steps in the same phases, whatever their numbers. */
static bool recipes_are_alike(const struct recipe *a, const struct recipe *b)
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

static bool are_alike(const struct hunt_candidate *a, const struct hunt_candidate *b)
{
    if (a->form != b->form)
        return false;
    return a->form == HUNT_WORKLOAD ? workload_lines_are_alike(&a->workload, &b->workload)
                                    : recipes_are_alike(&a->recipe, &b->recipe);
}

/* Adds a candidate, or takes it in the place of one that is alike and not as bad. */
static void found_add(struct hunt_result *result, const struct hunt_candidate *candidate)
{
    for (size_t i = 0; i < result->found_count; i++) {
        if (!are_alike(&result->found[i], candidate))
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

/* The cliffs of one form in the archive, the worst first. */
struct elites {
    struct hunt_candidate *items;
    size_t count, next;
};

static struct elites elites_sort(const struct hunt *hunt, enum hunt_form form)
{
    const struct hunt_met *met = &hunt->met[form];
    struct elites elites = {.items = memory_new(met->count, sizeof *elites.items)};
    for (size_t i = 0; i < met->count; i++)
        if (hunt->cells[met->cells[i]].ratio >= HUNT_RATIO_MIN)
            elites.items[elites.count++] = hunt->cells[met->cells[i]];
    qsort(elites.items, elites.count, sizeof *elites.items, compare_candidates);
    return elites;
}

/* The form that is next: the one of which fewer were tried, of those that have any left. NULL: none has. */
static struct elites *elites_next(struct elites elites[HUNT_FORMS])
{
    struct elites *chosen = NULL;
    for (size_t form = 0; form < HUNT_FORMS; form++)
        if (elites[form].next < elites[form].count && (!chosen || elites[form].next < chosen->next))
            chosen = &elites[form];
    return chosen;
}

int hunt_keep(struct hunt *hunt)
{
    struct hunt_result *result = hunt->result;
    struct elites elites[HUNT_FORMS], *from;
    uint64_t questions = SHRINK_QUESTIONS;
    int status = 0;
    for (size_t form = 0; form < HUNT_FORMS; form++)
        elites[form] = elites_sort(hunt, (enum hunt_form)form);
    while (status == 0 && result->found_count < HUNT_FOUND_MAX && (from = elites_next(elites))) {
        struct hunt_candidate *candidate = &from->items[from->next++];
        status = candidate_shrink(hunt, HUNT_FOUND_MAX - result->found_count, &questions, candidate);
        if (status == 0)
            found_add(result, candidate);
    }
    qsort(result->found, result->found_count, sizeof *result->found, compare_candidates);
    for (size_t form = 0; form < HUNT_FORMS; form++)
        free(elites[form].items);
    return status;
}
