/* SPDX-License-Identifier: MIT */
/*
 * Names and fields where every reference is counted at once. The including collector.h has defined
 * gc_local_new() and
 *
 *      counting_increment(mutator, object)     one reference more
 *      counting_decrement(mutator, object)     one less; at zero the object is released before it returns
 * [drops]
 *
 * Counts are 32 bits wide. One that would pass INT32_MAX saturates and sticks: the object is never freed by
 * counting. A saturated count is negative as a signed number, so that the decrement's one comparison, "below
 * one", catches zero and saturation together.
 */
#ifndef COLLECTORS_SUPPORT_COUNTING_H
#define COLLECTORS_SUPPORT_COUNTING_H

#include "collectors/support/names.h"

static inline bool gc_count_is_stuck(uint32_t count)
{
    return (int32_t)count < 0;
}

/* One more, saturating. Two instructions and a branch never taken. */
static inline void gc_count_up(struct gc_object *object)
{
    if (GC_UNLIKELY(gc_count_is_stuck(++object->count)))
        object->count = GC_COUNT_STUCK;
}

/* One less; true when the object is at zero or was stuck, and the caller must look which. */
static inline bool gc_count_down(struct gc_object *object)
{
    return (int32_t)--object->count < 1;
}

/* After gc_count_down() said true: settles a stuck count; true when the object is dead. */
static inline bool gc_count_is_dead(struct gc_object *object)
{
    if (object->count == 0)
        return true;
    object->count = GC_COUNT_STUCK;
    return false;
}

static inline int64_t gc_count_read(const struct gc_object *object)
{
    return gc_count_is_stuck(object->count) ? INT64_MAX : object->count;
}

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

static inline void gc_frame_leave(struct gc_mutator *mutator, struct gc_frame frame)
{
    for (uint64_t i = 0; i < frame.count; i++)
        counting_hand_over(mutator, &frame.slot[i].ref, GC_NULL);
    mutator->top = frame.slot;
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

static inline void gc_field_set(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                struct gc_ref value)
{
    counting_replace(mutator, &gc_object_fields(object.object)[index], value);
}

static inline void gc_field_del(struct gc_mutator *mutator, struct gc_ref object, uint64_t index)
{
    counting_hand_over(mutator, &gc_object_fields(object.object)[index], GC_NULL);
}

#endif
