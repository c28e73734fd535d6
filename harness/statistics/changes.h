/* SPDX-License-Identifier: MIT */
/*
 * Finds where a series of runs changed its level, as the runs come one after the other.
 *
 * A point is the mean of ln(value) of a run. Its variance is that of the run's offset, which is stated, and that of
 * the mean of its blocks (two-runs.h). When a point has come, each split of the points since the last change is tried:
 *
 *      z = (mean of the points behind the split - mean of those before) / its standard error
 *
 * Of the splits where
 *
 *      p <= alpha / splits        and the difference is at least the minimum
 *
 * that of the largest |z| is a change, and the series begins anew behind it. This is the changepoint model of Hawkins, Qiu
 * and Kang (Journal of Quality Technology 35, 2003), with variances that are known. Its statistic is the generalised
 * likelihood ratio of Siegmund and Venkatraman (Annals of Statistics 23, 1995). Where each side is one point, z and p are
 * those of two_runs_compare().
 *
 * By Bonferroni's inequality over the splits, a point of a series without a change gives a false alarm with a chance of
 * alpha at most, however few points there are. The splits of a series are alike, so the true chance is smaller. What is
 * wanted of a history is stated over all its series and some future: changes_alpha().
 *
 * At the end each change is put at the split of the largest |z| between its neighbours. It lies at 95% within the splits
 * whose z² is less than the largest by 3.84 at most: the likelihood's own region (Worsley, Biometrika 1986).
 */
#ifndef HARNESS_STATISTICS_CHANGES_H
#define HARNESS_STATISTICS_CHANGES_H

#include <stddef.h>

struct changes_point {
    double level;   /* the mean of ln(value): a number */
    double known;   /* variance that counts as known: of the run's offset */
    double within;  /* variance of the mean, as the blocks show it */
    double freedom; /* degrees of freedom of `within`; any number where that is 0 */
};

struct changes_design {
    double alpha;   /* the chance of a false alarm at each point of the series */
    double minimum; /* the smallest difference of interest, as a ratio less 1 */
};

struct change {
    size_t at;          /* the first point behind it, 1 at least */
    size_t first, last; /* `at` lies from one to the other, at 95% */
    size_t found;       /* the point after which it was found: `at` at least */
    double shift;       /* ln(after / before), of the means between its neighbours */
    double error;       /* standard error of the shift */
    double freedom;     /* degrees of freedom of the error */
};

/* So many points, in so many series, have one false alarm or more with the chance CHANGES_RISK at most. */
#define CHANGES_RISK 0.05
enum { CHANGES_HORIZON = 100 };

/* Returns alpha for one of `series` series that are watched together: CHANGES_RISK over CHANGES_HORIZON points. O(1). */
double changes_alpha(size_t series);

/*
 * Finds the changes of `count` points, in their order. Returns how many; `ret_changes` has room for `count`.
 * O(count²).
 */
size_t changes_find(const struct changes_design *design, const struct changes_point *points, size_t count,
                    struct change *ret_changes);

/*
 * Returns how much more neighbouring points differ than their variances say: 1 where these are right. The median of
 * |difference| over its standard error, so that a few changes do not count. NaN with fewer than two points.
 * O(count log count).
 */
double changes_scale(const struct changes_point *points, size_t count);

/* A series whose points are the caller's. */
struct changes_series {
    struct changes_point *points;
    size_t count;
};

/*
 * Widens the standard errors of series that are watched together, where neighbouring points differ more than these say: by
 * the median of the series' scales, or in a series by its own where that is more. Only scales above 1 widen, and only those
 * of CHANGES_DIFFERENCES differences or more count: fewer do not tell. Returns the median, 1 at least.
 * O(points log points).
 */
enum { CHANGES_DIFFERENCES = 10 };
double changes_widen(struct changes_series *series, size_t count);

#endif
