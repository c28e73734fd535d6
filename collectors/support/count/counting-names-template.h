/* SPDX-License-Identifier: MIT */
/*
 * Names where every reference is counted at once, and how a place that is counted changes. The including
 * collector.h has defined
 *
 *      counting_increment(mutator, object)     one reference more
 *      counting_decrement(mutator, object)     one less; at zero the object is released before it
 *                                              returns [drops]
 *
 * The counts themselves are in collectors/counts.h.
 */
#ifndef COLLECTORS_SUPPORT_COUNT_COUNTING_NAMES_TEMPLATE_H
#define COLLECTORS_SUPPORT_COUNT_COUNTING_NAMES_TEMPLATE_H

#include "collectors/counts.h"
#include "collectors/support/names/names.h"

/* Puts `value` where `old` was: the new one is taken first. */
static inline void counting_replace(struct gc_mutator *mutator, struct gc_ref *place, struct gc_ref value)
{
    struct gc_ref old = *place;
    if (value.object)
        counting_increment(mutator, value.object);
    *place = value;
    if (old.object)
        counting_decrement(mutator, old.object);
}

/* Puts a value whose reference the caller hands over where `old` was. */
static inline void counting_hand_over(struct gc_mutator *mutator, struct gc_ref *place, struct gc_ref value)
{
    struct gc_ref old = *place;
    *place = value;
    if (old.object)
        counting_decrement(mutator, old.object);
}

/* The names are gone before what they referred to is released, and nobody reads them again. */
static inline void gc_frame_leave(struct gc_mutator *mutator, struct gc_frame frame)
{
    mutator->roots.top = frame.slot;
    for (uint64_t i = 0; i < frame.count; i++) {
        struct gc_object *object = frame.slot[i].ref.object;
        if (object)
            counting_decrement(mutator, object);
    }
}

static inline void gc_local_set(struct gc_mutator *mutator, struct gc_slot *slot, struct gc_ref value)
{
    counting_replace(mutator, &slot->ref, value);
}

static inline void gc_local_move(struct gc_mutator *mutator, struct gc_slot *to, struct gc_slot *from)
{
    struct gc_ref value = from->ref;
    from->ref = GC_NULL;
    counting_hand_over(mutator, &to->ref, value);
}

static inline void gc_local_del(struct gc_mutator *mutator, struct gc_slot *slot)
{
    counting_hand_over(mutator, &slot->ref, GC_NULL);
}

#endif
