/* SPDX-License-Identifier: MIT */
/* The pauses of one process as raw events: events/<id>.csv. The format is in results/README.md. */
#ifndef HARNESS_RESULTS_EVENTS_H
#define HARNESS_RESULTS_EVENTS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/pause.h"

enum event_kind { EVENT_FULL, EVENT_YOUNG, EVENT_SLICE, EVENT_CASCADE, EVENT_KINDS };

extern const char *const event_kind_names[EVENT_KINDS];
extern const char *const event_reason_names[GC_REASON_KINDS];

enum { EVENT_REASON_UNKNOWN = -1 }; /* of files of earlier versions */

struct event {
    enum event_kind kind;
    int64_t begin_ns, end_ns; /* from the start of the workload; begin <= end */
    int64_t visited_objects, freed_objects, freed_bytes;
    int reason; /* enum gc_reason, or EVENT_REASON_UNKNOWN */
};

struct events {
    struct event *rows; /* in the order of the file */
    size_t count;
};

/*
 * Reads the events of process `id` of the run in the folder `dir`. Returns 1 and rows that the caller frees;
 * 0 when the run kept none; or MESSAGE_BAD_INPUT after one line that names file and line. O(size).
 */
int events_read(const char *dir, int64_t id, struct events *ret_events);

/*
 * Makes the file at `path`, for events_add() and events_finish(). NULL with errno set when it cannot be made.
 */
FILE *events_create(const char *path);

/* Adds an event. An error shows when the file is finished. */
void events_add(FILE *file, const struct event *event);

/* Closes the file. Returns 0, or -1 when any of what was written did not reach the file. */
int events_finish(FILE *file);

#endif
