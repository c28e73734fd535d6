/* SPDX-License-Identifier: MIT */
/* How many shards a job array has. */
#ifndef HARNESS_CAMPAIGN_SLURM_SIZE_H
#define HARNESS_CAMPAIGN_SLURM_SIZE_H

#include "harness/campaign/slurm/job.h"
#include "harness/campaign/slurm/site.h"

/*
 * Sets the shards of a job of so many blocks, their time and their limit. Where the time of a block is known, in
 * seconds, a shard has blocks for ten minutes; where it is not (0), it has one. There are shards for all tasks that
 * may run at once, if the blocks suffice, and no more than the site takes. O(1).
 */
void slurm_size(struct slurm_job *job, double block_seconds, const struct slurm_site *site);

#endif
