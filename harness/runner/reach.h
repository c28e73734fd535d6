/* SPDX-License-Identifier: MIT */
/*
 * What the program can reach, by a tracer that uses the object format alone: no collector's bits or lists, so
 * it can say what a collector wrongly kept, and whether it wrongly changed anything.
 */
#ifndef HARNESS_RUNNER_REACH_H
#define HARNESS_RUNNER_REACH_H

#include "collectors/mutator.h"

struct reach {
    uint64_t objects;
    uint64_t bytes;
    /*
     * Of the reachable graph: names, shapes, lengths, references and payloads, with objects numbered in the
     * order a breadth-first walk from the first name finds them. Addresses do not enter it, so equal graphs
     * under different collectors have equal digests.
     */
    uint64_t digest;
};

/*
 * Walks all that the names of `mutator` reach; it stands between two operations. The walk's memory (a hash
 * table and a queue) is mapped and given back. O(live bytes). Returns 0, or -1 when there was no memory for
 * it.
 */
int reach_count(const struct gc_mutator *mutator, struct reach *ret_reach);

/* The form of the reachable graph: references are those that objects hold, names left out. */
struct reach_graph {
    uint64_t references;
    uint64_t fan_in_max; /* references to one object */
    uint64_t depth_max;  /* objects on the shortest way from a name to the object furthest from all of them */
    uint64_t rings; /* strongly connected components of two objects or more, or of one that holds itself */
    uint64_t ring_objects; /* in them */
    uint64_t ring_max;     /* objects in the largest */
};

/*
 * Looks at the form of all that the names of `mutator` reach. O(live references), with some 50 mapped bytes
 * for each object. Returns 0, or -1 when there was no memory for it.
 */
int reach_graph(const struct gc_mutator *mutator, struct reach_graph *ret_graph);

#endif
