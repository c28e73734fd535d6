/* SPDX-License-Identifier: MIT */
/*
 * What a pair writes: the record of a run, and the description of itself. The schemas are in
 * results/README.md.
 */
#ifndef HARNESS_RUNNER_RECORD_H
#define HARNESS_RUNNER_RECORD_H

#include "base/random.h"
#include "harness/runner/arguments.h"
#include "harness/runner/counters.h"
#include "harness/runner/loaded-allocator.h"
#include "harness/runner/pause-log.h"
#include "harness/runner/reach.h"
#include "harness/runner/repetitions.h"
#include "harness/runner/resources.h"

/* One stop at a gc_checkpoint(), after a full collection. */
struct run_checkpoint {
    const char *label;
    uint64_t allocated_objects;
    uint64_t held_objects;
    uint64_t held_bytes;
    struct reach live;
    struct reach_graph graph;
    struct json_t *truth; /* what a collector that observes has to say here, or NULL */
};

enum { RUN_CHECKPOINTS = 1024 };

/* All that is known of one run. */
struct run {
    struct arguments arguments;
    struct allocator_identity allocator;
    struct gc_mutator *mutator;
    struct recorder recorder;
    struct counters counters;
    struct random_state random;
    const char *exhausted; /* why the run ended early, or NULL */
    uint64_t checksum;
    uint64_t begin_ns;
    uint64_t end_ns;
    struct process_cpu begin_cpu;
    struct process_cpu end_cpu;
    uint64_t baseline_rss_bytes;
    uint64_t max_rss_bytes;
    uint64_t stack_peak_bytes; /* 0: cannot be read */
    uint64_t heap_peak_bytes;  /* charged against the heap limit, at the most */
    uint64_t heap_peak_objects;
    uint64_t roots_examined; /* by the collections of the run */
    uint64_t roots_dead;
    uint64_t final_rss_bytes;
    uint64_t freed_before_cutoff; /* objects freed in cascades under the cutoff */
    uint64_t held_objects;        /* after the last full collection */
    uint64_t held_bytes;
    uint64_t freed_objects;
    uint64_t freed_bytes;
    struct reach live;
    struct json_t *truth; /* what a collector that observes says of the end, or NULL */
    uint64_t final_collect_ns;
    void (*collector_checkpoint)(struct gc_mutator *, const char *); /* the collector's own hook, or NULL */
    struct run_checkpoint *checkpoints;
    uint64_t checkpoint_count;
    struct repetition *repetitions; /* of --repetitions, or NULL */
    uint64_t repetition_count;
};

/* Gives the JSON library memory that is not from the allocator under test. Before anything else here, and
 * before the run. */
void record_prepare(void);

/* Writes the record to `run->arguments.record`. Returns 0, or -1 with errno set. Its memory is not from the
 * allocator under test. */
int record_write(struct run *run);

/* Prints the description as JSON to standard output. Returns 0, or -1 with errno set. */
int record_describe(void);

#endif
