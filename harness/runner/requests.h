/* SPDX-License-Identifier: MIT */
/* The requests of a workload that serves them: room to note their times, and what becomes of those. */
#ifndef HARNESS_RUNNER_REQUESTS_H
#define HARNESS_RUNNER_REQUESTS_H

#include <jansson.h>
#include <stdint.h>

/* Maps and touches room for `count` requests in `workload_requests`. Returns 0, or -1 with errno set. */
int requests_open(uint64_t count);

/* Writes them as CSV with times counted from `start_ns`. Returns 0, or -1 with errno set. O(n). */
int requests_write(const char *path, uint64_t start_ns);

/*
 * The record's `latency` (results/README.md): quantiles of simple, metered and response latency. New, or NULL
 * when there is no memory; requests complete when the run ended early are in it. O(n log n).
 */
json_t *requests_describe(void);

#endif
