/* SPDX-License-Identifier: MIT */
/*
 * Compares two runs cell by cell, and a run with itself.
 *
 * Two cells are said to differ only when three things hold:
 *   1. The 95% bootstrap interval of the ratio of medians excludes 1.
 *   2. The effect is at least the stated minimum of interest.
 *   3. The p of the rank-sum test, corrected by Holm over every cell compared, is at most 0.05.
 * The process is the unit. Blocks of two runs have nothing in common, so each run is resampled apart.
 */
#ifndef HARNESS_ANALYSIS_COMPARE_H
#define HARNESS_ANALYSIS_COMPARE_H

#include "harness/analysis/run.h"

enum compare_verdict {
    COMPARE_SAME,  /* no difference shown */
    COMPARE_LESS,  /* B is faster, or smaller */
    COMPARE_MORE,  /* B is slower, or larger */
    COMPARE_BLANK, /* at least one of the two has no figure */
    COMPARE_LOST,  /* A has a figure and B failed */
    COMPARE_BASE,  /* runs of two machines: this cell is the divisor of the others of its work */
    COMPARE_VERDICTS
};

struct compare_options {
    enum run_metric metric;
    double minimum; /* the smallest effect of interest, as a ratio less 1: 0.01 for 1% */
};

struct compare_cell {
    const struct run_cell *a, *b; /* never NULL */
    double median_a, median_b;    /* in the metric's unit; runs of two machines: over the base cell's */
    double ratio;                 /* b / a; NaN when blank */
    struct bootstrap_interval interval;
    double p, p_holm; /* NaN when not tested */
    enum compare_verdict verdict;
};

struct compare {
    struct compare_cell *cells;
    size_t count;
    size_t family;         /* cells tested */
    size_t only_a, only_b; /* cells of one run that the other has not */
    bool normalised;       /* the machines differ: ratios to a base cell are compared */
    /* The least p that the test can give with so many processes, times `family`. Above 0.05 no difference can
     * be shown. */
    double smallest_p;
};

/* Whether both runs say they were made on the same machine: host, processor, cores. */
bool compare_same_machine(const struct run *a, const struct run *b);

/* Compares every cell that both runs have. The result points into both runs; it is for compare_fini(). */
void compare_runs(const struct run *a, const struct run *b, const struct compare_options *options,
                  struct compare *ret_compare);
void compare_fini(struct compare *compare);

/*
 * The null test compares the even blocks of each whole cell with its odd blocks: both sides ran the same
 * executable. Of `tested` cells, `different` had p <= 0.05 without correction: about one in twenty on a quiet
 * machine.
 */
struct compare_null {
    size_t tested, different;
};
struct compare_null compare_null(const struct run *run, enum run_metric metric);

#endif
