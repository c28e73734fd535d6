/* SPDX-License-Identifier: MIT */
/*
 * Names for a collector that counts every reference at once, and the ways to change a counted slot, a field or a
 * range of fields.
 *
 * Included by a collector.h, after it has defined
 *
 *      counting_increment(mutator, object)    adds one reference
 *      counting_increment_by(mutator, object, added)    adds so many in one step, and saturates
 *      counting_decrement(mutator, object)    takes one reference away; at 0 it releases the object before it
 *                                             returns [drops]
 *
 * The counts themselves are in collectors/counts.h.
 */
#ifndef COLLECTORS_SUPPORT_COUNT_COUNTING_NAMES_TEMPLATE_H
#define COLLECTORS_SUPPORT_COUNT_COUNTING_NAMES_TEMPLATE_H

#include "collectors/counts.h"
#include "collectors/support/names/names.h"

/* Stores `value` in `place` and drops the old value. The new one is counted before the old one is dropped. */
static inline void counting_replace(struct gc_mutator *mutator, struct gc_ref *place, struct gc_ref value)
{
    struct gc_ref old = *place;
    if (value.object)
        counting_increment(mutator, value.object);
    *place = value;
    if (old.object)
        counting_decrement(mutator, old.object);
}

/*
 * Stores `value` in `place` and drops the old value. The caller hands over its own reference to `value`, so
 * that no count rises.
 */
static inline void counting_hand_over(struct gc_mutator *mutator, struct gc_ref *place, struct gc_ref value)
{
    struct gc_ref old = *place;
    *place = value;
    if (old.object)
        counting_decrement(mutator, old.object);
}

/*
 * Stores `value` in `count` places and drops what stood there. `value` is counted up once, by all of them, before
 * anything is dropped: what stood there may be all that held it. O(count), and the cascades.
 */
static inline void counting_fill(struct gc_mutator *mutator, struct gc_ref *places, uint64_t count,
                                 struct gc_ref value)
{
    if (value.object)
        counting_increment_by(mutator, value.object, count);
    for (uint64_t i = 0; i < count; i++)
        counting_hand_over(mutator, &places[i], value);
}

/* Leaves the frame before it drops what the frame's names refer to. Nobody reads those names again. */
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
