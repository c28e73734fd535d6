/* SPDX-License-Identifier: MIT */
#include "harness/stress/recipe-vary.h"

#include <string.h>

enum { TIMES_MAX = 4096, PART_MAX = 64 };

static bool chance(struct random_state *random, uint64_t in)
{
    return random_below(random, in) == 0;
}

/* Mostly a multiple or a part of n, else a small number. */
static struct recipe_number number_draw(struct random_state *random)
{
    struct recipe_number number = {.times = 1, .part = 1};
    uint64_t drawn = random_below(random, 8);
    number.scales = drawn < 4;
    if (drawn == 2)
        number.times = (uint32_t)(1 + random_below(random, 8));
    else if (drawn == 3)
        number.part = 1u << random_below(random, 7);
    else if (drawn > 4)
        number.times = (uint32_t)(1 + random_below(random, 1u << random_below(random, 10)));
    return number;
}

static struct recipe_step step_draw(struct random_state *random)
{
    uint32_t verb = (uint32_t)random_below(random, recipe_verb_count);
    return (struct recipe_step){.verb = verb, .amount = number_draw(random)};
}

static struct recipe_phase phase_draw(struct random_state *random)
{
    struct recipe_phase phase = {.rounds = number_draw(random)};
    phase.step_count = (uint32_t)(1 + random_below(random, 3));
    for (uint32_t i = 0; i < phase.step_count; i++)
        phase.steps[i] = step_draw(random);
    return phase;
}

struct recipe recipe_random(struct random_state *random)
{
    struct recipe recipe = {.phase_count = (uint32_t)(1 + random_below(random, 4))};
    for (uint32_t p = 0; p < recipe.phase_count; p++)
        recipe.phases[p] = phase_draw(random);
    return recipe;
}

/* ---- changes ---- */

static struct recipe_phase *phase_any(struct recipe *recipe, struct random_state *random)
{
    return &recipe->phases[random_below(random, recipe->phase_count)];
}

static void number_change(struct recipe_number *number, struct random_state *random)
{
    uint32_t factor = 2u << random_below(random, 2);
    if (chance(random, 2)) {
        if (number->scales && number->part > 1)
            number->part = number->part / factor ? number->part / factor : 1;
        else if (number->times * factor <= TIMES_MAX)
            number->times *= factor;
    } else if (number->times > 1) {
        number->times = number->times / factor ? number->times / factor : 1;
    } else if (number->scales && number->part * factor <= PART_MAX) {
        number->part *= factor;
    }
}

struct recipe recipe_climb(const struct recipe *recipe, struct random_state *random)
{
    struct recipe changed = *recipe;
    struct recipe_phase *phase = phase_any(&changed, random);
    uint64_t place = random_below(random, phase->step_count + 1);
    number_change(place == 0 ? &phase->rounds : &phase->steps[place - 1].amount, random);
    return changed;
}

static void step_add(struct recipe_phase *phase, struct random_state *random)
{
    if (phase->step_count == RECIPE_STEPS_MAX)
        return;
    uint64_t place = random_below(random, phase->step_count + 1);
    memmove(&phase->steps[place + 1], &phase->steps[place],
            (phase->step_count - place) * sizeof *phase->steps);
    phase->steps[place] = step_draw(random);
    phase->step_count++;
}

static void step_drop(struct recipe_phase *phase, struct random_state *random)
{
    if (phase->step_count == 1)
        return;
    uint64_t place = random_below(random, phase->step_count);
    phase->step_count--;
    memmove(&phase->steps[place], &phase->steps[place + 1],
            (phase->step_count - place) * sizeof *phase->steps);
}

static void phase_add(struct recipe *recipe, struct random_state *random)
{
    if (recipe->phase_count == RECIPE_PHASES_MAX)
        return;
    uint64_t place = random_below(random, recipe->phase_count + 1);
    memmove(&recipe->phases[place + 1], &recipe->phases[place],
            (recipe->phase_count - place) * sizeof *recipe->phases);
    recipe->phases[place] = phase_draw(random);
    recipe->phase_count++;
}

static void phase_drop(struct recipe *recipe, struct random_state *random)
{
    if (recipe->phase_count == 1)
        return;
    uint64_t place = random_below(random, recipe->phase_count);
    recipe->phase_count--;
    memmove(&recipe->phases[place], &recipe->phases[place + 1],
            (recipe->phase_count - place) * sizeof *recipe->phases);
}

static void phases_swap(struct recipe *recipe, struct random_state *random)
{
    struct recipe_phase *a = phase_any(recipe, random);
    struct recipe_phase *b = phase_any(recipe, random);
    struct recipe_phase kept = *a;
    *a = *b;
    *b = kept;
}

static void change(struct recipe *recipe, struct random_state *random)
{
    struct recipe_phase *phase = phase_any(recipe, random);
    switch (random_below(random, 9)) {
    case 0:
        phase->steps[random_below(random, phase->step_count)] = step_draw(random);
        break;
    case 1:
    case 2:
        step_add(phase, random);
        break;
    case 3:
        step_drop(phase, random);
        break;
    case 4:
        phase_add(recipe, random);
        break;
    case 5:
        phase_drop(recipe, random);
        break;
    case 6:
        phases_swap(recipe, random);
        break;
    case 7:
        phase->rounds = number_draw(random);
        break;
    default:
        *recipe = recipe_climb(recipe, random);
    }
}

struct recipe recipe_mutate(const struct recipe *recipe, struct random_state *random)
{
    struct recipe changed = *recipe;
    for (uint64_t changes = 1 + random_below(random, 3); changes > 0; changes--)
        change(&changed, random);
    return changed;
}

struct recipe recipe_cross(const struct recipe *a, const struct recipe *b, struct random_state *random)
{
    struct recipe crossed = {0};
    uint64_t first = 1 + random_below(random, a->phase_count);
    for (uint64_t p = 0; p < first; p++)
        crossed.phases[crossed.phase_count++] = a->phases[p];
    for (uint64_t p = random_below(random, b->phase_count);
         p < b->phase_count && crossed.phase_count < RECIPE_PHASES_MAX; p++)
        crossed.phases[crossed.phase_count++] = b->phases[p];
    return crossed;
}
