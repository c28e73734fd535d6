/* SPDX-License-Identifier: MIT */
/* Counts what became worse by more than a limit, and what could not be told: for `--fail-on-regression`. */
#ifndef HARNESS_ANALYSIS_REGRESSIONS_H
#define HARNESS_ANALYSIS_REGRESSIONS_H

#include "harness/analysis/claims.h"
#include "harness/analysis/compare.h"

struct regressions {
    size_t worse;  /* cells that are shown to be worse, and are so by more than the limit */
    size_t lost;   /* cells that had a figure and have none */
    size_t open;   /* undecided cells that may be worse by more than the limit */
    size_t blocks; /* that the worst of these needs; 0 where none suffice */
    bool machines; /* of several machines: machines in place of blocks */
};

/*
 * Of two runs: a cell is open where a difference of the limit could not have been called with the processes there
 * are. `limit` is a ratio above 1. O(cells x log).
 */
struct regressions regressions_of_runs(const struct compare *compare, const struct compare_options *options,
                                       double limit);

/*
 * Of a run of two builds: the build without a name against the other. A cell is open where its interval reaches
 * beyond the limit. O(pairs x (blocks + log)).
 */
struct regressions regressions_of_builds(const struct claims *claims, double limit);

#endif
