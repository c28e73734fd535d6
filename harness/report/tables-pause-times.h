/* SPDX-License-Identifier: MIT */
/* Makes the table `pause_times`: when the process of a cell that tables/heap.csv shows paused, and for how long. */
#ifndef HARNESS_REPORT_TABLES_PAUSE_TIMES_H
#define HARNESS_REPORT_TABLES_PAUSE_TIMES_H

#include "harness/report/tables-cell.h"
#include "harness/results/events.h"

extern const struct dictionary_file tables_pause_times_file;

/*
 * Adds the pauses of the process `id` of a cell, kind by kind, and of each kind in their order. Where it has more than
 * PAUSE_TIMES_MOST of a kind, they are the longest of as many stretches. O(events).
 */
enum { PAUSE_TIMES_MOST = 200 };
void tables_pause_times_add(struct table *table, const struct run *run, const struct run_cell *cell,
                            int64_t id, const struct events *events);

#endif
