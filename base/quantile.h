/* SPDX-License-Identifier: MIT */
/*
 * Order statistics. Two definitions are in use (Hyndman and Fan, Sample Quantiles in Statistical Packages,
 * 1996). Each figure says which one it is.
 *
 *   type 7   interpolates linearly between neighbours: for medians of processes and ends of intervals
 *   type 1   the smallest observation with at least a share p at or below it: for pauses, so that "p99.9"
 *            is a pause that happened
 */
#ifndef BASE_QUANTILE_H
#define BASE_QUANTILE_H

#include <stddef.h>
#include <stdint.h>

/* Sorts `values` upwards. None may be NaN. O(n log n). */
void quantile_sort(double *values, size_t count);

/* Sorts whole numbers upwards: times in ns, bytes, counts. O(n log n). */
void quantile_sort_ns(int64_t *values, size_t count);

/* Returns the type 7 quantile of values sorted upwards, 0 <= p <= 1. NaN when there are none. O(1). */
double quantile_of_sorted(const double *sorted, size_t count, double p);

/* Returns the type 7 quantile of values in any order, and reorders them. `count` is at least 1. O(n) on
 * average. */
double quantile_by_selection(double *values, size_t count, double p);

/* Returns the value that would stand at the place, from 0, if the values were sorted upwards, and reorders them. None may
 * be NaN; `place` is below `count`. O(n) on average. */
double quantile_place_by_selection(double *values, size_t count, size_t place);

/* Returns the type 1 quantile (the nearest rank) of whole numbers sorted upwards, 0 <= p <= 1. `count` is at
 * least 1. O(1). */
int64_t quantile_rank_of_sorted(const int64_t *sorted, size_t count, double p);

/* The same of numbers in any order, which it reorders. None may be NaN. O(n) on average. */
double quantile_rank_by_selection(double *values, size_t count, double p);

/* Returns the median of the values that are not NaN, or NaN when there are none. Keeps `values`.
 * O(n log n). */
double quantile_median(const double *values, size_t count);

#endif
