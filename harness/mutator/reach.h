/* SPDX-License-Identifier: MIT */
/*
 * Counts what the program can reach, by itself: a tracer over the object format that uses no collector's bits
 * or lists, so it can say what a collector wrongly kept.
 */
#ifndef HARNESS_MUTATOR_REACH_H
#define HARNESS_MUTATOR_REACH_H

#include "collectors/mutator.h"

struct reach {
    uint64_t objects;
    uint64_t bytes;
};

/*
 * Objects and bytes reachable from the names of `mutator`, which stands between two operations. Its memory (a
 * hash set and a stack) is mapped and given back. O(live). Returns 0, or -1 when there was no memory for it.
 */
int reach_count(const struct gc_mutator *mutator, struct reach *ret_reach);

#endif
