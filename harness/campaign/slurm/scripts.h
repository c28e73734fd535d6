/* SPDX-License-Identifier: MIT */
/* The two scripts of a job array, and the folder that they stand in. */
#ifndef HARNESS_CAMPAIGN_SLURM_SCRIPTS_H
#define HARNESS_CAMPAIGN_SLURM_SCRIPTS_H

#include <stdio.h>

#include "harness/campaign/plan/plan.h"
#include "harness/campaign/slurm/job.h"

/* shard.sh and merge.sh of this room, as the build puts them into the program; each has a place for what is of a job. */
extern const char scripts_shard_text[], scripts_merge_text[];

/* Write the script of a task, and that of the merging job. */
void scripts_shard_write(FILE *file, const struct slurm_job *job);
void scripts_merge_write(FILE *file, const struct slurm_job *job);

/*
 * Makes the job's folder, which must not be there: shard.sh, merge.sh, the empty folders `shards` and `logs`, and
 * `programs` with the plan's executables and their pairs.json, where the job copies them. So a build may go on while
 * the jobs wait. Returns 0; or MESSAGE_BAD_INPUT or MESSAGE_STORAGE after one line, with nothing left behind.
 * O(bytes of the executables).
 */
int scripts_folder_make(const struct slurm_job *job, const struct plan *plan, const struct pairs *pairs);

#endif
