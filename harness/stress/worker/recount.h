/* SPDX-License-Identifier: MIT */
/*
 * Counts, from the outside, the references to each object that the names and what they reach hold, and
 * compares with what the collector says.
 */
#ifndef HARNESS_STRESS_WORKER_RECOUNT_H
#define HARNESS_STRESS_WORKER_RECOUNT_H

#include "collectors/mutator.h"

struct recount_result {
    uint64_t objects; /* reachable */
    uint64_t wrong;   /* of them, those whose count differs */
    uint64_t found;   /* of the first of those: what was counted */
    int64_t said;     /* and what the collector says */
};

/*
 * `exact`: nothing unreachable is held, so both are equal; else garbage may hold references too. Saturated
 * counts are left out. O(reachable references). Returns 0, or -1 without memory.
 */
int recount(const struct gc_mutator *mutator, bool exact, struct recount_result *ret_result);

#endif
