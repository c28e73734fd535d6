/* SPDX-License-Identifier: MIT */
/*
 * A workload run several times in one process: what it leaves behind each time. Nothing is measured so; what
 * is looked for is memory that stays although nobody refers to it.
 */
#ifndef HARNESS_RUNNER_REPETITIONS_H
#define HARNESS_RUNNER_REPETITIONS_H

#include "harness/runner/reach.h"

enum { REPETITIONS_MOST = 1000 };

struct repetition {
    uint64_t checksum;
    uint64_t allocated_objects; /* in this repetition alone, as the bytes */
    uint64_t allocated_bytes;
    struct reach live;     /* at its end, by the module's names */
    uint64_t held_objects; /* after them: the names dropped, and a full collection */
    uint64_t held_bytes;
    uint64_t metadata_bytes;
    struct json_t *truth; /* then, by a collector that observes, or NULL */
};

/* Room for `count` of them, not from the allocator under test; NULL with errno set. Never freed. */
struct repetition *repetitions_open(uint64_t count);

/*
 * Runs the workload `count` times from the same seed, with every name dropped after each. O(count * (workload
 * + heap)). When the collector is exhausted it does not return, and `*ret_done` says how many came to their
 * end.
 */
void repetitions_run(struct repetition *repetitions, uint64_t count, struct gc_mutator *mutator,
                     const void *options, uint64_t seed, uint64_t *ret_done);

#endif
