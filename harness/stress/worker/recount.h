/* SPDX-License-Identifier: MIT */
/* Counts the references to each object from the outside: those held by names, by the queue of finalisers, and by the
 * objects that these reach. Compares the numbers with the collector's own counts. */
#ifndef HARNESS_STRESS_WORKER_RECOUNT_H
#define HARNESS_STRESS_WORKER_RECOUNT_H

#include "collectors/mutator.h"

struct recount_result {
    uint64_t objects; /* objects reachable */
    uint64_t wrong;   /* those of them whose count differs */
    uint64_t found;   /* of the first wrong object: the references that were counted */
    int64_t said;     /* and the collector's count */
};

/* With `exact` no garbage is held, and both numbers must be equal. Else garbage may hold references too.
 * Saturated counts are left out. O(reachable references). Returns 0, or -1 without memory. */
int recount(const struct gc_mutator *mutator, bool exact, struct recount_result *ret_result);

#endif
