/* SPDX-License-Identifier: MIT */
/*
 * How well a second run of the same matrix finds the figures of the first, and how narrow the intervals of a run
 * are.
 */
#ifndef HARNESS_ANALYSIS_AGREEMENT_H
#define HARNESS_ANALYSIS_AGREEMENT_H

#include "harness/analysis/run.h"

/* Of `figures` of the first run, `within` lie in the replication interval that the second run states. */
struct agreement {
    size_t figures, within;
};

/*
 * Compares the median of each cell that is whole in both runs and has two processes or more in B.
 * `between` is the standard deviation of a run's offset, of ln(value): harness/statistics/replication.h. A time is
 * divided by the reference program's in its block where both runs have it. Times of two machines are not
 * compared: none is counted. O(cells² + cells x blocks).
 */
struct agreement agreement_of_values(const struct run *a, const struct run *b, enum run_metric metric,
                                     double between);

/*
 * Compares the ratio of each cell to the cell that is the best of its work and setting in A. The best itself is
 * left out, and so are works of which a cell that could be it stopped as warm in A or in B. `between` is that of a
 * value: each of the two cells of a ratio has such an offset of its own. O(cells² + cells x blocks).
 */
struct agreement agreement_of_ratios(const struct run *a, const struct run *b, enum run_metric metric,
                                     double between);

/* The width of an interval is high / low - 1. A best that has no rival has no interval. */
struct agreement_widths {
    size_t count;
    double median, p90; /* NaN without an interval */
};

/* Returns the widths of the intervals of all ratios to the best of the run. As normalise_setting() for each. */
struct agreement_widths agreement_widths_of_ratios(const struct run *run, enum run_metric metric);

/* Returns the widths of the intervals of the medians of all cells of the run. As run_cell_interval() for each. */
struct agreement_widths agreement_widths_of_values(const struct run *run, enum run_metric metric);

#endif
