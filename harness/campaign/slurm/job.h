/* SPDX-License-Identifier: MIT */
/*
 * A matrix as a job array of Slurm: a task for each shard, and a job that merges them when all have ended.
 *
 *      site.c      asks the site: how large an array may be, how long a job may last
 *      size.c      how many shards there are, and how long each may take
 *      scripts.c   the scripts that the jobs run: shard.sh and merge.sh, with what is of this run
 *      folder.c    the folder that they stand in, and the copies of the executables
 *      submit.c    the commands that submit them
 */
#ifndef HARNESS_CAMPAIGN_SLURM_JOB_H
#define HARNESS_CAMPAIGN_SLURM_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct slurm_job {
    const char *name;           /* of the run: letters, digits, '-', '_' and '.' */
    char *dir, *spec, *program; /* absolute paths: of the folder, of the matrix file, of gcmatrix */
    char *folder;               /* in which the jobs run: that of this process */
    uint64_t blocks, shards;
    uint64_t at_once;         /* tasks that run at the same time, at most; 0: all */
    double seconds;           /* that the longest shard takes; 0: not known */
    uint64_t minutes;         /* the time limit of a task; 0: that of the site */
    bool exclusive;           /* no other job runs on a task's node */
    bool copies;              /* the executables run from the node's own disk */
    struct text_list options; /* of sbatch, as given */
};

#endif
