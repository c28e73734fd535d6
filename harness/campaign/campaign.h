/* SPDX-License-Identifier: MIT */
/* A run: every process of a plan, into one results folder. */
#ifndef HARNESS_CAMPAIGN_CAMPAIGN_H
#define HARNESS_CAMPAIGN_CAMPAIGN_H

#include "harness/campaign/plan.h"

struct campaign_options {
    const char *dir; /* NULL: results/<name>-<time> */
    bool resume;     /* go on with `dir` if it is there */
};

/*
 * Runs the plan and says at the end what came of it. Before the first process each allocator is tried once,
 * so that a preload that does not take stops the run before it writes anything. Returns an exit status
 * (message.h).
 */
int campaign_run(const struct spec *spec, const struct plan *plan, const struct campaign_options *options);

/* "binary-trees:depth=16-rc on jemalloc:normalised", for people; the caller frees it. */
char *campaign_cell_name(const struct plan_cell *cell);

#endif
