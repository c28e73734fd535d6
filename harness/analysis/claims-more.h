/* SPDX-License-Identifier: MIT */
/*
 * What would decide the undecided pairs of a run, and how long that takes, by the noise that the run has shown.
 *
 * Pairs of wall time are decided by going on, as long as a look of the design is left that decides some. Those of other
 * metrics are not: cells stop by wall time. They need a new run with a fixed number of blocks, and so do all pairs where
 * no look is left. Its single look spends all of alpha. Nothing is estimated of a run of several machines: its intervals
 * are over machines, and the noise of blocks says little of these.
 */
#ifndef HARNESS_ANALYSIS_CLAIMS_MORE_H
#define HARNESS_ANALYSIS_CLAIMS_MORE_H

#include "harness/analysis/claims.h"

enum claims_way {
    CLAIMS_GO_ON,   /* by more blocks of this run, all its settings together */
    CLAIMS_NEW_RUN, /* by a new run of the setting's cells, each in `blocks` blocks */
};

struct claims_more {
    enum claims_way way;
    bool in_vain;   /* a new run, as the looks that are left decide none */
    size_t known;   /* undecided pairs whose noise is known */
    size_t pairs;   /* of them those that would be decided in nine runs of ten */
    size_t blocks;  /* of a new run: they decide half of the pairs that CLAIMS_MORE_BLOCKS would decide */
    double seconds; /* of measuring; 0 where no process of a cell has its time */
};

enum { CLAIMS_MORE_BLOCKS = 500 }; /* a new run has no more */

/* Estimates it for the undecided pairs of a setting. O(rows + pairs x blocks). */
struct claims_more claims_more(const struct claims *claims, size_t setting);

#endif
