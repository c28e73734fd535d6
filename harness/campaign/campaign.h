/* SPDX-License-Identifier: MIT */
/* A campaign measures every process of a plan, into one run's folder. */
#ifndef HARNESS_CAMPAIGN_CAMPAIGN_H
#define HARNESS_CAMPAIGN_CAMPAIGN_H

#include "harness/campaign/plan/plan.h"
#include "harness/results/shard.h"

struct campaign_options {
    const char *dir;    /* NULL: results/<name>-<time> */
    bool resume;        /* go on with the run in `dir`, if it is there */
    struct shard shard; /* the blocks to run, where their number is fixed; of zeros: all of them */
    /* What the command line says of the design, as " --precision 3%", and of the budget, as " --budget 30m",
     * for the lines that say how to go on. */
    const char *again, *budget;
};

/*
 * Runs the plan, and sums it up in words at the end. Tries each allocator once before the first process, so a
 * preload that fails stops the run before anything is written. Returns an exit status (message.h).
 */
int campaign_run(const struct spec *spec, const struct plan *plan, const struct campaign_options *options);

/*
 * Says on standard output how long the plan takes and what it can show, by the earlier run in the folder
 * `earlier`; NULL: none is known. Returns an exit status.
 */
int campaign_estimate(const struct spec *spec, const struct plan *plan, const char *earlier);

/*
 * The seconds that a block of the plan takes, by the earlier run in the folder `earlier`; 0: none is given, it cannot
 * be read, which is one line, or it has less than half of the cells. O(cells² + cells x rows).
 */
double campaign_block_seconds(const struct spec *spec, const struct plan *plan, const char *earlier);

#endif
