/* SPDX-License-Identifier: MIT */
/*
 * Compares two runs cell by cell, and a run with itself.
 *
 * Two runs have no blocks in common, and something lies between them that no block shows. So a difference has a
 * variance between runs besides the scatter in each (harness/statistics/two-runs.h). A cell is said to differ when p,
 * corrected by Holm over every cell compared, is at most 0.05, and the effect is at least the minimum of interest. It
 * is said to be equal when the test of "off by the precision or more" (Schuirmann's two one-sided tests, 1987) is
 * refused in the same way. Else it is undecided. Figures that do not vary are compared exactly.
 *
 * The times of two runs are first made comparable:
 *
 *   reference   Both ran the reference program: each time is divided by the program's time in its block.
 *   centre      Two machines: each time of B is divided by the median, over all cells that both runs have of
 *               the workload and setting, of B / A. So one cell that became slow does not make the others fast.
 *               A workload of fewer than three such cells takes the median over all workloads. Machines differ
 *               in more than a factor: the spread of B / A around these medians counts as variance between runs.
 *   none        All else, and all metrics but times.
 *
 * Where both runs are of several machines, B / A is formed on each machine that both have, by the reference where
 * there is one. Then it is combined over machines (two_runs_over_machines()). Where they have one in common, the runs
 * are compared as they are on it. Where they have none, the machine that is shown of each is, as two machines.
 */
#ifndef HARNESS_ANALYSIS_COMPARE_H
#define HARNESS_ANALYSIS_COMPARE_H

#include "harness/analysis/run.h"
#include "harness/statistics/drift.h"
#include "harness/statistics/two-runs.h"

enum compare_verdict {
    COMPARE_UNDECIDED, /* neither a difference nor equality is shown */
    COMPARE_LESS,      /* B is faster, or smaller */
    COMPARE_MORE,      /* B is slower, or larger */
    COMPARE_EQUAL,     /* within the precision */
    COMPARE_BLANK,     /* A has no figure */
    COMPARE_LOST,      /* A has a figure and B has none: it failed, is missing, or is not in B's matrix */
    COMPARE_VERDICTS
};

struct compare_options {
    enum run_metric metric;
    double minimum;   /* the smallest effect of interest, as a ratio less 1: 0.01 for 1% */
    double precision; /* equal within this ratio less 1 */
    double between;   /* standard deviation of a run's offset, as a ratio less 1 */
};

struct compare_cell {
    const struct run_cell *a, *b; /* b is NULL where B's matrix has no such cell */
    double median_a, median_b;    /* in the metric's unit, as measured on the machines of_a and of_b */
    double ratio; /* b / a, of geometric means, after what makes times comparable; NaN when blank */
    struct bootstrap_interval interval; /* 95%, of this cell alone */
    double p, p_holm;                   /* of "no difference"; NaN when not tested */
    struct two_runs found;              /* what was found of the two */
    enum compare_verdict verdict;
};

enum compare_basis { COMPARE_NONE, COMPARE_REFERENCE, COMPARE_CENTRE };

struct compare {
    struct compare_cell *cells;
    size_t count;
    size_t family; /* cells tested */
    size_t only_b; /* cells that A has not */
    enum compare_basis basis;
    size_t machines;   /* on which both runs are compared: 1, or those that both have */
    size_t of_a, of_b; /* the machine of medians: of these the first, by its place in each run */
    bool several;      /* one of the runs has several machines */
    bool two_machines; /* the runs have no machine in common */
    double between;    /* what was used: with COMPARE_CENTRE the spread of the cells where that is more */
};

/* Whether both runs were made on one machine each, and say that it is the same: host, processor, cores. */
bool compare_same_machine(const struct run *a, const struct run *b);

/* Whether the metric is a time, which the machine moves; and whether it is a count that cannot vary. O(1). */
bool compare_is_time(enum run_metric metric);
bool compare_cannot_vary(enum run_metric metric);

/*
 * Copies the values of a cell, one for each block of the run. With COMPARE_REFERENCE they are divided by the time of
 * the reference program in the block; else they are as measured. O(blocks).
 */
void compare_values(const struct run *run, const struct run_cell *cell, enum run_metric metric,
                    enum compare_basis basis, double *ret_values);

/*
 * Compares every cell of A that takes part in comparisons. The result points into both runs; it is for
 * compare_fini(). O(cells² + cells x blocks).
 */
void compare_runs(const struct run *a, const struct run *b, const struct compare_options *options,
                  struct compare *ret_compare);
void compare_fini(struct compare *compare);

/*
 * Returns how many blocks each run needs so that a difference of `ratio` in this cell is called nine times in ten,
 * with the scatter found. It is 0 where none suffice, and in a comparison over machines. O(log n).
 */
size_t compare_blocks_needed(const struct compare *compare, const struct compare_options *options,
                             const struct compare_cell *cell, double ratio);

/*
 * Return what moved the whole run while it was measured (harness/statistics/drift.h): by the wall times of its cells,
 * and by the reference program. Its p are NaN where it did not run. What machines of a run differ by is left out.
 * O(cells x blocks x log + blocks^3).
 */
struct drift compare_drift(const struct run *run);
struct drift compare_reference_drift(const struct run *run);

#endif
