/* SPDX-License-Identifier: MIT */
/*
 * Random numbers: xoshiro256** 1.0 by Blackman and Vigna, seeded through SplitMix64 as its authors advise.
 * The sequence is the same to the bit on every machine, so that a recorded seed gives back a plan or a
 * bootstrap.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <assert.h>
#include <stdint.h>

struct random_state {
    uint64_t words[4];
};

static inline uint64_t random_rotate(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

/* SplitMix64: advances `*state` and returns the next number. */
uint64_t random_splitmix(uint64_t *state);

/* Starts a sequence from a seed. Every seed is good, zero included. */
void random_seed(struct random_state *state, uint64_t seed);

/* Returns the next 64 random bits in about 1 ns. The function is inline because workloads draw in their
 * loops. */
static inline uint64_t random_next(struct random_state *state)
{
    uint64_t *s = state->words;
    uint64_t result = random_rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = random_rotate(s[3], 45);
    return result;
}

/* Returns a number in [0, bound), every one equally likely. `bound` must not be 0. The algorithm is Lemire's
 * multiplication with rejection (ACM TOMACS 2019): one multiplication, and hardly ever a division. */
static inline uint64_t random_below(struct random_state *state, uint64_t bound)
{
    assert(bound > 0);
    unsigned __int128 product = (unsigned __int128)random_next(state) * bound;
    if (__builtin_expect((uint64_t)product < bound, 0)) {
        uint64_t threshold = -bound % bound;
        while ((uint64_t)product < threshold)
            product = (unsigned __int128)random_next(state) * bound;
    }
    return (uint64_t)(product >> 64);
}

/* Returns a real in [0, 1), a multiple of 2^-53. */
static inline double random_real(struct random_state *state)
{
    return (double)(random_next(state) >> 11) * 0x1p-53;
}

#endif
