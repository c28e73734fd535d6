/* SPDX-License-Identifier: MIT */
/*
 * What the program can reach, by a tracer that uses the object format alone: no collector's bits or lists, so
 * it can say what a collector wrongly kept, and whether it wrongly changed anything.
 */
#ifndef HARNESS_MUTATOR_REACH_H
#define HARNESS_MUTATOR_REACH_H

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

#endif
