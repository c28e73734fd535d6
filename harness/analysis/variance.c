/* SPDX-License-Identifier: MIT */
#include "harness/analysis/variance.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/statistics/distributions.h"

static const double VARIANCE_LOW = 0.025, VARIANCE_HIGH = 0.975;
static const struct variance VARIANCE_NONE = {0, 0, NAN, NAN, {NAN, NAN}, NAN, {NAN, NAN}, NAN};

/* Sums of squares between and within groups, and the numbers that mean squares are made of. */
struct variance_sums {
    size_t values, groups;
    double between, within;
    double size; /* of a group, as the expected mean square counts it */
};

struct variance_group {
    size_t count;
    double sum;
};

static struct variance_sums sums_make(const double *values, const size_t *groups, size_t count,
                                      const struct variance_group *found, size_t group_count)
{
    struct variance_sums sums = {0};
    double total = 0, squares = 0;
    for (size_t group = 0; group < group_count; group++) {
        sums.values += found[group].count;
        sums.groups += found[group].count > 0;
        total += found[group].sum;
        squares += (double)(found[group].count * found[group].count);
    }
    double mean = total / (double)sums.values;
    for (size_t i = 0; i < count; i++) {
        if (isnan(values[i]))
            continue;
        double group_mean = found[groups[i]].sum / (double)found[groups[i]].count;
        sums.within += (values[i] - group_mean) * (values[i] - group_mean);
        sums.between += (group_mean - mean) * (group_mean - mean);
    }
    sums.size = ((double)sums.values - squares / (double)sums.values) / (double)(sums.groups - 1);
    return sums;
}

/* Returns Williams's interval of the variance between groups, as standard deviations. */
static struct bootstrap_interval between_interval(const struct variance_sums *sums, double f_ratio,
                                                  double between_freedom, double within_freedom)
{
    double low = sums->between *
                 (1 - distributions_f_quantile(VARIANCE_HIGH, between_freedom, within_freedom) / f_ratio) /
                 (sums->size * distributions_chi_quantile(VARIANCE_HIGH, between_freedom));
    double high = sums->between *
                  (1 - distributions_f_quantile(VARIANCE_LOW, between_freedom, within_freedom) / f_ratio) /
                  (sums->size * distributions_chi_quantile(VARIANCE_LOW, between_freedom));
    return (struct bootstrap_interval){sqrt(fmax(0, low)), sqrt(fmax(0, high))};
}

static double share_of(double ratio, double size)
{
    double between = fmax(0, (ratio - 1) / size);
    return between / (1 + between);
}

/* Returns the mean square between groups over that within them. */
static double variance_ratio(const struct variance_sums *sums)
{
    double mean_between = sums->between / (double)(sums->groups - 1);
    if (!(sums->within > 0)) /* no scatter within groups: all of it lies between them */
        return mean_between > 0 ? INFINITY : 1;
    return mean_between / (sums->within / (double)(sums->values - sums->groups));
}

static struct variance variance_from(const struct variance_sums *sums)
{
    double mean_between = sums->between / (double)(sums->groups - 1),
           mean_within = sums->within / (double)(sums->values - sums->groups), f_ratio = variance_ratio(sums);
    struct variance result = VARIANCE_NONE;
    result.groups = sums->groups;
    result.values = sums->values;
    result.within = sqrt(mean_within);
    result.between = sqrt(fmax(0, (mean_between - mean_within) / sums->size));
    result.share = isinf(f_ratio) ? 1 : share_of(f_ratio, sums->size);
    return result;
}

/* Adds the intervals, and p. */
static void variance_add_intervals(const struct variance_sums *sums, struct variance *result)
{
    double between_freedom = (double)(sums->groups - 1),
           within_freedom = (double)(sums->values - sums->groups), f_ratio = variance_ratio(sums);
    result->between_interval = between_interval(sums, f_ratio, between_freedom, within_freedom);
    if (isinf(f_ratio)) {
        result->share_interval = (struct bootstrap_interval){1, 1};
        result->p = 0;
        return;
    }
    result->share_interval.low = share_of(
        f_ratio / distributions_f_quantile(VARIANCE_HIGH, between_freedom, within_freedom), sums->size);
    result->share_interval.high = share_of(
        f_ratio / distributions_f_quantile(VARIANCE_LOW, between_freedom, within_freedom), sums->size);
    result->p = 1 - distributions_f_tail(f_ratio, between_freedom, within_freedom);
}

static struct variance variance_make(const double *values, const size_t *groups, size_t count,
                                     size_t group_count, bool intervals)
{
    struct variance result = VARIANCE_NONE;
    struct variance_group *found = memory_new(group_count, sizeof(*found));
    size_t filled = 0, kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i])) {
            filled += found[groups[i]].count++ == 0;
            found[groups[i]].sum += values[i];
            kept++;
        }
    if (filled >= 2 && kept > filled) {
        struct variance_sums sums = sums_make(values, groups, count, found, group_count);
        result = variance_from(&sums);
        if (intervals)
            variance_add_intervals(&sums, &result);
    }
    free(found);
    return result;
}

struct variance variance_of(const double *values, const size_t *groups, size_t count, size_t group_count)
{
    return variance_make(values, groups, count, group_count, true);
}

struct variance variance_estimate(const double *values, const size_t *groups, size_t count,
                                  size_t group_count)
{
    return variance_make(values, groups, count, group_count, false);
}

struct variance variance_of_layouts(const struct run *run, const struct run_cell *cell,
                                    const struct run_cell *base, enum run_metric metric)
{
    struct variance result = VARIANCE_NONE;
    double *logs = memory_new(run->blocks, sizeof(*logs));
    if (run->layout_count < 2 || !run_cell_is_whole(cell) || (base && !run_cell_is_whole(base))) {
        free(logs);
        return result;
    }
    const double *values = run_cell_values(run, cell, metric);
    const double *base_values = base ? run_cell_values(run, base, metric) : NULL;
    for (size_t block = 0; block < run->blocks; block++) {
        double value = values[block] / (base_values ? base_values[block] : 1);
        logs[block] = value > 0 && run_block_is_shown(run, block) ? log(value) : NAN;
    }
    result = variance_of(logs, run->layouts, run->blocks, run->layout_count);
    free(logs);
    return result;
}
