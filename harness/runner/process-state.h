/* SPDX-License-Identifier: MIT */
/* The state of a measured process. main() fills it phase by phase, and record.c makes the record from it. */
#ifndef HARNESS_RUNNER_PROCESS_STATE_H
#define HARNESS_RUNNER_PROCESS_STATE_H

#include "base/random.h"
#include "harness/runner/arguments.h"
#include "harness/runner/counters.h"
#include "harness/runner/loaded-allocator.h"
#include "harness/runner/pause-log.h"
#include "harness/runner/processor-share.h"
#include "harness/runner/reach.h"
#include "harness/runner/repetitions.h"
#include "harness/runner/resources.h"

/* One stop at a gc_checkpoint(), after a full collection. */
struct process_checkpoint {
    const char *label;
    uint64_t allocated_objects;
    uint64_t held_objects;
    uint64_t held_bytes;
    struct reach live;
    struct reach_graph graph;
    struct json_t *truth; /* of a collector that observes; else NULL */
};

enum { PROCESS_CHECKPOINTS = 1024 };

/* From the options to the last full collection. Times are gc_clock() readings. */
struct process_state {
    struct arguments arguments;
    struct loaded_allocator allocator;
    struct gc_mutator *mutator;
    struct pause_log pause_log;
    struct counters counters;
    struct random_state random;
    const char *exhausted; /* why the workload ended early, or NULL */
    uint64_t checksum;
    uint64_t begin_ns;
    uint64_t end_ns;
    struct resources_usage begin_usage;
    struct resources_usage end_usage;
    struct processor_share begin_share;
    struct processor_share end_share;
    const char *warm; /* what a rehearsal found, or NULL */
    uint64_t baseline_rss_bytes;
    uint64_t max_rss_bytes;
    uint64_t stack_peak_bytes; /* 0: cannot be read */
    uint64_t heap_peak_bytes;  /* the most that was charged against the heap limit */
    uint64_t heap_peak_objects;
    uint64_t external_peak_bytes; /* see struct gc_external */
    uint64_t roots_examined;      /* by the collections while the workload ran */
    uint64_t roots_dead;
    uint64_t
        collected_rss_bytes; /* after the last full collection, while all that lives is there; 0: there was none */
    uint64_t final_rss_bytes;
    uint64_t freed_before_cutoff; /* objects freed in cascades under the cutoff */
    uint64_t held_objects;        /* after the last full collection */
    uint64_t held_bytes;
    uint64_t external_held_bytes;
    uint64_t freed_objects;
    uint64_t freed_bytes;
    struct reach live;    /* not counted when the workload ended early */
    struct json_t *truth; /* of a collector that observes, at the end; else NULL */
    uint64_t final_collect_ns;
    void (*collector_checkpoint)(struct gc_mutator *, const char *); /* the collector's own hook, or NULL */
    struct process_checkpoint *checkpoints;
    uint64_t checkpoint_count;
    struct repetition *repetitions; /* of --repetitions, or NULL */
    uint64_t repetition_count;
};

#endif
