/* SPDX-License-Identifier: MIT */
/*
 * Makes the table `parts`: where each cell's wall time went (harness/results/parts.h).
 *
 * The figure of a cell is the mean over the middle half of its processes by wall time. Of n processes the n / 4
 * fastest and the n / 4 slowest are left out. A mean of sums is the sum of the means, so the parts add up, as medians
 * of parts would not. And no single slow process moves the figure, as it would move a mean of all. A run of the first
 * schema has no parts: the table has no rows.
 */
#ifndef HARNESS_REPORT_TABLES_PARTS_H
#define HARNESS_REPORT_TABLES_PARTS_H

#include "harness/analysis/run.h"
#include "harness/report/table.h"
#include "harness/results/parts.h"

extern const struct dictionary_file tables_parts_file;

/* Means over `processes` processes, in nanoseconds or as counts. */
struct tables_parts {
    size_t processes; /* 0: the rows have no parts */
    double wall_ns;
    struct parts parts;
    double untimed_ns; /* estimate of cascades that no clock saw, a part of the mutator's; NaN: unknown */
    double minor_faults, major_faults, voluntary_switches, involuntary_switches;
};

/* Returns the parts of a cell. O(blocks^2). */
struct tables_parts tables_parts_of(const struct run *run, const struct run_cell *cell);

void tables_make_parts(const struct run *run, struct table_set *set);

#endif
