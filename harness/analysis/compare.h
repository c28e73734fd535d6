/* SPDX-License-Identifier: MIT */
/*
 * Two runs cell by cell, and a run against itself.
 *
 * A difference is called one only when three things hold: the 95% bootstrap interval of the ratio of medians
 * excludes 1, the effect is at least the stated minimum of interest, and the rank-sum test's p, corrected by
 * Holm over every cell compared, is at most 0.05. Processes are the unit; blocks of two runs are unrelated,
 * so they are drawn separately.
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
    COMPARE_BASE,  /* of two machines: the cell that the others of its work were divided by */
    COMPARE_VERDICTS
};

struct compare_options {
    enum run_metric metric;
    double minimum; /* of interest, as a ratio less 1: 0.01 for 1% */
};

struct compare_cell {
    const struct run_cell *a, *b; /* never NULL */
    double median_a, median_b;    /* in the metric's unit; of two machines: over the base cell's */
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
    double smallest_p;     /* that the test can give with this many processes, times the family; above 0.05
                              nothing can be shown */
};

/* Whether both runs say they were made on the same machine: host, processor, cores. */
bool compare_same_machine(const struct run *a, const struct run *b);

/* Returns 0 or -ENOMEM; the caller ends with compare_fini(). Points into both runs. */
int compare_runs(const struct run *a, const struct run *b, const struct compare_options *options,
                 struct compare *ret_compare);
void compare_fini(struct compare *compare);

/*
 * The null test: each whole cell's even blocks against its odd ones, the same process on both sides. Of
 * `tested` cells, `different` had p <= 0.05 without correction: about one in twenty when the machine is
 * quiet.
 */
struct compare_null {
    size_t tested, different;
};
struct compare_null compare_null(const struct run *run, enum run_metric metric);

#endif
