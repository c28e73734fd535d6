/* SPDX-License-Identifier: MIT */
/*
 * A reference count in a header. Counts are 32 bits wide. One that would pass INT32_MAX saturates and sticks:
 * the object is never freed by counting. A saturated count is negative as a signed number, so that the
 * decrement's one comparison, "below one", catches zero and saturation together.
 */
#ifndef COLLECTORS_COUNTS_H
#define COLLECTORS_COUNTS_H

#include "collectors/object.h"

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

/* One less inside a cascade; true when that was the last. Its count is not written then: the object goes onto
 * the zero list, whose link takes the place of the header. */
static inline bool gc_count_down_is_dead(struct gc_object *object)
{
    uint32_t count = object->count - 1;
    if (GC_LIKELY(count == 0))
        return true;
    object->count = GC_UNLIKELY(gc_count_is_stuck(count)) ? GC_COUNT_STUCK : count;
    return false;
}

static inline int64_t gc_count_read(const struct gc_object *object)
{
    return gc_count_is_stuck(object->count) ? INT64_MAX : object->count;
}

#endif
