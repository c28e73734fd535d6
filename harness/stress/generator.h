/* SPDX-License-Identifier: MIT */
/*
 * Programs out of nothing: valid by the model, biased towards what broke real collectors (collector bugs
 * cluster around structure, so most operations belong to a pattern: rings, chains that hang off them, hubs,
 * frames that drop much at once, objects that die while they are possible roots; the list is in patterns.c).
 */
#ifndef HARNESS_STRESS_GENERATOR_H
#define HARNESS_STRESS_GENERATOR_H

#include "harness/stress/dials.h"
#include "program/program.h"

/*
 * Makes the program of `seed` and `dials`, to be freed with program_free(). The same for the same two, on
 * every machine. Returns 0, or -1 without memory. O(operations), about 100 ns each.
 */
int generator_make(uint64_t seed, const struct dials *dials, struct program *ret_program);

/* Which dials program `seed` has under `setting`: `dials` themselves, or under swarm what the seed draws. */
struct dials generator_dials(uint64_t seed, const struct dials *dials, const struct setting *setting);

#endif
