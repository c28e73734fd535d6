/* SPDX-License-Identifier: MIT */
/* Makes the table `steady`: whether the process of a cell that tables/heap.csv shows was steady in its last half. */
#ifndef HARNESS_REPORT_TABLES_STEADY_H
#define HARNESS_REPORT_TABLES_STEADY_H

#include "harness/report/tables-cell.h"
#include "harness/results/events.h"
#include "harness/results/timelines.h"

extern const struct dictionary_file tables_steady_file;

/* Adds the rows of the process `id` of a cell. The resident size of a warm process says what was made present, and has no
 * row. O(events + samples). */
void tables_steady_add(struct table *table, const struct run *run, const struct run_cell *cell, int64_t id,
                       const struct events *events, const struct timeline *timeline);

#endif
