/* SPDX-License-Identifier: MIT */
/*
 * The reference count in a header. Counts are 32 bits wide. A count that would pass INT32_MAX saturates and
 * is stuck: its object is never freed by counting. A stuck count is negative as a signed number. So one
 * comparison in the decrement, "below one", catches zero and saturation together.
 */
#ifndef COLLECTORS_COUNTS_H
#define COLLECTORS_COUNTS_H

#include "collectors/object.h"

static inline bool gc_count_is_stuck(uint32_t count)
{
    return (int32_t)count < 0;
}

/* Adds one, and saturates. Two instructions, and a branch that is never taken. */
static inline void gc_count_up(struct gc_object *object)
{
    if (GC_UNLIKELY(gc_count_is_stuck(++object->count)))
        object->count = GC_COUNT_STUCK;
}

/* Adds `added`, at most GC_LENGTH_MAX, in one step, and saturates. A stuck count stays stuck. */
static inline void gc_count_up_by(struct gc_object *object, uint64_t added)
{
    uint64_t count = object->count + added;
    object->count = GC_LIKELY(count <= INT32_MAX) ? (uint32_t)count : GC_COUNT_STUCK;
}

/* Takes one off. True when the count is now 0, or is stuck: gc_count_is_dead() tells which. */
static inline bool gc_count_down(struct gc_object *object)
{
    return (int32_t)--object->count < 1;
}

/* Call after gc_count_down() returned true. True when the object is dead; restores a stuck count. */
static inline bool gc_count_is_dead(struct gc_object *object)
{
    if (object->count == 0)
        return true;
    object->count = GC_COUNT_STUCK;
    return false;
}

/* Takes one off inside a cascade. True when that was the last. Then the count is not written: the object goes
 * onto the zero list, whose link takes the place of the header. */
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
