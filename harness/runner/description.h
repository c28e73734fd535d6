/* SPDX-License-Identifier: MIT */
/* The description of a pair: its workload and its collector, with their options, and what the collector promises.
 * The schema is in results/README.md. */
#ifndef HARNESS_RUNNER_DESCRIPTION_H
#define HARNESS_RUNNER_DESCRIPTION_H

/* Prints the description as JSON to standard output, after record_prepare(). Returns 0, or -1 with errno set. */
int description_write(void);

#endif
