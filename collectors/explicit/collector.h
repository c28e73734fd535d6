/* SPDX-License-Identifier: MIT */
/* explicit: no collector. The program frees each object at the exact moment of its death: a tool has written
 * a FREE there (program/deaths.h). This is the baseline of what automatic memory management costs. */
#ifndef COLLECTORS_EXPLICIT_COLLECTOR_H
#define COLLECTORS_EXPLICIT_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/heap/allocation.h"
#include "collectors/support/names/plain.h"

static const struct gc_traits gc_traits = {
    .reclaims = true,
    .frees_when_told = true,
    .header_bytes = sizeof(struct gc_object),
};

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    slot->ref.object = gc_object_allocate(mutator, shape, length, 0);
}

/* `free(x)`: the program says that `object` is dead. */
static inline void explicit_free(struct gc_mutator *mutator, struct gc_ref object)
{
    mutator->account.freed_objects++;
    mutator->account.freed_bytes += gc_object_bytes(mutator->shapes, object.object);
    if (gc_object_is_attended(mutator->shapes, object.object))
        gc_external_give(mutator, gc_object_shape(mutator->shapes, object.object)->external);
    gc_object_release(object.object, 0);
}

/* What the virtual machine calls at a FREE: see workloads/replay/vm-run.h. */
#define VM_FREE explicit_free

#endif
