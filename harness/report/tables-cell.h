/* SPDX-License-Identifier: MIT */
/*
 * Writes the fields that say which cell a row of a table is about.
 * `row` and `series` are the places of the work and the config in charts, counted from 0 in the order of the
 * plan.
 */
#ifndef HARNESS_REPORT_TABLES_CELL_H
#define HARNESS_REPORT_TABLES_CELL_H

#include "harness/analysis/run.h"
#include "harness/report/table.h"

#define TABLES_CELL_HEADER "setting,work,config,row,series"
#define TABLES_GROUPED_CELL_HEADER "setting,work,group,config,row,series"

/* Write the fields of these headers for `cell`. */
void tables_cell(struct table *table, const struct run *run, const struct run_cell *cell);
void tables_grouped_cell(struct table *table, const struct run *run, const struct run_cell *cell);

/* Returns the collector of a config without its options. O(cells). */
const char *tables_collector(const struct run *run, size_t config);

/*
 * Returns the place of a config's collector among the collectors of the run: time over space has a curve
 * for each collector. O(configs^2 x cells).
 */
size_t tables_curve(const struct run *run, size_t config);

/* Returns how a cell stands to the best: "best", "reclaims", "leaks", "floor" or "observes". */
const char *tables_role_name(const struct run_cell *cell, bool best);

#endif
