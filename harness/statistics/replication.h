/* SPDX-License-Identifier: MIT */
/*
 * Says where a second run would find a figure.
 *
 * A confidence interval holds the truth. A second run does not find the truth: it finds a figure with a
 * scatter of its own, after an offset of its own. The interval that holds the second figure is the prediction
 * interval of a replication (Patil, Peng and Leek, Perspectives on Psychological Science 2016). Of a mean of
 * ln(value), it is
 *
 *      mean +- t * sqrt(s^2 / n + s^2 / m + 2 between^2)
 *
 * for n blocks in the first run and m in the second. `between` is that of two-runs.h; the degrees of freedom
 * are Satterthwaite's. Half the width is the figure's *precision*: two runs differ by less in 95 figures of
 * 100.
 */
#ifndef HARNESS_STATISTICS_REPLICATION_H
#define HARNESS_STATISTICS_REPLICATION_H

#include <stddef.h>

struct replication {
    double figure;    /* exp of the mean or of the median of the logarithms; NaN without a value */
    double low, high; /* NaN with fewer than two values */
    double precision; /* (high / low)^(1/2) - 1: 0.03 where a second run is within 3%; NaN: too few */
    size_t blocks;    /* values that are numbers */
};

/*
 * Returns the replication interval of the geometric mean of `values`, with the chance `level` (0.95) that a
 * second run of `second` blocks lies in it. Values are above 0: times, or ratios of two cells in a block,
 * whose `between` is that of a ratio. Those that are NaN are left out. A metric that does not vary has the
 * precision 0. O(n).
 */
struct replication replication_of_mean(const double *values, size_t count, size_t second, double between,
                                       double level);

/*
 * The same of the median of `values`. The variance of a median is taken as pi / 2 times that of a mean, which
 * is that of many normal values, and more than that of few or of heavy tails. O(n log n).
 */
struct replication replication_of_median(const double *values, size_t count, size_t second, double between,
                                         double level);

#endif
