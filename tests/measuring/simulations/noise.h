/* SPDX-License-Identifier: MIT */
/*
 * Draws campaigns whose truth is known: the times of cells in blocks, with the noise of a kind.
 *
 * A campaign runs its cells in blocks, each in an order of its own. A time is the cell's truth, times the
 * factor of its block, times the factor of the moment at which it ran, times the factor of its process.
 */
#ifndef TESTS_MEASURING_SIMULATIONS_NOISE_H
#define TESTS_MEASURING_SIMULATIONS_NOISE_H

#include <stddef.h>

#include "base/random.h"

enum noise {
    NOISE_NORMAL,  /* normal, 3% */
    NOISE_UNEQUAL, /* normal, each cell with a scatter of its own: 3%, log-normal with a deviation of ln 2 */
    NOISE_QUIET,   /* recorded on a quiet machine (harness/statistics/noise-recorded.h): about 2% */
    NOISE_BUSY,    /* recorded while others used the machine (noise-busy.h): about 15% */
    NOISE_DRIFT,   /* quiet, and the machine gets slower by 10% in the course of the run */
    NOISE_SHOCKS,  /* quiet, and in one block of five the processes of a part of it take half as long again */
    NOISE_TAILS,   /* Student's t with three degrees of freedom, times 2% */
    NOISE_SKEWED,  /* normal, 1%, and one process in ten takes 20% longer */
    NOISE_STEPS,   /* nothing but a step: half of the processes take 5% longer, the others are alike */
    NOISE_KINDS
};

/* What each kind is called in the tables. */
extern const char *const noise_names[NOISE_KINDS];

/*
 * Draws the times of `cells` cells in `blocks` blocks: a row for each cell. Truths are the cells' expected
 * logarithms. Noise has no effect on the expected difference of two cells, except that of NOISE_DRIFT, which
 * is the same for all.
 */
void noise_fill(enum noise kind, const double *truths, size_t cells, size_t blocks,
                struct random_state *random, double *ret_values);

double noise_normal(struct random_state *random);

#endif
