/* SPDX-License-Identifier: MIT */
#include "harness/statistics/changes.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/statistics/distributions.h"

/* The quantile of chi-square with one degree of freedom that 5% lie above. */
static const double CHANGES_REGION = 3.841459;

/* Makes the median of |z| the standard deviation of normal values. */
static const double CHANGES_MAD = 1.4826;

/* Known variance has so many degrees of freedom, as in two-runs.c. */
static const double CHANGES_KNOWN = 1e6;

/* Sums over the points before a place. */
struct sums {
    double level, variance;
    double spent; /* of squares of what is estimated, over its degrees of freedom */
};

/* A split of the points from `begin` to before `end`. */
struct split {
    size_t at; /* the first point behind it; 0: there is none */
    double shift, error, freedom, z;
};

double changes_alpha(size_t series)
{
    return CHANGES_RISK / CHANGES_HORIZON / (double)(series ? series : 1);
}

/* ---- sums ---- */

static struct sums *sums_make(const struct changes_point *points, size_t count)
{
    struct sums *sums = memory_new(count + 1, sizeof(*sums));
    for (size_t i = 0; i < count; i++) {
        const struct changes_point *point = &points[i];
        double spent = point->within > 0 ? point->within * point->within / point->freedom : 0;
        sums[i + 1] = (struct sums){.level = sums[i].level + point->level,
                                    .variance = sums[i].variance + point->known + point->within,
                                    .spent = sums[i].spent + spent};
    }
    return sums;
}

/* The mean of the points from `begin` to before `end`; its variance, and what that spends of its freedom. */
static struct sums mean_of(const struct sums *sums, size_t begin, size_t end)
{
    double count = (double)(end - begin);
    return (struct sums){.level = (sums[end].level - sums[begin].level) / count,
                         .variance = (sums[end].variance - sums[begin].variance) / (count * count),
                         .spent = (sums[end].spent - sums[begin].spent) / pow(count, 4)};
}

/* ---- one split ---- */

static struct split split_make(const struct sums *sums, size_t begin, size_t at, size_t end)
{
    struct sums before = mean_of(sums, begin, at), after = mean_of(sums, at, end);
    double variance = before.variance + after.variance, spent = before.spent + after.spent;
    struct split split = {
        .at = at, .shift = after.level - before.level, .error = sqrt(variance), .freedom = CHANGES_KNOWN};
    if (spent > 0)
        split.freedom = fmin(variance * variance / spent, CHANGES_KNOWN);
    split.z = split.error > 0 ? fabs(split.shift) / split.error : split.shift != 0 ? INFINITY : 0;
    return split;
}

/*
 * Returns the likeliest split that is a change; its `at` is 0 where none is. That is the one of the largest z, and not of the
 * smallest p: a split that has much of both sides on one of them knows its error better, and is none.
 */
static struct split split_find(const struct changes_design *design, const struct sums *sums, size_t begin,
                               size_t end)
{
    double level = design->alpha / (double)(end - begin - 1);
    double least = distributions_normal_quantile(level / 2); /* Student's t asks for more than the normal */
    struct split best = {0};
    for (size_t at = begin + 1; at < end; at++) {
        struct split split = split_make(sums, begin, at, end);
        if (!(split.z >= least) || fabs(split.shift) < log1p(design->minimum))
            continue;
        double p = isinf(split.z) ? 0 : 2 * distributions_t_tail(split.z, split.freedom);
        if (p <= level && (best.at == 0 || split.z > best.z))
            best = split;
    }
    return best;
}

/* ---- where a change is, when all points are known ---- */

/* Puts a change where the points from `begin` to before `end` have it. */
static void change_place(const struct sums *sums, size_t begin, size_t end, struct change *change)
{
    struct split best = split_make(sums, begin, change->at, end);
    for (size_t at = begin + 1; at < end; at++) {
        struct split split = split_make(sums, begin, at, end);
        if (split.z > best.z)
            best = split;
    }
    change->at = change->first = change->last = best.at;
    change->shift = best.shift;
    change->error = best.error;
    change->freedom = best.freedom;
    change->found = change->found < best.at ? best.at : change->found;
    for (size_t at = begin + 1; at < end; at++) {
        double z = split_make(sums, begin, at, end).z;
        if (isinf(best.z) || !(best.z * best.z - z * z <= CHANGES_REGION))
            continue;
        change->first = at < change->first ? at : change->first;
        change->last = at > change->last ? at : change->last;
    }
}

size_t changes_find(const struct changes_design *design, const struct changes_point *points, size_t count,
                    struct change *ret_changes)
{
    struct sums *sums = sums_make(points, count);
    size_t found = 0, begin = 0;
    for (size_t end = 2; end <= count; end++) {
        if (end < begin + 2)
            continue;
        struct split split = split_find(design, sums, begin, end);
        if (split.at == 0)
            continue;
        ret_changes[found++] = (struct change){.at = split.at, .found = end - 1};
        begin = split.at;
    }
    for (size_t i = 0; i < found; i++)
        change_place(sums, i ? ret_changes[i - 1].at : 0, i + 1 < found ? ret_changes[i + 1].at : count,
                     &ret_changes[i]);
    free(sums);
    return found;
}

double changes_scale(const struct changes_point *points, size_t count)
{
    if (count < 2)
        return NAN;
    double *distances = memory_new(count - 1, sizeof(*distances));
    for (size_t i = 1; i < count; i++) {
        const struct changes_point *a = &points[i - 1], *b = &points[i];
        double variance = a->known + a->within + b->known + b->within;
        double distance = fabs(b->level - a->level);
        distances[i - 1] = variance > 0 ? distance / sqrt(variance) : distance > 0 ? INFINITY : 0;
    }
    double scale = CHANGES_MAD * quantile_median(distances, count - 1);
    free(distances);
    return scale;
}

static void series_widen(struct changes_series *series, double scale)
{
    for (size_t i = 0; i < series->count; i++) {
        series->points[i].known *= scale * scale;
        series->points[i].within *= scale * scale;
    }
}

double changes_widen(struct changes_series *series, size_t count)
{
    double *scales = memory_new(count, sizeof(*scales));
    for (size_t i = 0; i < count; i++)
        scales[i] =
            series[i].count > CHANGES_DIFFERENCES ? changes_scale(series[i].points, series[i].count) : NAN;
    double shared = fmax(1, quantile_median(scales, count)); /* fmax() leaves NaN out */
    for (size_t i = 0; i < count; i++)
        series_widen(&series[i], fmax(shared, scales[i]));
    free(scales);
    return shared;
}
