/* SPDX-License-Identifier: MIT */
#include "harness/stress/recipe-shrink.h"

#include <string.h>

static struct recipe without_phase(struct recipe recipe, uint32_t phase)
{
    recipe.phase_count--;
    memmove(&recipe.phases[phase], &recipe.phases[phase + 1],
            (recipe.phase_count - phase) * sizeof *recipe.phases);
    return recipe;
}

static struct recipe without_step(struct recipe recipe, uint32_t phase, uint32_t step)
{
    struct recipe_phase *at = &recipe.phases[phase];
    at->step_count--;
    memmove(&at->steps[step], &at->steps[step + 1], (at->step_count - step) * sizeof *at->steps);
    return recipe;
}

/* Takes `smaller` in the place of `recipe` if it is worth keeping. */
static bool take(struct recipe *recipe, const struct recipe *smaller, recipe_keeps keeps, void *context)
{
    if (!keeps(context, smaller))
        return false;
    *recipe = *smaller;
    return true;
}

static bool phases_shrink(struct recipe *recipe, recipe_keeps keeps, void *context)
{
    bool shrunk = false;
    for (uint32_t p = recipe->phase_count; p-- > 0 && recipe->phase_count > 1;) {
        struct recipe smaller = without_phase(*recipe, p);
        shrunk |= take(recipe, &smaller, keeps, context);
    }
    return shrunk;
}

static bool steps_shrink(struct recipe *recipe, recipe_keeps keeps, void *context)
{
    bool shrunk = false;
    for (uint32_t p = 0; p < recipe->phase_count; p++) {
        for (uint32_t i = recipe->phases[p].step_count; i-- > 0 && recipe->phases[p].step_count > 1;) {
            struct recipe smaller = without_step(*recipe, p, i);
            shrunk |= take(recipe, &smaller, keeps, context);
        }
    }
    return shrunk;
}

/* The number at a place of a phase: its rounds, or the amount of a step. */
static struct recipe_number *number_at(struct recipe *recipe, uint32_t phase, uint32_t place)
{
    struct recipe_phase *at = &recipe->phases[phase];
    return place == 0 ? &at->rounds : &at->steps[place - 1].amount;
}

static bool numbers_shrink(struct recipe *recipe, recipe_keeps keeps, void *context)
{
    bool shrunk = false;
    for (uint32_t p = 0; p < recipe->phase_count; p++) {
        for (uint32_t place = 0; place <= recipe->phases[p].step_count; place++) {
            struct recipe smaller = *recipe;
            struct recipe_number *number = number_at(&smaller, p, place);
            if (number->times == 1)
                continue;
            number->times /= 2;
            shrunk |= take(recipe, &smaller, keeps, context);
        }
    }
    return shrunk;
}

void recipe_shrink(struct recipe *recipe, recipe_keeps keeps, void *context)
{
    bool shrunk = true;
    while (shrunk) {
        shrunk = phases_shrink(recipe, keeps, context);
        shrunk |= steps_shrink(recipe, keeps, context);
        shrunk |= numbers_shrink(recipe, keeps, context);
    }
}
