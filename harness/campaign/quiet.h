/* SPDX-License-Identifier: MIT */
/*
 * What keeps a session's processes quiet, and what shows how quiet they were: a processor for what is measured
 * and another for this process (machine/processor.h), and the reference program (machine/reference-run.h).
 */
#ifndef HARNESS_CAMPAIGN_QUIET_H
#define HARNESS_CAMPAIGN_QUIET_H

#include "harness/campaign/machine/processor.h"
#include "harness/results/reference.h"
#include "harness/results/store.h"

struct quiet {
    struct processors processors;
    char *program; /* the reference program's path; NULL: it failed, and does not run any more */
    struct journal journal;
    int64_t block, ran_ns; /* where and when the program ran last in this session; -1: not yet */
};

/* Nothing is kept yet; for quiet_end(). */
#define QUIET_NONE ((struct quiet){.journal = {.file = -1}, .block = -1})

/* Finds the reference program. Returns 0, or MESSAGE_BAD_INPUT after one line. For quiet_end() in either case. */
int quiet_find(struct quiet *quiet);

/*
 * Begins a session of the run in the folder `dir`, whose lock is held: probes the processors and keeps them,
 * and opens reference.csv. Adds `processor`, `orchestrator_processor` and `probes` to `session`, the session's
 * object in the manifest. Adds to the manifest the rules `reference` and `attempts`, and to its `warnings`
 * what is wrong with the processors. Saves nothing. Returns 0, or MESSAGE_STORAGE after one line.
 */
int quiet_begin(struct quiet *quiet, const struct writing_folder *run, json_t *manifest, json_t *session);

/*
 * Before a process of this block: runs the reference program where it is due. Returns 0; MESSAGE_STORAGE
 * after one line; or MESSAGE_INTERRUPTED. A program that fails is said once, and stops nothing.
 */
int quiet_reference(struct quiet *quiet, int64_t block);

/* After the last process of a session: runs it once more, for the same block. As quiet_reference(). */
int quiet_reference_last(struct quiet *quiet);

/* Fills in the processor of a row whose process left no record. */
void quiet_row(const struct quiet *quiet, struct store_row *row);

/* Puts this process back where it was, and closes reference.csv. */
void quiet_end(struct quiet *quiet);

/*
 * Adds to the manifest's `warnings` what a finished run shows: the blocks in which the reference program's
 * time differs, and how many processes were disturbed in each of their attempts.
 */
void quiet_conclude(const char *dir, json_t *manifest, const struct store_row *rows, size_t count);

#endif
