/* SPDX-License-Identifier: MIT */
/*
 * Ephemerons for a collector: the edge that depends on two objects.
 *
 * An ephemeron is a weak reference whose first field is its value. For a write barrier, for counting, for the death of
 * the ephemeron and for every check of a count the value is a field like any other. It differs where a collection asks
 * what is reachable: the edge to the value leads there only if the ephemeron and its key are both reached. The key has
 * its ephemerons on its list of weak references (collectors/weak.h). So a collection does the same at each object that
 * it reaches:
 *
 *      the fields            from gc_fields_first() on: all, without the value of an ephemeron
 *      the pairs             gc_pairs_each(): the object itself if it is an ephemeron, and each ephemeron whose key it
 *                            is. The pair fires when both of its objects have been reached.
 *
 * Each of the two meets the pair when it is reached itself. The second one finds the first reached, and the pair fires.
 * So nothing is looked at again, and the time is linear in objects, edges and ephemerons.
 *
 * A collector that marks may let a pair fire twice, when both objects are reached before one of them is looked at. One
 * that takes references off counts may not, and has the bit GC_FRONT_TAKEN of the ephemeron for that:
 *
 *      gc_pair_take()        says whether the reference to the value is to be taken off: once, by whichever of the two
 *                            is looked at first
 *      gc_pair_give()        says whether it is to be given back: once, when neither is suspected any more
 *
 * Only a dead ephemeron keeps the bit after a collection. A dead key empties its ephemerons, and they lose it
 * (support/finalise/finalise.h).
 *
 * After Hayes, "Ephemerons: a new finalization mechanism", OOPSLA 1997. Hayes goes through the pairs that have not fired
 * again and again. Here a key knows its ephemerons, so each pair is met twice.
 */
#ifndef COLLECTORS_EPHEMERON_H
#define COLLECTORS_EPHEMERON_H

#include "collectors/weak.h"

static inline bool gc_is_ephemeron(const struct gc_shape *shapes, const struct gc_object *object)
{
    return gc_object_shape(shapes, object)->flags & GC_SHAPE_EPHEMERON;
}

/* The number of the first field that is followed wherever its object is reached. */
static inline uint64_t gc_fields_first(const struct gc_shape *shapes, const struct gc_object *object)
{
    return gc_is_ephemeron(shapes, object) ? GC_EPHEMERON_VALUE + 1 : 0;
}

/* The value of an ephemeron, or NULL. */
static inline struct gc_object *gc_pair_value(struct gc_object *ephemeron)
{
    return gc_object_fields(ephemeron)[GC_EPHEMERON_VALUE].object;
}

/* The key of an ephemeron. Not NULL if the value is not. */
static inline struct gc_object *gc_pair_key(const struct gc_mutator *mutator, struct gc_object *ephemeron)
{
    return gc_weak_words(mutator, ephemeron)->referent;
}

/* Whether the reference of an ephemeron to its value, which is not NULL, is to be taken off now. Notes that it is. */
static inline bool gc_pair_take(struct gc_object *ephemeron)
{
    uint64_t *front = gc_object_length(ephemeron);
    bool first = !(*front & GC_FRONT_TAKEN);
    *front |= GC_FRONT_TAKEN;
    return first;
}

/* Whether it has been taken off, and is to be given back now. Notes that it is. `suspected` says whether an object may
 * be garbage, as far as is known. */
static inline __attribute__((always_inline)) bool
gc_pair_give(struct gc_mutator *mutator, struct gc_object *ephemeron,
             bool (*suspected)(struct gc_mutator *, const struct gc_object *))
{
    uint64_t *front = gc_object_length(ephemeron);
    if (!(*front & GC_FRONT_TAKEN) || suspected(mutator, ephemeron) ||
        suspected(mutator, gc_pair_key(mutator, ephemeron)))
        return false;
    *front &= ~(uint64_t)GC_FRONT_TAKEN;
    return true;
}

/* Calls `pair` with each ephemeron that has a value, and of which `object` is a part: as the ephemeron, or as the key.
 * `context` is the caller's. O(weak references to the object). */
static inline __attribute__((always_inline)) void
gc_pairs_each(struct gc_mutator *mutator, struct gc_object *object, void *context,
              void (*pair)(struct gc_mutator *, void *, struct gc_object *))
{
    if (!gc_object_is_attended(mutator->shapes, object))
        return;
    if (gc_is_ephemeron(mutator->shapes, object) && gc_pair_value(object))
        pair(mutator, context, object);
    if (!(gc_object_shape(mutator->shapes, object)->flags & GC_SHAPE_REFERENT))
        return;
    for (struct gc_object *weak = gc_weak_first(object); weak; weak = gc_weak_words(mutator, weak)->next) {
        if (gc_is_ephemeron(mutator->shapes, weak) && gc_pair_value(weak))
            pair(mutator, context, weak);
    }
}

#endif
