/* SPDX-License-Identifier: MIT */
/*
 * The tables of a run, tidy (one figure or one cell a row). docs/metrics.md says what each holds. `row` and
 * `series` are the places of the work and the config in charts, counted from 0 in the order of the plan.
 */
#ifndef HARNESS_REPORT_TABLES_H
#define HARNESS_REPORT_TABLES_H

#include "harness/analysis/normalise.h"
#include "harness/report/table.h"
#include "harness/report/tables-latency.h"

/* Normalised tables: places in normalise_to_best, then in normalise_lower_bounds. */
enum {
    TABLES_WALL,
    TABLES_CPU,
    TABLES_PEAK,
    TABLES_OVERHEAD,
    TABLES_OVERHEAD_CPU,
    TABLES_OVERHEAD_INSTRUCTIONS, /* no entry has a ratio where nothing was counted */
    TABLES_NORMALISED
};

/* What the tables and everything shown after them are made of. */
struct tables {
    struct table_set set;
    struct normalise_table *normalised; /* TABLES_NORMALISED x settings */
    struct tables_latency *latencies;   /* one per cell of the run */
    size_t settings;
};

/*
 * Computes every table of the run. Returns 0; or MESSAGE_BAD_INPUT after one line on standard error when a
 * raw file is damaged. Either way the caller ends with tables_fini().
 */
int tables_make(const struct run *run, struct tables *tables);
void tables_fini(struct tables *tables);

static inline const struct normalise_table *tables_normalised(const struct tables *tables, int metric,
                                                              size_t setting)
{
    return &tables->normalised[(size_t)metric * tables->settings + setting];
}

/* Whether any cell of the table has a ratio. */
bool tables_has_ratio(const struct normalise_table *table);

#endif
