/* SPDX-License-Identifier: MIT */
/* leak: takes memory and never gives it back. It is the floor under every collector's cost, and the template
 * to copy. */
#ifndef COLLECTORS_LEAK_COLLECTOR_H
#define COLLECTORS_LEAK_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/heap/allocation.h"
#include "collectors/support/names/plain.h"

static const struct gc_traits gc_traits = {
    .header_bytes = sizeof(struct gc_object),
};

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    slot->ref.object = gc_object_allocate(mutator, shape, length, 0);
}

#endif
