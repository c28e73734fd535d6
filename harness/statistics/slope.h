/* SPDX-License-Identifier: MIT */
/*
 * The slope of a series by Theil and Sen: the median of the slopes of all pairs of points (Theil, Proceedings of the
 * Royal Netherlands Academy of Sciences 1950; Sen, JASA 1968). Points that are far off, up to 29% of them, move it
 * little. Its interval is Sen's: the slopes for which Kendall's test would not find that a trend is left.
 */
#ifndef HARNESS_STATISTICS_SLOPE_H
#define HARNESS_STATISTICS_SLOPE_H

#include <stddef.h>

struct slope {
    double slope;     /* change of y for 1 of x; NaN where no two points have an x of their own */
    double low, high; /* infinite where there are too few points for the level */
};

/*
 * Returns the slope of `count` points, with the interval that holds the true one with the chance `level`. `x` never
 * falls, and no value is NaN. The chance holds where the deviations are independent, of whatever distribution, and is
 * too large where neighbours deviate together. Ties of x are allowed for. O(n^2) on average, with n^2 / 2 numbers of memory.
 */
struct slope slope_find(const double *x, const double *y, size_t count, double level);

#endif
