/* SPDX-License-Identifier: MIT */
/* rc: pure reference counting. It frees an object at the instant of zero, and never a cycle nor what a cycle
 * reaches. */
#ifndef COLLECTORS_RC_COLLECTOR_H
#define COLLECTORS_RC_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/count/counting-at-once.h"
#include "collectors/support/count/counting-template.h"
#include "collectors/support/heap/allocation.h"

static const struct gc_traits gc_traits = {
    .counts = true,
    .reclaims = true,
    .frees_at_once = true,
    .finalises = true,
    .header_bytes = sizeof(struct gc_object),
};

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct gc_object *object = gc_object_allocate(mutator, shape, length, 0);
    counting_hand_over(mutator, &slot->ref, (struct gc_ref){object});
}

#endif
