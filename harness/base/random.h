/* SPDX-License-Identifier: MIT */
/*
 * Random numbers that are the same everywhere: xoshiro256** 1.0 by Blackman and Vigna, seeded through
 * SplitMix64 as its authors advise. Bit-exact on every machine, so that a recorded seed gives back a plan or
 * a bootstrap.
 */
#ifndef HARNESS_BASE_RANDOM_H
#define HARNESS_BASE_RANDOM_H

#include <stdint.h>

struct random_state {
    uint64_t words[4];
};

/* SplitMix64: advances `*state` and returns the next number. */
uint64_t random_splitmix(uint64_t *state);

/* Starts a sequence from a seed; every seed is good, zero included. */
void random_seed(struct random_state *state, uint64_t seed);

/* The next 64 random bits. About 1 ns. */
uint64_t random_next(struct random_state *state);

/*
 * A number in [0, bound), every one equally likely; `bound` must not be 0. Lemire's multiplication with
 * rejection (ACM TOMACS 2019): one multiplication, and hardly ever a division.
 */
uint64_t random_below(struct random_state *state, uint64_t bound);

/* A real in [0, 1), a multiple of 2^-53. */
double random_real(struct random_state *state);

#endif
