/* SPDX-License-Identifier: MIT */
/*
 * Makes the tables of pauses. Quantiles come from records/. The curve of pause time over percentile and the
 * mutator's utilisation come from events/.
 */
#ifndef HARNESS_REPORT_TABLES_PAUSES_H
#define HARNESS_REPORT_TABLES_PAUSES_H

#include "harness/report/tables-cell.h"

#define TABLES_PAUSES_HEADER                                                                                 \
    TABLES_CELL_HEADER ",kind,count,total_ns,p50_ns,p90_ns,p99_ns,p999_ns,max_ns,processes"
#define TABLES_PAUSE_CURVE_HEADER TABLES_CELL_HEADER ",kind,x,pause_ns,pauses"
#define TABLES_UTILISATION_HEADER TABLES_CELL_HEADER ",window_ns,utilisation,processes"

/* The tables `pauses`, `pause_curve` and `utilisation`. */
struct tables_pauses {
    struct table *quantiles, *curve, *utilisation;
};

/* Adds the rows of cell `index`. Returns 0, or MESSAGE_BAD_INPUT after one line when a file is damaged. */
int tables_pauses_add(const struct run *run, size_t index, struct tables_pauses *tables);

#endif
