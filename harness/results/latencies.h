/* SPDX-License-Identifier: MIT */
/* The requests of one process: latencies/<id>.csv. The format is in results/README.md. */
#ifndef HARNESS_RESULTS_LATENCIES_H
#define HARNESS_RESULTS_LATENCIES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/results/latency.h"

struct latencies {
    struct latency_request *rows; /* in the order of the file; times from the start of the workload */
    size_t count;
};

/*
 * Reads the requests of process `id` of the run in the folder `dir`. Returns 1 and rows that the caller
 * frees; 0 when the run kept none; or MESSAGE_BAD_INPUT after one line that names file and line. O(size).
 */
int latencies_read(const char *dir, int64_t id, struct latencies *ret_latencies);

/* Makes the file at `path`, for latencies_add() and latencies_finish(). NULL with errno set when it cannot be
 * made. */
FILE *latencies_create(const char *path);

/* Adds a request. An error shows when the file is finished. */
void latencies_add(FILE *file, const struct latency_request *request);

/* Closes the file. Returns 0, or -1 when any of what was written did not reach the file. */
int latencies_finish(FILE *file);

#endif
