/* SPDX-License-Identifier: MIT */
/* Raw samples of one process: events/<id>.csv, timelines/<id>.csv and latencies/<id>.csv, as
 * results/README.md describes them. */
#ifndef HARNESS_RESULTS_SAMPLES_H
#define HARNESS_RESULTS_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/results/latency.h"

enum samples_kind { SAMPLES_FULL, SAMPLES_YOUNG, SAMPLES_SLICE, SAMPLES_CASCADE, SAMPLES_KINDS };

extern const char *const samples_kind_names[SAMPLES_KINDS];

struct samples_event {
    enum samples_kind kind;
    int64_t begin_ns, end_ns; /* from the start of the run; begin <= end */
    int64_t visited_objects, freed_objects, freed_bytes;
};

struct samples_point {
    int64_t time_ns; /* from the start of the run */
    int64_t allocated_bytes, heap_bytes, rss_bytes;
};

struct samples_events {
    struct samples_event *rows;
    size_t count;
};

struct samples_timeline {
    struct samples_point *rows;
    size_t count;
};

struct samples_latencies {
    struct latency_request *rows;
    size_t count;
};

/*
 * Whether the folder holds any file in <folder>/<part>/, where `part` is "records", "events", "timelines" or
 * "latencies". A run can be handed on without them.
 */
bool samples_are_kept(const char *folder, const char *part);

/*
 * Read the file of process `id` in a results folder. Return 1 and rows to be freed; 0 when the run kept no
 * such file; or MESSAGE_BAD_INPUT after one line that names file and line. O(size).
 */
int samples_events_read(const char *folder, int64_t id, struct samples_events *ret_events);
int samples_timeline_read(const char *folder, int64_t id, struct samples_timeline *ret_timeline);
int samples_latencies_read(const char *folder, int64_t id, struct samples_latencies *ret_latencies);

#endif
