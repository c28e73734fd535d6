/* SPDX-License-Identifier: MIT */
/*
 * Compares one cell of two separate runs.
 *
 * Two runs of the same binaries differ by more than their scatter: heat, neighbours, where pages lay. So the
 * mean of ln(value) of a cell in a run is
 *
 *      truth + offset of the run + mean of the scatter of the blocks
 *
 * and the offset has a standard deviation, `between`. Two runs cannot tell it from a difference, and no
 * number of blocks averages it away: it is stated, not estimated. Whether all cells of a run share the
 * offset, or each has its own, makes no difference to one comparison. If they share it, wrong calls come
 * together, which Holm's correction allows for. The difference of two runs has the variance
 *
 *      2 between^2 + s_a^2 / n_a + s_b^2 / n_b
 *
 * and the degrees of freedom that Welch (Biometrika 1947) and Satterthwaite (Biometrics Bulletin 1946) give
 * it, in which `between` counts as known.
 */
#ifndef HARNESS_STATISTICS_TWO_RUNS_H
#define HARNESS_STATISTICS_TWO_RUNS_H

#include <stdbool.h>
#include <stddef.h>

struct two_runs_design {
    double between; /* standard deviation of a run's offset, of ln(value): 0.01 for 1% */
    double alpha;   /* the chance of any wrong call in the family: 0.05 */
    double minimum; /* the smallest difference of interest, as a ratio less 1 */
    size_t family;  /* cells compared */
    bool exact; /* the metric is a count that cannot vary (instructions): one value on each side will do */
};

static const double TWO_RUNS_BETWEEN = 0.01;

/* What one run says of a cell, by its values that are numbers. */
struct two_runs_side {
    size_t count, zeros;
    double mean, variance; /* of ln(value), of those above 0; the variance is 0 where `constant` */
    double first;
    bool constant; /* all are the same */
};

struct two_runs {
    size_t count_a, count_b; /* values that are numbers */
    double ratio;     /* b / a, of geometric means; infinite where only a is 0; NaN without an answer */
    double low, high; /* its 95% interval, without correction for the family */
    double p;         /* two-sided, without correction; NaN with too few values */
    double error;     /* standard error of ln(ratio), `between` included */
    double freedom;   /* its degrees of freedom */
    double variance_a, variance_b; /* of ln(value), of one process */
    double smallest;               /* the least ratio above 1 that such values would be called for, all of the
                                    * family corrected for: infinite with too few values */
    bool exact;                    /* neither side varies: p is 0 or 1, the interval is a point */
};

/*
 * Divides each value by the time of the reference program in its block. NaN where either is missing.
 * O(blocks).
 */
void two_runs_normalise(double *values, const double *reference, size_t blocks);

/* Sums up the values of a cell in one run; those that are NaN are left out. O(count). */
struct two_runs_side two_runs_side_of(const double *values, size_t count);

/*
 * Compares the values of a cell in run A with those in run B. Values are 0 or more; those that are NaN are
 * left out. Where neither side varies, of two values or more each, the comparison is exact: counts and bytes
 * often do not. Then two different values have p = 0. Where one side is 0 throughout and the other never, it
 * is exact as well. Where zeros are mixed with others, p is that of the rank-sum test, and there is no ratio.
 * O(n), with zeros as significance_rank_sum().
 */
struct two_runs two_runs_compare(const struct two_runs_design *design, const double *a, size_t count_a,
                                 const double *b, size_t count_b);

/*
 * Combines the comparisons of one cell that were made on each of `count` machines, two at least: the mean of ln(ratio), in
 * which each machine counts once, with Student's interval over machines (machines.h). What lies between runs is in how
 * the machines differ. The variance is never less than what `between` and the scatter of the blocks make of it. Machines
 * without a ratio are left out; with fewer than two there is no p. Where all machines are compared exactly, and have
 * the same ratio, so is their mean. Counts are those of all machines, and variances the means. O(count).
 */
struct two_runs two_runs_over_machines(const struct two_runs_design *design, const struct two_runs *machines,
                                       size_t count);

/*
 * Returns how many blocks each run needs, so that a difference of `ratio` is called in nine comparisons of
 * ten, with the scatter in `found`. 0 where none suffice, because `between` alone hides such a difference.
 * O(log n).
 */
size_t two_runs_blocks_needed(const struct two_runs_design *design, const struct two_runs *found,
                              double ratio);

#endif
