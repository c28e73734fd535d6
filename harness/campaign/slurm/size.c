/* SPDX-License-Identifier: MIT */
#include "harness/campaign/slurm/size.h"

#include <math.h>

/* A task costs Slurm a second or two, and a copy of the executables. So a shard lasts minutes. */
enum { SHARD_SECONDS = 600 };

/* A limit has twice what is expected, as the earlier run may be of a faster machine, and so much more. */
enum { SPARE_MINUTES = 5 };

static uint64_t quotient_up(uint64_t a, uint64_t b)
{
    return a / b + (a % b > 0);
}

/* The time limit in minutes: none where the time is not known, and never above the site's. */
static uint64_t limit_of(double seconds, double most)
{
    if (!(seconds > 0))
        return 0;
    double minutes = fmin(ceil(2 * seconds / 60) + SPARE_MINUTES, floor(most / 60));
    return minutes >= 1 ? (uint64_t)minutes : 0;
}

void slurm_size(struct slurm_job *job, double block_seconds, const struct slurm_site *site)
{
    uint64_t each = 1;
    if (block_seconds > 0 && block_seconds < SHARD_SECONDS)
        each = (uint64_t)fmin(SHARD_SECONDS / block_seconds, (double)job->blocks);
    if (job->at_once && each > job->blocks / job->at_once)
        each = job->blocks / job->at_once;
    uint64_t least = quotient_up(job->blocks, site->tasks);
    each = each < least ? least : each;
    job->shards = quotient_up(job->blocks, each);
    job->seconds = (double)quotient_up(job->blocks, job->shards) * block_seconds;
    job->minutes = limit_of(job->seconds, site->seconds);
}
