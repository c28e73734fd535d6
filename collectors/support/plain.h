/* SPDX-License-Identifier: MIT */
/*
 * Names and fields without a barrier: the operations of a collector that learns of changes only by tracing.
 * The including collector.h has defined gc_local_new().
 */
#ifndef COLLECTORS_SUPPORT_PLAIN_H
#define COLLECTORS_SUPPORT_PLAIN_H

#include "collectors/support/names.h"

static inline void gc_frame_leave(struct gc_mutator *mutator, struct gc_frame frame)
{
    mutator->top = frame.slot;
}

static inline void gc_local_set(struct gc_mutator *mutator, struct gc_slot *slot, struct gc_ref value)
{
    (void)mutator;
    slot->ref = value;
}

static inline void gc_local_move(struct gc_mutator *mutator, struct gc_slot *to, struct gc_slot *from)
{
    (void)mutator;
    to->ref = from->ref;
    from->ref = GC_NULL;
}

static inline void gc_local_del(struct gc_mutator *mutator, struct gc_slot *slot)
{
    (void)mutator;
    slot->ref = GC_NULL;
}

static inline void gc_field_set(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                struct gc_ref value)
{
    (void)mutator;
    gc_object_fields(object.object)[index] = value;
}

static inline void gc_field_del(struct gc_mutator *mutator, struct gc_ref object, uint64_t index)
{
    gc_field_set(mutator, object, index, GC_NULL);
}

#endif
