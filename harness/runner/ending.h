/* SPDX-License-Identifier: MIT */
/* How a measured process ends early: with one line on standard error, "<pair>: ...", and an exit status. */
#ifndef HARNESS_RUNNER_ENDING_H
#define HARNESS_RUNNER_ENDING_H

#include "harness/results/records.h"
#include "harness/runner/reach.h"
#include "workloads/workload.h"

/* Exit statuses of a pair that did not do its work; 0 is success. */
enum {
    ENDING_USAGE = 2,              /* wrong options, or a file that cannot be made */
    ENDING_OOM = RECORDS_EXIT_OOM, /* 3: the collector, or the process around it, had no memory */
    ENDING_WRONG = WORKLOAD_EXIT_WRONG,
    ENDING_STORAGE = RECORDS_EXIT_STORAGE, /* 5: a file that could not be written to its end */
};

/* Prints the line and exits with `status`. */
__attribute__((noreturn, format(printf, 2, 3))) void ending_fail(int status, const char *format, ...);

/* Returns `memory`, which was mapped before the workload starts; ends the process when it is NULL. */
void *ending_unless_mapped(void *memory);

/* Counts what the mutator's names reach, or ends the process when there is no memory for it. */
void ending_unless_counted(const struct gc_mutator *mutator, struct reach *ret_reach);

/* Finds the form of the reachable graph, or ends the process when there is no memory for it. */
void ending_unless_walked(const struct gc_mutator *mutator, struct reach_graph *ret_graph);

#endif
