/* SPDX-License-Identifier: MIT */
/* The heap of one process against time: timelines/<id>.csv. The format is in results/README.md. */
#ifndef HARNESS_RESULTS_TIMELINES_H
#define HARNESS_RESULTS_TIMELINES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct timeline_point {
    int64_t time_ns; /* from the start of the workload */
    int64_t allocated_bytes, heap_bytes, rss_bytes;
};

struct timeline {
    struct timeline_point *rows; /* in the order of the file */
    size_t count;
};

/*
 * Reads the timeline of process `id` of the run in the folder `dir`. Returns 1 and rows that the caller
 * frees; 0 when the run kept none; or MESSAGE_BAD_INPUT after one line that names file and line. O(size).
 */
int timelines_read(const char *dir, int64_t id, struct timeline *ret_timeline);

/* Reads a timeline that a process was told to write to `path`, outside a run's folder. Returns as above. */
int timelines_read_file(const char *path, struct timeline *ret_timeline);

/* Makes the file at `path`, for timelines_add() and timelines_finish(). NULL with errno set when it cannot be
 * made. */
FILE *timelines_create(const char *path);

/* Adds a point. An error shows when the file is finished. */
void timelines_add(FILE *file, const struct timeline_point *point);

/* Closes the file. Returns 0, or -1 when any of what was written did not reach the file. */
int timelines_finish(FILE *file);

#endif
