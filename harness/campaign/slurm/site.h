/* SPDX-License-Identifier: MIT */
/* What a site's Slurm says of its limits. */
#ifndef HARNESS_CAMPAIGN_SLURM_SITE_H
#define HARNESS_CAMPAIGN_SLURM_SITE_H

#include <math.h>
#include <stdint.h>

#include "base/text.h"

struct slurm_site {
    uint64_t tasks; /* that an array may have */
    double seconds; /* that a job may last; INFINITY: there is no limit, or it is not known */
};

/* What a site has where nothing is said: Slurm's own default. */
#define SLURM_SITE_DEFAULT ((struct slurm_site){.tasks = 1000, .seconds = INFINITY})

/*
 * Asks scontrol and sinfo. The time limit is that of the partition in the options of sbatch, of SBATCH_PARTITION, or
 * of the site's default partition. Returns 0, or MESSAGE_BAD_INPUT after one line: there is no Slurm here, or none
 * answers. Waits half a minute for each answer at most.
 */
int slurm_site_ask(const struct text_list *options, struct slurm_site *ret_site);

/*
 * Runs a command of Slurm with these words, of which the first is its name. Returns 0 and what it said, which the
 * caller frees; or MESSAGE_BAD_INPUT after one line with the last that it said, or MESSAGE_INTERRUPTED.
 */
int slurm_command(char *const *words, char **ret_output);

/* Reads a time limit, as in "30", "30:00", "4:00:00", "2-12" or "infinite". Returns seconds; NaN: it is none. */
double slurm_site_limit_read(const char *text);

/* The partition that options of sbatch name, the first of several, for the caller to free; NULL: they name none. */
char *slurm_site_partition(const struct text_list *options);

#endif
