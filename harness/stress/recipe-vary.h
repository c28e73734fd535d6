/* SPDX-License-Identifier: MIT */
/* Makes recipes from chance and from other recipes, for a search. Equal states of `random` give equal recipes. */
#ifndef HARNESS_STRESS_RECIPE_VARY_H
#define HARNESS_STRESS_RECIPE_VARY_H

#include "base/random.h"
#include "harness/stress/recipe.h"

/* A recipe of a few phases, drawn at random. */
struct recipe recipe_random(struct random_state *random);

/* Changes one to three things: a number, a step, a phase, or the order of phases. */
struct recipe recipe_mutate(const struct recipe *recipe, struct random_state *random);

/* Changes one number by a factor from 1/4 to 4: a step of a climb. */
struct recipe recipe_climb(const struct recipe *recipe, struct random_state *random);

/* The first phases of one recipe, and the last ones of another. */
struct recipe recipe_cross(const struct recipe *a, const struct recipe *b, struct random_state *random);

#endif
