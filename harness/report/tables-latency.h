/* SPDX-License-Identifier: MIT */
/* Makes the tables of latencies of requests: quantiles from records/, curves from latencies/. */
#ifndef HARNESS_REPORT_TABLES_LATENCY_H
#define HARNESS_REPORT_TABLES_LATENCY_H

#include "harness/report/tables-cell.h"
#include "harness/report/tables-records.h"

enum {
    TABLES_LATENCY_SIMPLE,
    TABLES_LATENCY_METERED,     /* in a window of 100 ms */
    TABLES_LATENCY_METERED_ALL, /* in a window of ten times the process */
    TABLES_LATENCY_RESPONSE,
    TABLES_LATENCY_KINDS
};
enum {
    TABLES_LATENCY_P50,
    TABLES_LATENCY_P90,
    TABLES_LATENCY_P99,
    TABLES_LATENCY_P999,
    TABLES_LATENCY_MAX,
    TABLES_LATENCY_FIGURES
};

/* Of a cell: the medians over its processes, but the largest of the maxima. NaN where there is no figure. */
struct tables_latency {
    double ns[TABLES_LATENCY_KINDS][TABLES_LATENCY_FIGURES];
    double offered_per_s; /* arrivals of the schedule */
    double achieved_per_s;
    size_t processes; /* 0: the workload serves no requests */
    double requests;  /* of a process; NaN where no record says it */
};

extern const struct dictionary_file tables_latency_file, tables_latency_curve_file;

/* The tables `latency` and `latency_curve`. */
struct tables_latencies {
    struct table *quantiles, *curve;
};

/*
 * Adds the rows of cell `index`, of which these are the records, and fills `ret_latency`. Returns 0, or MESSAGE_BAD_INPUT
 * after one line when a file is damaged.
 */
int tables_latency_add(const struct run *run, size_t index, const struct tables_records *records,
                       struct tables_latencies *tables, struct tables_latency *ret_latency);

/*
 * Fills `ret_latencies` from the rows of a table `latency` that was kept: those of a run handed on without
 * its records. A row of another matrix, or one that is damaged, is left out.
 */
void tables_latency_take(const struct run *run, const struct table *table,
                         struct tables_latency *ret_latencies);

#endif
