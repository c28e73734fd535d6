/* SPDX-License-Identifier: MIT */
/* The candidates of a hunt: by chance, from what is known to be bad, and from the worst so far. */
#include "harness/stress/hunt-internal.h"
#include "harness/stress/recipe-vary.h"
#include "harness/stress/work.h"
#include "harness/stress/workload-line-vary.h"

enum {
    N_FIRST = 250, /* the least size, which doubles */
    N_DOUBLINGS = 7,
    HALVINGS_MAX = 40,
    ROOM = 16, /* a line that takes less than such a part of what it may is small */
    TRIES = 8, /* for a mate of the same workload */
};

/* ---- parents ---- */

static const struct hunt_candidate *elite_any(struct hunt *hunt, enum hunt_form form)
{
    const struct hunt_met *met = &hunt->met[form];
    return &hunt->cells[met->cells[random_below(&hunt->random, met->count)]];
}

/* The better of two: the worst programs have more children, and no kind has none. */
static const struct hunt_candidate *elite_better(struct hunt *hunt, enum hunt_form form)
{
    const struct hunt_candidate *a = elite_any(hunt, form);
    const struct hunt_candidate *b = elite_any(hunt, form);
    return a->ratio > b->ratio ? a : b;
}

/* One of the same workload, which is the parent itself if no other is met. */
static const struct hunt_candidate *mate_of(struct hunt *hunt, const struct hunt_candidate *parent)
{
    for (int tries = 0; tries < TRIES; tries++) {
        const struct hunt_candidate *mate = elite_any(hunt, HUNT_WORKLOAD);
        if (mate != parent && mate->workload.kind == parent->workload.kind)
            return mate;
    }
    return parent;
}

/* ---- recipes ---- */

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

static struct hunt_candidate recipe_new(struct hunt *hunt)
{
    struct random_state *random = &hunt->random;
    struct hunt_candidate made = {.form = HUNT_RECIPE, .n = size_draw(random)};
    uint64_t drawn = random_below(random, 16);
    if (hunt->met[HUNT_RECIPE].count == 0 || drawn == 0) {
        made.recipe = pattern_any(random);
    } else if (drawn == 1) {
        made.recipe = recipe_random(random);
    } else {
        const struct hunt_candidate *parent = elite_better(hunt, HUNT_RECIPE);
        made.n = parent->n;
        if (drawn < 5)
            made.recipe = recipe_cross(&parent->recipe, &elite_any(hunt, HUNT_RECIPE)->recipe, random);
        else if (drawn < 9)
            made.recipe = recipe_climb(&parent->recipe, random);
        else
            made.recipe = recipe_mutate(&parent->recipe, random);
        if (random_below(random, 6) == 0)
            made.n = size_draw(random);
    }
    return made;
}

/* ---- workload lines ---- */

static struct hunt_candidate line_fresh(struct hunt *hunt)
{
    size_t place = random_below(&hunt->random, hunt->request->workload_count);
    uint32_t halvings = hunt->halvings[place] + (uint32_t)random_below(&hunt->random, 3);
    return (struct hunt_candidate){
        .form = HUNT_WORKLOAD,
        .fresh = true,
        .workload = workload_line_random(&hunt->request->workloads[place],
                                         halvings < HALVINGS_MAX ? halvings : HALVINGS_MAX, &hunt->random)};
}

static struct hunt_candidate line_new(struct hunt *hunt)
{
    uint64_t drawn = random_below(&hunt->random, 8);
    if (hunt->met[HUNT_WORKLOAD].count == 0 || drawn < 2)
        return line_fresh(hunt);
    const struct hunt_candidate *parent = elite_better(hunt, HUNT_WORKLOAD);
    const struct hunt_candidate *mate = drawn == 2 ? mate_of(hunt, parent) : parent;
    struct hunt_candidate made = {.form = HUNT_WORKLOAD};
    if (mate != parent)
        made.workload = workload_line_cross(&parent->workload, &mate->workload, &hunt->random);
    else if (drawn < 6)
        made.workload = workload_line_mutate(&parent->workload, &hunt->random);
    else
        made.workload = workload_line_climb(&parent->workload, &hunt->random);
    return made;
}

void hunt_halvings_learn(struct hunt *hunt, const struct hunt_candidate *candidate)
{
    if (!candidate->fresh)
        return;
    uint32_t *halvings = &hunt->halvings[candidate->workload.kind - hunt->request->workloads];
    bool is_small = candidate->lines[1].operations < HUNT_OPERATIONS_MAX / ROOM;
    if (candidate->drop == HUNT_TOO_LARGE && *halvings < HALVINGS_MAX)
        ++*halvings;
    else if (candidate->drop == HUNT_KEPT && is_small && *halvings > 0)
        --*halvings;
}

/* ---- both ---- */

struct hunt_candidate hunt_candidate_make(struct hunt *hunt, size_t place)
{
    return hunt->request->workload_count && place % HUNT_FORMS == HUNT_WORKLOAD ? line_new(hunt)
                                                                                : recipe_new(hunt);
}
