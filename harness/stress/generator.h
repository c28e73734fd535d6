/* SPDX-License-Identifier: MIT */
/*
 * Generates programs that are valid by the model, biased towards what broke real collectors. Collector bugs
 * cluster around structure, so most operations belong to a pattern. Patterns are rings, chains that hang off
 * them, hubs, frames that drop much at once, and objects that die while they are possible roots. The list is
 * in patterns.c.
 */
#ifndef HARNESS_STRESS_GENERATOR_H
#define HARNESS_STRESS_GENERATOR_H

#include "harness/stress/coverage.h"
#include "harness/stress/dials.h"
#include "program/program.h"

/* Makes the program of `seed`, `dials` and `boundaries`, the same on every machine. `boundaries` may be NULL: then no
 * size is drawn at one. `coverage` may be NULL, or notes which of its boundaries the program reaches. The caller frees
 * the program with program_free(). Returns 0, or -1 without memory. O(operations), about 100 ns each. */
int generator_make(uint64_t seed, const struct dials *dials, const struct boundaries *boundaries,
                   struct coverage *coverage, struct program *ret_program);

/* Returns the dials of program `seed` under `conditions`: `dials` themselves, or under swarm those that the
 * seed draws. */
struct dials generator_dials(uint64_t seed, const struct dials *dials, const struct conditions *conditions);

#endif
