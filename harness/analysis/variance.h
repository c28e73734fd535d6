/* SPDX-License-Identifier: MIT */
/*
 * Tells how much of the scatter of values lies between groups, by the one-way random-effects analysis of
 * variance. The groups are a run's layouts, or its machines. The values are logarithms of times, or of ratios of two cells
 * within a block, so a deviation of 0.01 is one per cent.
 *
 *   x_ij = mean + layout_i + process_ij      layout ~ N(0, between^2), process ~ N(0, within^2)
 *
 * `between` is estimated by the method of moments, and an estimate below 0 counts as 0. The interval of its
 * share of the variance is exact for groups of one size (Searle, Casella and McCulloch, Variance
 * Components, 1992, 3.6). The interval of `between` itself is Williams's (Biometrika 1962), which holds the
 * truth at least as often as it states. A process that a neighbour slowed down counts as scatter within its
 * group and widens the intervals.
 */
#ifndef HARNESS_ANALYSIS_VARIANCE_H
#define HARNESS_ANALYSIS_VARIANCE_H

#include "harness/analysis/run.h"

/* NaN throughout where fewer than two groups have values, or no group has two. */
struct variance {
    size_t groups, values;
    double between, within;                     /* standard deviations, in the values' unit */
    struct bootstrap_interval between_interval; /* 95% */
    double share;                               /* between^2 of between^2 + within^2 */
    struct bootstrap_interval share_interval;   /* 95% */
    double p;                                   /* of the F test that the groups are alike */
};

/*
 * Analyses values in groups. `groups[i]`, below `group_count`, is the group of `values[i]`. Values that are
 * NaN are left out. O(n).
 */
struct variance variance_of(const double *values, const size_t *groups, size_t count, size_t group_count);

/* The same without intervals and p, which are NaN and cost most of it. O(n). */
struct variance variance_estimate(const double *values, const size_t *groups, size_t count,
                                  size_t group_count);

/*
 * How far the layouts of a run move the metric of a whole cell. With `base`, how far they move the ratio to
 * that cell, block by block. Of several machines that which is shown says it. NaN throughout in a run of one layout, or
 * for a blank cell.
 */
struct variance variance_of_layouts(const struct run *run, const struct run_cell *cell,
                                    const struct run_cell *base, enum run_metric metric);

#endif
