/* SPDX-License-Identifier: MIT */
/*
 * Makes the table of time over space. Each cell is a point: its memory relative to the workload's minimum
 * heap, and its time relative to the best (Blackburn et al., OOPSLA 2006). Memory is the most that was
 * held, and not the limit. So collectors whose triggers are swept stand on the same axis as collectors
 * whose heaps are swept.
 */
#ifndef HARNESS_REPORT_TABLES_TIME_SPACE_H
#define HARNESS_REPORT_TABLES_TIME_SPACE_H

#include "harness/analysis/normalise.h"
#include "harness/report/tables-cell.h"

extern const struct dictionary_file tables_time_space_file;

/*
 * Makes the table `time_space` of the works whose minimum heap the run knows. `walls` holds the wall times of
 * the first setting. Returns 0, or MESSAGE_BAD_INPUT after one line when a record is damaged.
 */
int tables_make_time_space(const struct run *run, const struct normalise_table *walls, struct table_set *set);

#endif
