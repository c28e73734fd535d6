/* SPDX-License-Identifier: MIT */
/*
 * A rehearsal: a cold run that finds out which pages a warm one needs (warm-plan.h). It notes every page that
 * the process maps while it is measured, and, when the page goes or the run ends, whether it was touched.
 */
#ifndef HARNESS_RUNNER_REHEARSAL_H
#define HARNESS_RUNNER_REHEARSAL_H

#include <stdint.h>

/* Begins. Returns 0, or -1 with errno set: ENOMEM when there is no memory for the notes, otherwise when the kernel
 * cannot catch the calls. */
int rehearsal_begin(void);

/* The workload has ended. */
void rehearsal_end(void);

/* Returns the word for --warm, in memory that stays. `stack_bytes`: of the C stack, at its deepest. NULL when the
 * process mapped more than can be noted. */
const char *rehearsal_plan(uint64_t stack_bytes);

/* A digest of the addresses that the kernel gave. */
uint64_t rehearsal_addresses(void);

#endif
