/* SPDX-License-Identifier: MIT */
/*
 * What a pair writes: the record of its process, and the description of itself. The schemas are in
 * results/README.md.
 */
#ifndef HARNESS_RUNNER_RECORD_H
#define HARNESS_RUNNER_RECORD_H

#include "harness/runner/process-state.h"

/*
 * Gives the JSON library memory that is not from the allocator under test. Called before anything else here,
 * and before the workload starts.
 */
void record_prepare(void);

/*
 * Writes the record to `process->arguments.record`. Returns 0, or -1 with errno set. Its memory is not from
 * the allocator under test.
 */
int record_write(struct process_state *process);

/* Prints the description as JSON to standard output. Returns 0, or -1 with errno set. */
int record_describe(void);

#endif
