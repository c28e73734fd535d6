/* SPDX-License-Identifier: MIT */
#include "harness/statistics/paired.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/statistics/distributions.h"

/* Mean and sum of squares of values that come one by one (Welford, Technometrics 1962). */
struct paired_sums {
    size_t count;
    double mean, squares;
};

static void sums_add(struct paired_sums *sums, double value)
{
    if (isnan(value))
        return;
    double distance = value - sums->mean;
    sums->mean += distance / (double)++sums->count;
    sums->squares += distance * (value - sums->mean);
}

static struct paired paired_from(const struct paired_sums *sums, double level)
{
    struct paired result = {NAN, NAN, NAN, NAN, sums->count};
    double count = (double)sums->count;
    if (sums->count)
        result.ratio = exp(sums->mean);
    if (sums->count < 2)
        return result;
    result.deviation = sqrt(sums->squares / (count - 1));
    double half = distributions_t_quantile((1 - level) / 2, count - 1) * result.deviation / sqrt(count);
    result.low = exp(sums->mean - half);
    result.high = exp(sums->mean + half);
    return result;
}

struct paired paired_moderate(struct paired pair, const struct prior *prior, double level)
{
    double count = (double)pair.blocks, freedom;
    if (pair.blocks < 2)
        return pair;
    double variance = prior_moderate(prior, pair.deviation * pair.deviation, count - 1, &freedom);
    double half = distributions_t_quantile((1 - level) / 2, freedom) * sqrt(variance / count);
    pair.low = pair.ratio * exp(-half);
    pair.high = pair.ratio * exp(half);
    return pair;
}

double paired_log(double a, double b)
{
    return a > 0 && b > 0 ? a == b ? 0 : log(a) - log(b) : NAN;
}

struct paired paired_compare(const double *a, const double *b, size_t blocks, double level)
{
    struct paired_sums sums = {0};
    for (size_t block = 0; block < blocks; block++)
        sums_add(&sums, paired_log(a[block], b[block]));
    return paired_from(&sums, level);
}

struct paired paired_of_medians(const double *logs, size_t groups, size_t rounds, double level)
{
    struct paired_sums sums = {0};
    for (size_t group = 0; group < groups; group++)
        sums_add(&sums, quantile_median(logs + group * rounds, rounds));
    return paired_from(&sums, level);
}

/* What the rows of values say of their mean. */
struct paired_groups {
    double mean;     /* of the groups' means */
    double variance; /* of that mean */
    double freedom;  /* of that variance */
    double most;     /* values of the largest group */
    bool each_has_one, each_has_two;
};

/*
 * A block adds to the variance what it adds to the mean, over all groups together: so what a block does to
 * several groups at once is counted. With groups of one size that is the variance of the mean of the blocks'
 * means. With others the blocks that weigh most count most towards the degrees of freedom.
 */
static struct paired_groups groups_make(const double *logs, size_t groups, size_t blocks)
{
    struct paired_sums *sums = memory_new(groups, sizeof(*sums));
    struct paired_groups result = {.each_has_one = groups > 0, .each_has_two = groups > 0};
    double weights = 0, weight_squares = 0;
    for (size_t group = 0; group < groups; group++) {
        for (size_t block = 0; block < blocks; block++)
            sums_add(&sums[group], logs[group * blocks + block]);
        result.mean += sums[group].mean / (double)groups;
        result.most = fmax(result.most, (double)sums[group].count);
        result.each_has_one = result.each_has_one && sums[group].count > 0;
        result.each_has_two = result.each_has_two && sums[group].count > 1;
    }
    for (size_t block = 0; block < blocks; block++) {
        double pull = 0, weight = 0;
        for (size_t group = 0; group < groups; group++) {
            double value = logs[group * blocks + block], count = (double)sums[group].count;
            if (isnan(value))
                continue;
            pull += (value - sums[group].mean) / count / (double)groups;
            weight += 1 / count / count;
        }
        result.variance += pull * pull * result.most / (result.most - 1);
        weights += weight;
        weight_squares += weight * weight;
    }
    result.freedom = weights * weights / weight_squares - 1;
    free(sums);
    return result;
}

struct paired paired_of_groups(const double *logs, size_t groups, size_t blocks, double level)
{
    const struct paired_groups found = groups_make(logs, groups, blocks);
    struct paired result = {NAN, NAN, NAN, NAN, (size_t)found.most};
    if (found.each_has_one)
        result.ratio = exp(found.mean);
    if (!found.each_has_two)
        return result;
    double half = distributions_t_quantile((1 - level) / 2, found.freedom) * sqrt(found.variance);
    result.deviation = sqrt(found.variance * found.most);
    result.low = exp(found.mean - half);
    result.high = exp(found.mean + half);
    return result;
}

/* Returns the mean and the sum of squares of a - factor b, over the blocks that have both. */
static struct paired_sums difference_sums(const double *a, const double *b, double factor, size_t blocks)
{
    struct paired_sums sums = {0};
    for (size_t block = 0; block < blocks; block++)
        if (!isnan(a[block]) && !isnan(b[block]))
            sums_add(&sums, a[block] - factor * b[block]);
    return sums;
}

/* Returns the slope of a on b: the sum of their products around the means over that of the squares of b. */
static double slope_of(const double *a, const double *b, double mean_b, double squares_b, size_t blocks)
{
    double products = 0;
    for (size_t block = 0; block < blocks; block++)
        if (!isnan(a[block]) && !isnan(b[block]))
            products += a[block] * (b[block] - mean_b);
    return squares_b > 0 ? products / squares_b : 0;
}

struct paired paired_of_means(const double *a, const double *b, size_t blocks, double level)
{
    const struct paired_sums left = difference_sums(a, b, 0, blocks),
                             right = difference_sums(b, a, 0, blocks);
    struct paired result = {NAN, NAN, NAN, NAN, left.count};
    double count = (double)left.count;
    if (left.count == 0 || !(right.mean > 0))
        return result;
    result.ratio = left.mean / right.mean;
    if (left.count < 2)
        return result;
    double freedom = count - 1, t = distributions_t_quantile((1 - level) / 2, freedom);
    double slope = slope_of(a, b, right.mean, right.squares, blocks);
    double around = difference_sums(a, b, result.ratio, blocks).squares / freedom / count;
    double beyond = difference_sums(a, b, slope, blocks).squares / freedom / count;
    double g = t * t * right.squares / freedom / count / right.mean / right.mean;
    result.deviation = sqrt(around * count) / right.mean;
    if (g >= 1)
        return result;
    double half = t / right.mean * sqrt(fmax(0, around - g * beyond));
    result.low = (result.ratio - g * slope - half) / (1 - g);
    result.high = (result.ratio - g * slope + half) / (1 - g);
    return result;
}
