/* SPDX-License-Identifier: MIT */
#include "harness/analysis/agreement.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/analysis/claims.h"
#include "harness/analysis/compare.h"
#include "harness/analysis/normalise.h"
#include "harness/statistics/replication.h"

/* Puts the geometric means of the machines in place of the ratios of blocks: the first of `values`, and NaN after. */
static void agreement_take_machines(const struct run *run, double *values)
{
    double *units = memory_new(run_units(run), sizeof(*units));
    for (size_t block = 0; block < run->blocks; block++)
        values[block] = log(values[block]);
    machines_average(&run->machines, values, run->blocks, units);
    for (size_t block = 0; block < run->blocks; block++)
        values[block] = block < run_units(run) ? exp(units[block]) : NAN;
    free(units);
}

/*
 * Fills `ret_values` with the cell's values on the machine that is shown; over those of `base` where it is not NULL, one
 * for each machine where there are several. Returns how many.
 */
static size_t agreement_take(const struct run *run, const struct run_cell *cell, const struct run_cell *base,
                             enum run_metric metric, const double *reference, double *ret_values)
{
    const double *values = run_cell_values(run, cell, metric);
    size_t count = 0;
    for (size_t block = 0; block < run->blocks; block++) {
        double divisor = base ? run_cell_values(run, base, metric)[block] : reference ? reference[block] : 1;
        bool known = values[block] > 0 && divisor > 0 && (base || run_block_is_shown(run, block));
        ret_values[block] = known ? values[block] / divisor : NAN;
    }
    if (base && machines_are_several(&run->machines))
        agreement_take_machines(run, ret_values);
    for (size_t block = 0; block < run->blocks; block++)
        count += !isnan(ret_values[block]);
    return count;
}

/*
 * Returns the figure that the pages show, with its replication interval. Of a cell it is the median, which a shock of
 * one block hardly moves. Of two cells in the same blocks it is the geometric mean of their ratios.
 */
static struct replication agreement_figure(const double *values, size_t blocks, bool ratio, size_t second,
                                           double between)
{
    return (ratio ? replication_of_mean : replication_of_median)(values, blocks, second, between, 0.95);
}

/*
 * Whether the figure of A lies where B states that another run's does. A figure without a place is not
 * counted.
 */
static void agreement_count(const struct run *a, const struct run_cell *cell, const struct run_cell *base,
                            const struct run *b, const struct run_cell *that,
                            const struct run_cell *that_base, enum run_metric metric, bool reference,
                            double between, struct agreement *result)
{
    double *left = memory_new(a->blocks, sizeof(*left)), *right = memory_new(b->blocks, sizeof(*right));
    size_t count = agreement_take(a, cell, base, metric, reference ? a->reference_ns : NULL, left);
    agreement_take(b, that, that_base, metric, reference ? b->reference_ns : NULL, right);
    struct replication stated = agreement_figure(right, b->blocks, base, count, between);
    struct replication found = agreement_figure(left, a->blocks, base, count, between);
    if (!isnan(found.figure) && !isnan(stated.low)) {
        result->figures++;
        result->within += stated.low <= found.figure && found.figure <= stated.high;
    }
    free(left);
    free(right);
}

/* Returns the cell of B that compares with a cell of A; NULL where one of the two has no figure. */
static const struct run_cell *agreement_partner(const struct run *a, const struct run_cell *cell,
                                                const struct run *b)
{
    const struct run_cell *that = run_cell_is_aside(cell) ? NULL : run_cell_same(b, a, cell);
    return run_cell_is_whole(cell) && run_cell_is_whole(that) ? that : NULL;
}

struct agreement agreement_of_values(const struct run *a, const struct run *b, enum run_metric metric,
                                     double between)
{
    struct agreement result = {0};
    bool is_time = strcmp(run_metric_names[metric].unit, "ns") == 0;
    bool reference = is_time && a->reference_ns && b->reference_ns;
    if (is_time && !compare_same_machine(a, b))
        return result;
    for (size_t i = 0; i < a->cell_count; i++) {
        const struct run_cell *cell = &a->cells[i], *that = agreement_partner(a, cell, b);
        if (that)
            agreement_count(a, cell, NULL, b, that, NULL, metric, reference, between, &result);
    }
    return result;
}

/* Whether the cell stopped as warm in one of the runs, so that it has no ratio there. */
static bool agreement_stopped(const struct run *a, const struct run_cell *cell, const struct run *b,
                              enum run_metric metric)
{
    const struct run_cell *that = run_cell_same(b, a, cell);
    return claims_stops_as_warm(cell, metric) || (that && claims_stops_as_warm(that, metric));
}

/*
 * Returns the cell of the work and setting with the least median in A, of those that did the whole job. Returns NULL
 * where one of them stopped as warm: the best is not known then.
 */
static const struct run_cell *agreement_best(const struct run *a, const struct run_cell *cell,
                                             const struct run *b, enum run_metric metric)
{
    const struct run_cell *best = NULL;
    for (size_t i = 0; i < a->cell_count; i++) {
        const struct run_cell *other = &a->cells[i];
        if (other->work != cell->work || other->setting != cell->setting || other->role != RUN_RECLAIMS ||
            !agreement_partner(a, other, b) || isnan(run_cell_median(a, other, metric)))
            continue;
        if (agreement_stopped(a, other, b, metric))
            return NULL;
        if (!best || run_cell_median(a, other, metric) < run_cell_median(a, best, metric))
            best = other;
    }
    return best;
}

struct agreement agreement_of_ratios(const struct run *a, const struct run *b, enum run_metric metric,
                                     double between)
{
    struct agreement result = {0};
    double of_ratio = between * M_SQRT2;
    for (size_t i = 0; i < a->cell_count; i++) {
        const struct run_cell *cell = &a->cells[i], *that = agreement_partner(a, cell, b);
        if (!that || agreement_stopped(a, cell, b, metric))
            continue;
        const struct run_cell *best = agreement_best(a, cell, b, metric);
        if (best && best != cell)
            agreement_count(a, cell, best, b, that, run_cell_same(b, a, best), metric, false, of_ratio,
                            &result);
    }
    return result;
}

/* Adds the width of an interval to `widths`, where it has one. Returns the new count. */
static size_t agreement_add_width(struct bootstrap_interval interval, double *widths, size_t count)
{
    if (interval.low > 0 && interval.high > interval.low)
        widths[count++] = interval.high / interval.low - 1;
    return count;
}

/* Adds the widths of a setting's ratios. Returns the new count. */
static size_t agreement_add_ratios(const struct run *run, enum run_metric metric, size_t setting,
                                   double *widths, size_t count)
{
    const struct normalise_rule rule = {.metric = metric, .base = metric};
    struct normalise_table table;
    normalise_setting(run, setting, &rule, &table);
    for (size_t i = 0; i < table.works * table.configs; i++) {
        const struct normalise_entry *entry = &table.entries[i];
        if (entry->cell && !run_cell_is_aside(entry->cell))
            count = agreement_add_width(entry->interval, widths, count);
    }
    normalise_fini(&table);
    return count;
}

/* Sums up `widths`, which it sorts and frees. */
static struct agreement_widths agreement_sum_up(double *widths, size_t count)
{
    quantile_sort(widths, count);
    struct agreement_widths result = {count, quantile_of_sorted(widths, count, 0.5),
                                      quantile_of_sorted(widths, count, 0.9)};
    free(widths);
    return result;
}

struct agreement_widths agreement_widths_of_ratios(const struct run *run, enum run_metric metric)
{
    double *widths = memory_new(run->cell_count, sizeof(*widths));
    size_t count = 0;
    for (size_t setting = 0; setting < run->settings.measured; setting++)
        count = agreement_add_ratios(run, metric, setting, widths, count);
    return agreement_sum_up(widths, count);
}

struct agreement_widths agreement_widths_of_values(const struct run *run, enum run_metric metric)
{
    double *widths = memory_new(run->cell_count, sizeof(*widths));
    size_t count = 0;
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (!run_cell_is_aside(cell) && run_cell_is_whole(cell))
            count = agreement_add_width(run_cell_interval(run, cell, metric), widths, count);
    }
    return agreement_sum_up(widths, count);
}
