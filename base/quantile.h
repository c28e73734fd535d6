/* SPDX-License-Identifier: MIT */
/*
 * Order statistics. Two definitions are in use, and each figure says which (Hyndman and Fan, Sample Quantiles
 * in Statistical Packages, 1996):
 *
 *   type 7   interpolates linearly between neighbours: medians of processes and ends of intervals;
 *   type 1   the smallest observation with at least a share p at or below it: pauses, so that "p99.9" is a
 *            pause that happened.
 */
#ifndef BASE_QUANTILE_H
#define BASE_QUANTILE_H

#include <stddef.h>
#include <stdint.h>

/* Sorts `values` upwards; none may be NaN. O(n log n). */
void quantile_sort(double *values, size_t count);

/* Sorts whole numbers upwards: times in ns, bytes, counts. O(n log n). */
void quantile_sort_ns(int64_t *values, size_t count);

/* Type 7 quantile of values sorted upwards, 0 <= p <= 1. NaN when there are none. O(1). */
double quantile_of_sorted(const double *sorted, size_t count, double p);

/* The same of values in any order, which it reorders. `count` is at least 1. O(n) on average. */
double quantile_by_selection(double *values, size_t count, double p);

/* Type 1 quantile (the nearest rank) of whole numbers sorted upwards, 0 <= p <= 1. `count` is 1 or more. O(1). */
int64_t quantile_rank_of_sorted(const int64_t *sorted, size_t count, double p);

/* Median of the values that are not NaN; NaN when there are none. Leaves `values` as it was. O(n log n). */
double quantile_median(const double *values, size_t count);

/* Geometric mean of positive values; NaN when there are none or one is not positive. */
double quantile_geometric_mean(const double *values, size_t count);

#endif
