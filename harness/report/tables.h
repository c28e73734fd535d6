/* SPDX-License-Identifier: MIT */
/*
 * Makes the tables of a run. They are tidy: a row holds one figure, or one cell. docs/metrics.md says what
 * each table holds.
 */
#ifndef HARNESS_REPORT_TABLES_H
#define HARNESS_REPORT_TABLES_H

#include "harness/analysis/normalise.h"
#include "harness/report/table.h"
#include "harness/report/tables-latency.h"

/* The normalised tables: those of normalise_to_best, then those of normalise_lower_bounds. */
enum {
    TABLES_WALL,
    TABLES_CPU,
    TABLES_PEAK,
    TABLES_OVERHEAD,
    TABLES_OVERHEAD_CPU,
    TABLES_OVERHEAD_INSTRUCTIONS, /* no entry has a ratio where nothing was counted */
    TABLES_NORMALISED
};

/* The tables, and the figures that charts and the page are made of besides. */
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
