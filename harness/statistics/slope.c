/* SPDX-License-Identifier: MIT */
#include "harness/statistics/slope.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/statistics/distributions.h"

/* 18 times the variance of Kendall's S of `count` points in any order. */
static double kendall_variance(double count)
{
    return count * (count - 1) * (2 * count + 5);
}

/* Returns the deviation of Kendall's S. Points with the same x are in no pair. */
static double kendall_deviation(const double *x, size_t count)
{
    double variance = kendall_variance((double)count);
    for (size_t first = 0, past; first < count; first = past) {
        for (past = first + 1; past < count && x[past] == x[first];)
            past++;
        variance -= kendall_variance((double)(past - first));
    }
    return sqrt(variance / 18);
}

/* Fills in the slopes of all pairs that have one, and returns their number. */
static size_t slopes_make(const double *x, const double *y, size_t count, double *ret_slopes)
{
    size_t pairs = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            if (x[j] > x[i])
                ret_slopes[pairs++] = (y[j] - y[i]) / (x[j] - x[i]);
    return pairs;
}

struct slope slope_find(const double *x, const double *y, size_t count, double level)
{
    struct slope slope = {NAN, -INFINITY, INFINITY};
    double *slopes = memory_new(count * count / 2 + 1, sizeof(*slopes));
    size_t pairs = slopes_make(x, y, count, slopes);
    slope.slope = pairs ? quantile_by_selection(slopes, pairs, 0.5) : NAN;
    double half = distributions_normal_quantile((1 - level) / 2) * kendall_deviation(x, count);
    double below = floor(((double)pairs - half) / 2);
    if (below >= 1) {
        slope.low = quantile_place_by_selection(slopes, pairs, (size_t)below - 1);
        slope.high = quantile_place_by_selection(slopes, pairs, pairs - (size_t)below);
    }
    free(slopes);
    return slope;
}
