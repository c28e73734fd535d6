/* SPDX-License-Identifier: MIT */
/* mark-sweep: tracing alone, as the textbook has it. Objects from malloc are on one list; there is a mark bit
 * in the header, and a mark stack. */
#ifndef COLLECTORS_MARK_SWEEP_COLLECTOR_H
#define COLLECTORS_MARK_SWEEP_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/heap/allocation.h"
#include "collectors/support/names/plain.h"
#include "collectors/support/trace/trace.h"
#include "collectors/support/trigger/growth.h"

enum { SWEEP_PREFIX = sizeof(struct gc_object *) }; /* the link to the next object */

static const struct gc_traits gc_traits = {
    .reclaims = true,
    .reclaims_cycles = true,
    .finalises = true,
    .header_bytes = SWEEP_PREFIX + sizeof(struct gc_object),
};

struct sweep_mutator {
    struct gc_mutator common;
    const struct growth_options *options;
    struct gc_object *objects; /* every object, the youngest first */
    struct worklist pending; /* the mark stack: marked objects whose references have not been followed yet */
    uint64_t threshold;      /* bytes held that call for a collection */
};

/* The link stands in front of everything, where the object's memory begins. */
static inline struct gc_object **sweep_link(struct gc_object *object)
{
    return gc_object_memory(object, SWEEP_PREFIX);
}

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct sweep_mutator *sweep = (struct sweep_mutator *)mutator;
    struct gc_object *object = gc_object_allocate(mutator, shape, length, SWEEP_PREFIX);
    *sweep_link(object) = sweep->objects;
    sweep->objects = object;
    slot->ref.object = object;
}

#endif
