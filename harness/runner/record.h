/* SPDX-License-Identifier: MIT */
/* What a pair writes of its process. The schema is in results/README.md. */
#ifndef HARNESS_RUNNER_RECORD_H
#define HARNESS_RUNNER_RECORD_H

#include <stddef.h>

#include "harness/runner/process-state.h"

/*
 * Gives the JSON library memory that is not from the allocator under test. Called before anything else here,
 * and before the workload starts.
 */
void record_prepare(void);

/* Takes memory from the same place, for what is written. It is never given back. Ends the process without memory. */
void *record_memory(size_t bytes);

/*
 * Writes the record to `process->arguments.record`. Returns 0, or -1 with errno set. Its memory is not from
 * the allocator under test.
 */
int record_write(struct process_state *process);

#endif
