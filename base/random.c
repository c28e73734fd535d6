/* SPDX-License-Identifier: MIT */
#include "base/random.h"

uint64_t random_splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

void random_seed(struct random_state *state, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        state->words[i] = random_splitmix(&seed);
}
