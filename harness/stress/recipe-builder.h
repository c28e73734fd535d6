/* SPDX-License-Identifier: MIT */
/* The inside of recipe_build(): what the steps of recipe-steps.c share with the phases of recipe-build.c. */
#ifndef HARNESS_STRESS_RECIPE_BUILDER_H
#define HARNESS_STRESS_RECIPE_BUILDER_H

#include "harness/stress/recipe.h"
#include "program/model.h"

/* The places of a recipe: the global names. */
enum recipe_place {
    LIST,
    TABLE,
    RING,
    CHAIN,
    HUB,
    SPOKES,
    WIDE,
    CHAINED,
    CURSOR,
    FRESH,
    LAST,
    RECIPE_PLACES
};

/* The first shapes of its program. Behind them are those of `variety`. */
enum recipe_shape { NODE, LINK, ARRAY, LEAF, TEXT, RECIPE_SHAPES };

struct recipe_builder {
    struct program *program;
    struct model model;
    struct recipe_character character;
    uint64_t cell;     /* the next cell of the table */
    uint64_t listed;   /* objects of the living list */
    uint32_t variety;  /* shapes of the program besides those above */
    uint32_t next_odd; /* the next of them */
    uint64_t most;     /* operations of the program */
    uint64_t tried;    /* operations and rounds, those that make no sense among them */
    bool failed;       /* out of memory */
};

/* Steps that make no sense add nothing. So that a recipe of a million of them ends, they are counted, too. */
bool recipe_may_try(struct recipe_builder *builder);

/* Whether each object of a step has a shape of its own. */
bool recipe_step_is_varied(const struct recipe_step *step);

#endif
