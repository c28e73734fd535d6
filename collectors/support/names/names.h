/* SPDX-License-Identifier: MIT */
/*
 * The operations on names that are the same for every collector so far: entering a frame, and reading
 * without a barrier.
 */
#ifndef COLLECTORS_SUPPORT_NAMES_NAMES_H
#define COLLECTORS_SUPPORT_NAMES_NAMES_H

#include "collectors/gc.h"

static inline struct gc_frame gc_frame_enter(struct gc_mutator *mutator, uint64_t count)
{
    struct gc_frame frame = {mutator->roots.top, count};
    if (GC_UNLIKELY((uint64_t)(mutator->roots.limit - mutator->roots.top) < count))
        gc_frame_overflow(mutator);
    mutator->roots.top += count;
    for (uint64_t i = 0; i < count; i++)
        frame.slot[i].ref = GC_NULL;
    return frame;
}

static inline struct gc_ref gc_local_get(const struct gc_slot *slot)
{
    return slot->ref;
}

static inline struct gc_ref gc_field_get(struct gc_mutator *mutator, struct gc_ref object, uint64_t index)
{
    (void)mutator;
    return gc_object_fields(object.object)[index];
}

#endif
