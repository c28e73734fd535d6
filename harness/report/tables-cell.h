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

/* Columns that several tables have (harness/results/dictionary.h). */
#define TABLES_SETTING                                                                                       \
    COLUMN_TEXT("setting", "allocator with its tuning, and `warm` where memory is warm", NULL)
#define TABLES_WORK COLUMN_TEXT("work", "workload, with its options where two differ in them alone", NULL)
#define TABLES_GROUP COLUMN_TEXT("group", "group of the workload", "where the manifest names none")
#define TABLES_CONFIG                                                                                        \
    COLUMN_TEXT("config", "collector, with its options, heap and build where two differ in them alone", NULL)
#define TABLES_ROW COLUMN_PLACE("row", "place of the workload in charts, from 0")
#define TABLES_SERIES COLUMN_PLACE("series", "place of the collector in charts, from 0")
#define TABLES_ROLES "reclaims leaks floor observes"
#define TABLES_ROLE                                                                                          \
    COLUMN_WORD("role", TABLES_ROLES,                                                                        \
                "what the collector did on the workload: `leaks` left more than a tenth of the garbage, "    \
                "`floor` frees nothing, `observes` only looks",                                              \
                NULL)
#define TABLES_CELL_COLUMNS TABLES_SETTING, TABLES_WORK, TABLES_CONFIG, TABLES_ROW, TABLES_SERIES, TABLES_ROLE
#define TABLES_GROUPED_CELL_COLUMNS                                                                          \
    TABLES_SETTING, TABLES_WORK, TABLES_GROUP, TABLES_CONFIG, TABLES_ROW, TABLES_SERIES, TABLES_ROLE
#define TABLES_CELL_KEY "setting work config"

#define TABLES_METRIC COLUMN_TEXT("metric", "name of the figure, as docs/metrics.md has it", NULL)
#define TABLES_UNIT COLUMN_WORD("unit", "ns bytes count share", "unit of the figure", NULL)
#define TABLES_STATUSES "ok missing oom timeout crash mismatch unmeasured error"
#define TABLES_STATUS                                                                                        \
    COLUMN_WORD("status", TABLES_STATUSES,                                                                   \
                "ok; how the first process that failed ended; or missing: none has run yet", NULL)
#define TABLES_REASON COLUMN_TEXT("reason", "why the cell has no figure", "where it has one")
#define TABLES_PROCESSES COLUMN_COUNT("processes", "count", "processes that the figure is of", NULL)
#define TABLES_TOO_FEW(of)                                                                                   \
    COLUMN_TEXT("too_few",                                                                                   \
                "names of the quantiles for which there are too few " of " to tell them from the longest",   \
                "where there are enough")
#define TABLES_FEW(of) COLUMN_FLAG("few", "whether fewer than five of the " of " lie beyond the point")
#define TABLES_VERDICTS "less more equal undecided"
#define TABLES_NO_FIGURE "where there is no figure"
#define TABLES_NO_INTERVAL "where there is no interval: it needs two processes"

/*
 * Returns the setting that charts show and that stands first on the page: the one with the most processes of
 * whole cells, the first of equals. A run by precision gives most to memory that is warm where cold memory is
 * the same. O(settings x cells).
 */
size_t tables_front(const struct run *run);

/* Write the fields of TABLES_CELL_COLUMNS and TABLES_GROUPED_CELL_COLUMNS for `cell`. */
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

/* Return the collector of a config, and the workload of a work, without their options. O(cells). */
const char *tables_collector(const struct run *run, size_t config);
const char *tables_workload(const struct run *run, size_t work);

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
