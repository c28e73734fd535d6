/* SPDX-License-Identifier: MIT */
/*
 * The ratio of two cells that ran in the same blocks: exp of the mean of d_b = ln(a_b / b_b), over the blocks
 * in which both have a value, with Student's interval of that mean. What slows a whole block down is on both
 * sides of d, so it cancels.
 */
#ifndef HARNESS_STATISTICS_PAIRED_H
#define HARNESS_STATISTICS_PAIRED_H

#include <stddef.h>

#include "harness/statistics/prior.h"

struct paired {
    double ratio;     /* a / b; NaN without a common block */
    double low, high; /* NaN with fewer than two common blocks */
    double deviation; /* standard deviation of d; NaN with fewer than two common blocks */
    size_t blocks;    /* common ones */
};

/*
 * Compares two cells. A value that is NaN, or not above 0, is missing. The interval has the chance `level`
 * (0.95) to hold the true ratio, where d is normal. O(blocks).
 */
struct paired paired_compare(const double *a, const double *b, size_t blocks, double level);

/* Returns the pair with the interval that other comparisons' scatter gives it (prior.h). O(1). */
struct paired paired_moderate(struct paired pair, const struct prior *prior, double level);

/*
 * The same of the mean of several groups' means: a row of `blocks` values d for each group, NaN where there is
 * none. The groups are workloads, so the ratio is a geometric mean over them. The interval comes from the
 * blocks: what a block does to several groups at once is in it. `blocks` of the result are those of the
 * largest group. NaN where a group has no value; no interval where one has a single one. O(groups x blocks).
 */
struct paired paired_of_groups(const double *logs, size_t groups, size_t blocks, double level);

/*
 * The ratio of two cells that ran by turns in several groups of rounds: of the groups' medians of d the mean, with
 * Student's interval over the groups. What all rounds of a group share, such as a layout, is no scatter of its rounds;
 * it is in the interval because the groups differ by it. `logs` has a row of `rounds` values d for each group, NaN
 * where there is none. A group without a value is left out. `blocks` of the result are the groups. No interval with
 * fewer than two. O(groups x rounds x log rounds).
 */
struct paired paired_of_medians(const double *logs, size_t groups, size_t rounds, double level);

/*
 * Compares the means of two cells, whose values may be of any sign: differences of times. The ratio is mean a
 * over mean b, over the blocks in which both are numbers, with Fieller's interval (Journal of the Royal
 * Statistical Society B 1954). NaN where mean b is not above 0; no interval where it is not shown to be, at
 * this level: then no ratio is excluded. `deviation` is that of a - ratio b, over mean b. O(blocks).
 */
struct paired paired_of_means(const double *a, const double *b, size_t blocks, double level);

/* Returns ln(a / b); NaN where either is missing. */
double paired_log(double a, double b);

#endif
