/* SPDX-License-Identifier: MIT */
/*
 * The pause log of a process: each pause as a raw event with its phases, and samples of the heap and of the resident
 * size.
 * Its memory is mapped and touched before the clock starts, not by the allocator under test. Listening
 * allocates nothing. The time spent on samples is added up, and stands in the record.
 *
 * A pause's way: the collector's gc_pause_end() calls the listener here, which adds the pause to the sums and
 * keeps it as an event while there is room. After the workload, record.c takes the sums and the quantiles,
 * and pause_log_write_events() the events.
 */
#ifndef HARNESS_RUNNER_PAUSE_LOG_H
#define HARNESS_RUNNER_PAUSE_LOG_H

#include "collectors/mutator.h"
#include "harness/runner/kernel-account.h"
#include "harness/runner/phase-log.h"

struct pause_log_sample {
    uint64_t time_ns;
    uint64_t allocated_bytes;
    uint64_t heap_bytes;
    uint64_t rss_bytes;
};

/* Sums over all pauses of one sort, whether kept as events or not. */
struct pause_log_sum {
    uint64_t count;
    uint64_t total_ns;
    uint64_t max_ns;
    uint64_t visited_objects;
    uint64_t freed_objects;
};

struct pause_log {
    struct gc_listener listener;
    struct gc_pause *pauses;
    uint64_t pause_count;
    uint64_t pause_capacity;
    uint64_t pauses_dropped; /* pauses that came when `pauses` was full: in the sums, not in the events */
    struct pause_log_sum collections; /* with their slices */
    uint64_t slices;                  /* pauses of `collections` that were slices */
    struct pause_log_sum cascades;
    struct phase_log phases;      /* raw ones for as many as there is room for pauses */
    struct kernel_account kernel; /* begun and ended by the caller, at the clock's readings */
    struct pause_log_sample *samples;
    uint64_t sample_count;
    uint64_t sample_interval; /* bytes allocated between two samples; doubles when `samples` is full */
    uint64_t sampling_ns;     /* spent taking samples */
    uint64_t samples_taken;
    uint64_t rss_bytes;   /* as last read, */
    uint64_t rss_read_ns; /* and when: 0 before the first reading */
};

/*
 * To read the resident size costs 2 µs, ten times what the rest of a sample does. So a sample has the size as
 * it was read at most PAUSE_LOG_RSS_NS before, and the readings take 0.4% of the time at most.
 */
enum {
    PAUSE_LOG_SAMPLES = 1024,
    PAUSE_LOG_PAUSES = 131072,
    PAUSE_LOG_FIRST_INTERVAL = 65536,
    PAUSE_LOG_RSS_NS = 500000
};

/* Maps and touches the buffers for `pause_capacity` raw events, and for as many phases. Returns 0, or -1 with errno set. */
int pause_log_open(struct pause_log *log, uint64_t pause_capacity);

/* Adds a sample now, outside the allocation path: the first and the last. It reads the resident size anew. */
void pause_log_sample_now(struct pause_log *log, const struct gc_mutator *mutator);

/*
 * Write the events, or the samples, as CSV with times counted from `start_ns`. Return 0, or -1 with errno
 * set. O(n).
 */
int pause_log_write_events(const struct pause_log *log, const char *path, uint64_t start_ns);
int pause_log_write_timeline(const struct pause_log *log, const char *path, uint64_t start_ns);

/* Lengths of the kept pauses, for base/quantile.h. */
struct pause_log_lengths {
    int64_t *sorted_ns; /* in mapped memory that lives as long as the process */
    uint64_t count;
};

/* Returns the lengths of the kept pauses in ascending order. `sorted_ns` is NULL when no pause was kept, or
 * when there is no memory. O(n log n). */
struct pause_log_lengths pause_log_lengths_sorted(const struct pause_log *log, bool with_cascades);

#endif
