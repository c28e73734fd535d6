/* SPDX-License-Identifier: MIT */
/*
 * A workload that runs several times in one process, and what it leaves behind each time. The purpose is to
 * find memory that stays although nobody refers to it. No times are measured.
 */
#ifndef HARNESS_RUNNER_REPETITIONS_H
#define HARNESS_RUNNER_REPETITIONS_H

#include "harness/runner/reach.h"

enum { REPETITIONS_MOST = 1000 };

struct repetition {
    uint64_t checksum;
    uint64_t allocated_objects; /* in this repetition alone, as are the bytes */
    uint64_t allocated_bytes;
    struct reach live;     /* at its end, from the module's names */
    uint64_t held_objects; /* once the names are dropped, after a full collection */
    uint64_t held_bytes;
    uint64_t metadata_bytes;
    struct json_t *truth; /* at that time, of a collector that observes; else NULL */
};

/* Maps room for `count` repetitions, not by the allocator under test; NULL with errno set. Never freed. */
struct repetition *repetitions_open(uint64_t count);

/*
 * Runs the workload `count` times from the same seed, and drops every name after each. When the collector is
 * exhausted, the function does not return; `*ret_done` says how many repetitions came to their end.
 * O(count x (workload + heap)).
 */
void repetitions_run(struct repetition *repetitions, uint64_t count, struct gc_mutator *mutator,
                     const void *options, uint64_t seed, uint64_t *ret_done);

#endif
