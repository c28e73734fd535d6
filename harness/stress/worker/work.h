/* SPDX-License-Identifier: MIT */
/*
 * What a collector has done, counted and not timed. The compiler puts a call of work_step() in front of each
 * stretch of the collector's code that has no branch inside: -fsanitize-coverage=trace-pc. So an edge followed, an
 * entry looked at, a region swept and a link of a list are each a step or a few, and no loop goes uncounted,
 * whoever wrote it. What is cleared or copied at once counts a step for each cache line.
 *
 * Only work-<collector> is compiled so. Neither what is timed nor stress-<collector> has the calls.
 */
#ifndef HARNESS_STRESS_WORKER_WORK_H
#define HARNESS_STRESS_WORKER_WORK_H

#include <stdint.h>

extern uint64_t work_steps;    /* since the process began */
extern uint64_t work_steps_at; /* where work_spent is called */

/* Defined by the caller. Called once when `work_steps` reaches `work_steps_at`; does not return. */
__attribute__((noreturn)) void work_spent(void);

#endif
