/* SPDX-License-Identifier: MIT */
/* rc-trial: reference counting with trial deletion of possible roots (Bacon and Rajan, ECOOP 2001,
 * synchronous). It is as in the paper: objects from malloc, plain depth-first passes. */
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
    .frees_at_once = false, /* a dead object that is in the buffer stays, empty, until the next collection */
    .buffers_roots = true,
    .finalises = true,
    .header_bytes = sizeof(struct gc_object),
};

struct trial_options {
    uint64_t roots; /* the first value of `threshold` */
    double share;
    bool adapt;
};

struct trial_mutator {
    struct gc_mutator common;
    const struct trial_options *options;
    struct worklist roots;   /* possible roots, each once */
    struct worklist pending; /* the work queue: objects whose references have not been followed yet */
    struct worklist white;   /* garbage that was found and not freed yet */
    struct worklist strays; /* in a collection: values that an ephemeron or a key has not rescued by itself */
    uint64_t threshold;     /* possible roots that call for a collection, */
    uint64_t held_wanted;   /* but not before so many objects are held */
    uint64_t visited;       /* objects that this collection has visited */
};

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct gc_object *object = gc_object_allocate(mutator, shape, length, 0);
    counting_hand_over(mutator, &slot->ref, (struct gc_ref){object});
}

#endif
