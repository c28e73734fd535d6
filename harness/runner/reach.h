/* SPDX-License-Identifier: MIT */
/*
 * The objects that the mutator can reach, found by a tracer that uses the object format alone and no
 * collector's bits or lists. So it shows what a collector wrongly kept, and what it wrongly changed.
 */
#ifndef HARNESS_RUNNER_REACH_H
#define HARNESS_RUNNER_REACH_H

#include "collectors/mutator.h"

struct reach {
    uint64_t objects;
    uint64_t bytes;
    uint64_t external; /* bytes that they own outside of the heap */
    /*
     * Of the reachable graph: its names, shapes, lengths, references and payloads. Objects are numbered in
     * the order in which a breadth-first walk from the first name finds them. No address enters the digest,
     * so equal graphs have equal digests under all collectors.
     */
    uint64_t digest;
};

/*
 * Walks all that the names of `mutator` reach. The mutator stands between two operations. The walk maps
 * memory for a hash table and a queue, and gives it back. Returns 0, or -1 when there was no memory. O(live
 * bytes).
 */
int reach_count(const struct gc_mutator *mutator, struct reach *ret_reach);

/* The form of the reachable graph. Its references are those that objects hold; names do not count. */
struct reach_graph {
    uint64_t references;
    uint64_t fan_in_max; /* references to one object */
    uint64_t depth_max;  /* objects on the shortest way from a name to the object furthest from all of them */
    uint64_t rings; /* strongly connected components of two objects or more, or of one that holds itself */
    uint64_t ring_objects; /* in them */
    uint64_t ring_max;     /* objects in the largest */
};

/*
 * Finds the form of the graph that the names of `mutator` reach. Maps about 50 bytes for each object. Returns
 * 0, or -1 when there was no memory. O(live references).
 */
int reach_graph(const struct gc_mutator *mutator, struct reach_graph *ret_graph);

#endif
