/* SPDX-License-Identifier: MIT */
/*
 * The times of the requests, of a workload that serves requests: where they are noted, and what is made of
 * them.
 */
#ifndef HARNESS_RUNNER_REQUESTS_H
#define HARNESS_RUNNER_REQUESTS_H

#include <jansson.h>
#include <stdint.h>

/* Maps and touches room for `count` requests in `workload_requests`. Returns 0, or -1 with errno set. */
int requests_open(uint64_t count);

/* Writes the requests as CSV with times counted from `start_ns`. Returns 0, or -1 with errno set. O(n). */
int requests_write(const char *path, uint64_t start_ns);

/*
 * Makes the record's `latency` (results/README.md): quantiles of simple, metered and response latency. When
 * the workload ended early, the complete requests count. A new reference, or NULL when there is no memory.
 * O(n log n).
 */
json_t *requests_describe(void);

#endif
