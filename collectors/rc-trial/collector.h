/* SPDX-License-Identifier: MIT */
/*
 * rc-trial: reference counting with trial deletion of possible roots (Bacon and Rajan, ECOOP 2001,
 * synchronous), as the paper has it: objects from malloc, plain depth-first passes.
 */
#ifndef COLLECTORS_RC_TRIAL_COLLECTOR_H
#define COLLECTORS_RC_TRIAL_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/count/suspects.h"
#include "collectors/support/heap/allocation.h"
#include "collectors/support/trace/worklist.h"
#include "collectors/support/trigger/trial-trigger.h"

static const struct gc_traits gc_traits = {
    .counts = true,
    .reclaims = true,
    .reclaims_cycles = true,
    .frees_at_once = false, /* a dead object that is buffered waits, empty, for the next collection */
    .buffers_roots = true,
    .header_bytes = sizeof(struct gc_object),
};

struct trial_options {
    uint64_t roots; /* first threshold */
    double share;
    bool adapt;
};

struct trial_mutator {
    struct gc_mutator common;
    const struct trial_options *options;
    struct worklist roots;   /* possible roots, each once */
    struct worklist pending; /* objects whose references are still to be followed */
    struct worklist white;   /* garbage found, not freed yet */
    uint64_t threshold;      /* roots that call for a collection, */
    uint64_t held_wanted;    /* once so many objects are held */
    uint64_t visited;        /* objects, in this collection */
};

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct gc_object *object = gc_object_allocate(mutator, shape, length, 0);
    counting_hand_over(mutator, &slot->ref, (struct gc_ref){object});
}

#endif
