/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "harness/stress/recipe-builder.h"

enum { VARIETY_MAX = 60000 }; /* shapes of their own */

static const struct gc_shape shapes[RECIPE_SHAPES] = {
    [NODE] = {.name = "node", .refs = 2, .payload = 8},
    [LINK] = {.name = "link", .refs = 1, .payload = 8},
    [ARRAY] = {.name = "array", .flags = GC_SHAPE_REFS_VARY, .payload = 8},
    [LEAF] = {.name = "leaf", .flags = GC_SHAPE_ACYCLIC, .payload = 24},
    [TEXT] = {.name = "text", .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_BYTES_VARY},
};

static uint64_t value_of(const struct recipe_number *number, uint64_t n)
{
    uint64_t value = number->scales ? number->times * n / number->part : number->times;
    return value ? value : 1;
}

/* How many shapes of their own the objects of `shape` have. */
static uint32_t variety_of(const struct recipe *recipe, uint64_t n)
{
    uint64_t most = 0;
    for (uint32_t p = 0; p < recipe->phase_count; p++) {
        const struct recipe_phase *phase = &recipe->phases[p];
        for (uint32_t i = 0; i < phase->step_count; i++)
            if (recipe_step_is_varied(&phase->steps[i]))
                most += value_of(&phase->rounds, n) * value_of(&phase->steps[i].amount, n);
    }
    return (uint32_t)(most < VARIETY_MAX ? most : VARIETY_MAX);
}

static void shapes_add(struct recipe_builder *builder)
{
    char name[24];
    for (int i = 0; i < RECIPE_SHAPES; i++)
        builder->failed |= program_add_shape(builder->program, &shapes[i]) < 0;
    for (uint32_t i = 0; i < builder->variety; i++) {
        snprintf(name, sizeof name, "odd-%u", i);
        struct gc_shape odd = {.name = name, .refs = i % 4, .payload = 8 * (i / 4 % 8)};
        builder->failed |= program_add_shape(builder->program, &odd) < 0;
    }
}

static void phase_build(struct recipe_builder *builder, const struct recipe_phase *phase, uint64_t n)
{
    uint64_t rounds = value_of(&phase->rounds, n);
    for (uint64_t round = 0; round < rounds && !builder->failed && recipe_may_try(builder); round++)
        for (uint32_t i = 0; i < phase->step_count; i++)
            recipe_verbs[phase->steps[i].verb].build(builder, value_of(&phase->steps[i].amount, n));
}

int recipe_build(const struct recipe *recipe, uint64_t n, uint64_t most, struct program *ret_program,
                 struct recipe_character *ret_character)
{
    struct recipe_builder builder = {.program = ret_program, .variety = variety_of(recipe, n), .most = most};
    program_init(ret_program);
    ret_program->globals = RECIPE_PLACES;
    shapes_add(&builder);
    if (builder.failed || model_open(&builder.model, ret_program->shapes, ret_program->shape_count,
                                     RECIPE_PLACES, UINT64_MAX) < 0) {
        program_free(ret_program);
        return -1;
    }
    for (uint32_t p = 0; p < recipe->phase_count; p++) {
        builder.character.before_last = builder.character.objects;
        phase_build(&builder, &recipe->phases[p], n);
    }
    model_close(&builder.model);
    if (builder.failed)
        program_free(ret_program);
    if (ret_character)
        *ret_character = builder.character;
    return builder.failed ? -1 : 0;
}
