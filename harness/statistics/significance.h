/* SPDX-License-Identifier: MIT */
/* Tests two samples for "no difference", and corrects for many such tests. */
#ifndef HARNESS_STATISTICS_SIGNIFICANCE_H
#define HARNESS_STATISTICS_SIGNIFICANCE_H

#include <stddef.h>

/*
 * Returns the two-sided p of the rank-sum test (Wilcoxon; Mann and Whitney) that two samples come from one
 * distribution. Up to 80 values together p is exact, ties included: the subsets of the pooled mid-ranks are
 * counted. Beyond, p is the normal approximation with the tie and continuity corrections. An empty sample
 * gives NaN. Samples of n and m values take O((n+m)^2 n m) at most.
 */
double significance_rank_sum(const double *left, size_t left_count, const double *right, size_t right_count);

/*
 * Adjusts each p in place by Holm's step-down method (1979). Comparing the adjusted p with alpha keeps the
 * chance of any false positive in the family below alpha. NaNs are no part of the family. Returns the size
 * of the family. O(n log n).
 */
size_t significance_holm(double *p, size_t count);

#endif
