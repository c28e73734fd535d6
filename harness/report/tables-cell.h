/* SPDX-License-Identifier: MIT */
/*
 * Writes the fields that say which cell a row of a table is about.
 * `row` and `series` are the places of the work and the config in charts, counted from 0 in the order of the
 * plan. `role` says what the collector did on the work: "reclaims", "leaks", "floor" or "observes".
 */
#ifndef HARNESS_REPORT_TABLES_CELL_H
#define HARNESS_REPORT_TABLES_CELL_H

#include "harness/analysis/run.h"
#include "harness/report/table.h"

#define TABLES_CELL_HEADER "setting,work,config,row,series,role"
#define TABLES_GROUPED_CELL_HEADER "setting,work,group,config,row,series,role"

/*
 * Returns the setting that charts show and that stands first on the page: the one with the most processes of
 * whole cells, the first of equals. A run by precision gives most to memory that is warm where cold memory is
 * the same. O(settings x cells).
 */
size_t tables_front(const struct run *run);

/* Write the fields of these headers for `cell`. */
void tables_cell(struct table *table, const struct run *run, const struct run_cell *cell);
void tables_grouped_cell(struct table *table, const struct run *run, const struct run_cell *cell);

/*
 * A quantile p of n values needs n >= 1 / (1 - p): below, it is the largest of them. Returns the values that
 * p50, p90, p99 and p99.9 need, by their place from 0.
 */
static inline double tables_quantile_needs(int place)
{
    static const double needs[] = {2, 10, 100, 1000};
    return needs[place];
}

/*
 * Writes a field that names the quantiles of p50, p90, p99 and p999 for which `count` values are too few, with
 * a space between; an empty one where there are none, or the count is NaN.
 */
void tables_too_few(struct table *table, double count);

static inline bool tables_is_quantile(enum run_metric metric)
{
    return metric >= RUN_PAUSE_P50 && metric <= RUN_PAUSE_P999;
}

/*
 * Whether a cell's figure is a quantile of fewer pauses than it needs, so that it is the longest of them. False for
 * every other metric. O(blocks log blocks).
 */
bool tables_is_longest(const struct run *run, const struct run_cell *cell, enum run_metric metric);

/* Returns what is to be said of a cell's figure: that it is the longest pause, or not warm; else "". */
const char *tables_note(const struct run *run, const struct run_cell *cell, enum run_metric metric);

/* Whether fewer than five of `count` values lie beyond the quantile at x = 1 / (1 - p). */
static inline bool tables_is_few(double x, size_t count)
{
    return 5 * x > (double)count;
}

/* Returns the collector of a config without its options. O(cells). */
const char *tables_collector(const struct run *run, size_t config);

/*
 * Returns the place of a config's collector among the collectors of the run: time over space has a curve
 * for each collector. O(configs^2 x cells).
 */
size_t tables_curve(const struct run *run, size_t config);

/* The names of roles, by enum run_role. */
extern const char *const tables_role_names[];

/* Returns what the collector of a cell did: "reclaims", "leaks", "floor" or "observes". */
const char *tables_role_name(const struct run_cell *cell);

#endif
