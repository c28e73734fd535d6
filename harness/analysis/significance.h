/* SPDX-License-Identifier: MIT */
/* Tests of "no difference", and the correction for asking many times. */
#ifndef HARNESS_ANALYSIS_SIGNIFICANCE_H
#define HARNESS_ANALYSIS_SIGNIFICANCE_H

#include <stddef.h>

/*
 * Two-sided p of the rank-sum test (Wilcoxon, Mann and Whitney) that two samples come from one distribution.
 * Exact, ties included, by counting the subsets of the pooled mid-ranks up to 80 values together; beyond, the
 * normal approximation with the tie and continuity corrections. NaN when a sample is empty or memory runs
 * out. O((n+m)^2 n m) at most.
 */
double significance_rank_sum(const double *left, size_t n, const double *right, size_t m);

/* The smallest p that significance_rank_sum can give for samples of n and m without ties: 2 / C(n+m, n). */
double significance_smallest_p(size_t n, size_t m);

/*
 * Holm's step-down adjustment (1979) in place: after it, comparing each p with alpha keeps the chance of any
 * false positive in the family below alpha. NaNs are no part of the family. Returns its size. O(n log n)..
 */
size_t significance_holm(double *p, size_t count);

#endif
