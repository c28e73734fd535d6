/* SPDX-License-Identifier: MIT */
/*
 * Makes the tables of a run. They are tidy: a row holds one figure, or one cell. docs/metrics.md says what
 * each table holds.
 */
#ifndef HARNESS_REPORT_TABLES_H
#define HARNESS_REPORT_TABLES_H

#include "harness/analysis/normalise.h"
#include "harness/analysis/trade.h"
#include "harness/report/table.h"
#include "harness/report/tables-claims.h"
#include "harness/report/tables-latency.h"
#include "harness/report/tables-machine.h"
#include "harness/report/tables-pauses.h"

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

extern const struct dictionary_file tables_cells_file, tables_failures_file, tables_settings_file;

/* The tables, and the figures that charts and the page are made of besides. */
struct tables {
    struct table_set set;
    struct normalise_table *normalised; /* TABLES_NORMALISED x settings */
    struct tables_latency *latencies;   /* one per cell of the run */
    size_t settings;
    size_t front;                        /* the setting that charts show */
    struct claims claims[TABLES_CLAIMS]; /* by tables_claims_metrics */
    size_t baseline;                     /* the config that the user named; or TABLES_NO_BASELINE */
    struct tables_machine machine;
    struct trade trade;
    struct tables_untimed untimed; /* of the front setting */
};

/*
 * Computes every table of the run, with `baseline` as tables_baseline_find() reads it. Returns 0; or
 * MESSAGE_BAD_INPUT after one line on standard error when a raw file is damaged, or the run has no such
 * baseline. Either way the caller ends with tables_fini().
 */
int tables_make(const struct run *run, const char *baseline, struct tables *tables);
void tables_fini(struct tables *tables);

/*
 * Computes those of the tables that are made of records, events, timelines and latencies, for tables->front.
 * tables_make() calls it. Returns 0; or MESSAGE_BAD_INPUT after one line when one of these files is damaged.
 */
int tables_make_raw(const struct run *run, struct tables *tables);

/*
 * Returns the setting that stands first where the metric is shown: the front. Where its processes have no such
 * figure, as warm ones have no peak memory, it is the same allocator with cold memory. The number of settings where
 * there is none. O(cells).
 */
size_t tables_front_of(const struct run *run, const struct tables *tables, enum run_metric metric);

static inline const struct normalise_table *tables_normalised(const struct tables *tables, int metric,
                                                              size_t setting)
{
    return &tables->normalised[(size_t)metric * tables->settings + setting];
}

/* Whether any cell of the table has a ratio. */
bool tables_has_ratio(const struct normalise_table *table);

#endif
