/* SPDX-License-Identifier: MIT */
/* The commands that submit a job array, and the job that merges its shards. */
#ifndef HARNESS_CAMPAIGN_SLURM_SUBMIT_H
#define HARNESS_CAMPAIGN_SLURM_SUBMIT_H

#include "harness/campaign/slurm/job.h"

/*
 * The words of sbatch for the array, and for the merging job behind the array `after`. The caller frees the list.
 * Both have the options that were given.
 */
struct text_list submit_array_words(const struct slurm_job *job);
struct text_list submit_merge_words(const struct slurm_job *job, const char *after);

/* The words as a line for a shell, which the caller frees. */
char *submit_line(const struct text_list *words);

/* Submits a job. Returns 0 and its number, which the caller frees; or a status after one line. */
int submit(const struct text_list *words, char **ret_number);

#endif
