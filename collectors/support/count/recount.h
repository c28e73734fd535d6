/* SPDX-License-Identifier: MIT */
/*
 * The recount: the check that each count is the number of counted references to its object.
 *
 * A recount has three steps, and uses no memory besides the counts:
 *
 *      off      takes each counted reference off the count of its object
 *      check    recount_check() for each object: its count is 0 now, or stuck
 *      back     adds each counted reference to the count of its object again
 *
 * Each collector says in gc_collector_check() which references it counts: those of slots, those of fields, or
 * others. The off step and the back step meet the same references. Stuck counts do not change. Each step
 * takes O(references).
 */
#ifndef COLLECTORS_SUPPORT_COUNT_RECOUNT_H
#define COLLECTORS_SUPPORT_COUNT_RECOUNT_H

#include "collectors/mutator.h"
#include "collectors/support/check.h"

/* A step adds this number to the count of an object for each counted reference to the object. */
enum recount_step { RECOUNT_OFF = -1, RECOUNT_BACK = 1 };

/* Adds `step` for one reference to `object`. NULL is no object. A stuck count stays. */
static inline void recount_object(struct gc_object *object, enum recount_step step)
{
    if (object && object->count != GC_COUNT_STUCK)
        object->count += (uint32_t)step;
}

/* Adds `step` for one reference, unless the header of its object has a bit of `uncounted`. */
static inline void recount_ref(struct gc_ref ref, enum recount_step step, uint32_t uncounted)
{
    if (ref.object && !(ref.object->bits & uncounted))
        recount_object(ref.object, step);
}

/* Adds `step` for the reference of each place in the queue of finalisers. Leaves out objects with a bit of
 * `uncounted`. */
static inline void recount_dues(struct gc_mutator *mutator, enum recount_step step, uint32_t uncounted)
{
    for (uint64_t place = 0; place < gc_dues_waiting(mutator); place++)
        recount_ref((struct gc_ref){gc_due_at(mutator, place)}, step, uncounted);
}

/* Adds `step` for the reference of each slot, and of each place in the queue of finalisers. Leaves out objects with a
 * bit of `uncounted`. */
static inline void recount_roots(struct gc_mutator *mutator, enum recount_step step, uint32_t uncounted)
{
    GC_EACH_ROOT(mutator, slot)
        recount_ref(slot->ref, step, uncounted);
    recount_dues(mutator, step, uncounted);
}

/* Adds `step` for each reference in the fields of `object`. Leaves out references to objects with a bit of
 * `uncounted`. */
static inline void recount_fields(const struct gc_mutator *mutator, struct gc_object *object,
                                  enum recount_step step, uint32_t uncounted)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(mutator->shapes, object);
    for (uint64_t i = 0; i < refs; i++)
        recount_ref(fields[i], step, uncounted);
}

/* Traps with the line `what` unless the count of `object` is 0 or stuck. Call it between the two steps. */
static inline void recount_check(const struct gc_object *object, const char *what)
{
    check_that(object->count == 0 || object->count == GC_COUNT_STUCK, object, what);
}

#endif
