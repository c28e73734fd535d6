/* SPDX-License-Identifier: MIT */
/*
 * Copying a range of references, one after the other, by the collector's own gc_field_set(). It is for collectors whose
 * write barrier looks at each reference. What is copied is counted before it can be overwritten, so the order alone
 * decides, and no copy needs memory.
 *
 * Included by a collector.h, after gc_field_set() and the operations on names.
 */
#ifndef COLLECTORS_SUPPORT_NAMES_COPY_TEMPLATE_H
#define COLLECTORS_SUPPORT_NAMES_COPY_TEMPLATE_H

#include "collectors/gc.h"

/* What is overwritten may hold the object that is copied from, so a name holds that meanwhile. */
static inline void gc_fields_copy(struct gc_mutator *mutator, struct gc_ref to, uint64_t to_index,
                                  struct gc_ref from, uint64_t from_index, uint64_t count)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    bool backwards = gc_is_same(to, from) && to_index > from_index;
    gc_local_set(mutator, &frame.slot[0], from);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t place = backwards ? count - 1 - i : i;
        gc_field_set(mutator, to, to_index + place, gc_field_get(mutator, from, from_index + place));
    }
    gc_frame_leave(mutator, frame);
}

#endif
