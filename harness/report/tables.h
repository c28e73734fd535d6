/* SPDX-License-Identifier: MIT */
/*
 * The tables of a run, tidy (one figure or one cell a row). docs/metrics.md says what each holds. `row` and
 * `series` are the places of the work and the config in charts, counted from 0 in the order of the plan.
 */
#ifndef HARNESS_REPORT_TABLES_H
#define HARNESS_REPORT_TABLES_H

#include "harness/analysis/normalise.h"
#include "harness/analysis/run.h"
#include "harness/report/table.h"

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

/* tables-raw.c: pauses and heap over time, from records/, events/ and timelines/. */
int tables_make_raw(const struct run *run, struct table_set *set);

/* tables-latency.c: latencies of requests, from records/ and latencies/. */
int tables_make_latency(const struct run *run, struct table_set *set);

enum {
    TABLES_LATENCY_SIMPLE,
    TABLES_LATENCY_METERED,     /* in a window of 100 ms */
    TABLES_LATENCY_METERED_ALL, /* of ten times the run */
    TABLES_LATENCY_RESPONSE,
    TABLES_LATENCY_KINDS
};
enum { TABLES_LATENCY_MAX = 4, TABLES_LATENCY_FIGURES };

/* Over the processes of a cell: medians, and of the maxima the largest. NaN where there is none. */
struct tables_latency {
    double ns[TABLES_LATENCY_KINDS][TABLES_LATENCY_FIGURES]; /* p50, p90, p99, p99.9, max */
    double offered_per_s;                                    /* arrivals of the schedule */
    double achieved_per_s;
    size_t processes; /* 0: the workload serves no requests */
};

/* Reads the records of cell `index`. Returns 0, or MESSAGE_BAD_INPUT after one line when one is damaged. */
int tables_latency_read(const struct run *run, size_t index, struct tables_latency *ret_latency);

/* tables-time-space.c: time over memory, of the works whose minimum heap the run knows. */
int tables_make_time_space(const struct run *run, const struct normalise_table *wall, struct table_set *set);

/* The collector of a config without its options, and its place among the collectors of the run. */
const char *tables_collector(const struct run *run, size_t config);
size_t tables_curve(const struct run *run, size_t config);

/* "best", "reclaims", "leaks", "floor", "observes": how a cell stands to the best. */
const char *tables_role_name(const struct run_cell *cell, bool best);

#endif
