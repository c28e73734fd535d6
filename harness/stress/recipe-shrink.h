/* SPDX-License-Identifier: MIT */
/* Makes a recipe smaller, while it keeps what makes it worth keeping. */
#ifndef HARNESS_STRESS_RECIPE_SHRINK_H
#define HARNESS_STRESS_RECIPE_SHRINK_H

#include "harness/stress/recipe.h"

/* Whether a smaller recipe is still worth keeping. Returns false too when it is time to end. */
typedef bool (*recipe_keeps)(void *context, const struct recipe *smaller);

/*
 * Leaves out phases, then steps, and halves numbers, over and over, as long as `keeps` agrees. Takes
 * O(steps x log numbers) questions, and a few times as many at worst.
 */
void recipe_shrink(struct recipe *recipe, recipe_keeps keeps, void *context);

#endif
