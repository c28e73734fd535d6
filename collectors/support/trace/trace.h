/* SPDX-License-Identifier: MIT */
/*
 * Textbook marking of what the roots reach, depth first, with an explicit stack. An object is marked before
 * it is pushed. So each object is pushed once, and the stack never holds more entries than the heap has
 * objects.
 */
#ifndef COLLECTORS_SUPPORT_TRACE_TRACE_H
#define COLLECTORS_SUPPORT_TRACE_TRACE_H

#include "collectors/ephemeron.h"
#include "collectors/support/trace/worklist.h"

enum { TRACE_MARK = 1 << 20 }; /* a bit of the header */

static inline void trace_visit(struct gc_mutator *mutator, struct worklist *pending, struct gc_ref ref)
{
    if (!ref.object || (ref.object->bits & TRACE_MARK))
        return;
    ref.object->bits |= TRACE_MARK;
    worklist_push(mutator, pending, ref.object);
}

/* Marks the value of an ephemeron if the ephemeron and its key are marked. */
static inline void trace_pair(struct gc_mutator *mutator, void *pending, struct gc_object *ephemeron)
{
    if (ephemeron->bits & gc_pair_key(mutator, ephemeron)->bits & TRACE_MARK)
        trace_visit(mutator, pending, gc_object_fields(ephemeron)[GC_EPHEMERON_VALUE]);
}

/* The two below. `pairs` is constant, and says whether there are ephemerons. */
static inline __attribute__((always_inline)) uint64_t trace_all(struct gc_mutator *mutator,
                                                                struct worklist *pending, bool pairs)
{
    const struct gc_shape *shapes = mutator->shapes;
    struct gc_object *object;
    uint64_t visited = 0;
    GC_EACH_ROOT(mutator, slot)
        trace_visit(mutator, pending, slot->ref);
    while ((object = worklist_pop(pending))) {
        struct gc_ref *fields = gc_object_fields(object);
        uint64_t refs = gc_object_refs(shapes, object);
        for (uint64_t i = pairs ? gc_fields_first(shapes, object) : 0; i < refs; i++)
            trace_visit(mutator, pending, fields[i]);
        if (pairs)
            gc_pairs_each(mutator, object, pending, trace_pair);
        visited++;
    }
    return visited;
}

/*
 * Marks every object that a name of `mutator` reaches, where no shape is of ephemerons. Returns how many. `pending` is
 * empty before and after. O(live).
 */
static inline uint64_t trace_reachable(struct gc_mutator *mutator, struct worklist *pending)
{
    return trace_all(mutator, pending, false);
}

/* The same where a shape is attended. O(live). */
static inline uint64_t trace_reachable_attended(struct gc_mutator *mutator, struct worklist *pending)
{
    return mutator->dues.pairs ? trace_all(mutator, pending, true) : trace_all(mutator, pending, false);
}

#endif
