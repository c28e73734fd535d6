/* SPDX-License-Identifier: MIT */
/*
 * Freeing at zero. An object whose count reaches zero waits on a list that is threaded through the headers of
 * the dead themselves, and one loop drains it: a child brought to zero only joins the list. So a cascade
 * needs no memory and no C stack, however deep the structure, and works when both are out.
 *
 * Included by a counting collector's collector.c, which has defined before
 *
 *      cascade_drop(mutator, object)       one reference to a live object went away inside the cascade;
 *                                          true when it is dead and must join the list
 *      cascade_dispose(mutator, object)    the object's references are gone, `object->bits` holds bits 0..19
 *                                          of it: gives back its memory; false when it has to wait, and will
 *                                          be charged when it goes
 */
#ifndef COLLECTORS_SUPPORT_COUNT_CASCADE_TEMPLATE_H
#define COLLECTORS_SUPPORT_COUNT_CASCADE_TEMPLATE_H

#include <string.h>

#include "collectors/mutator.h"
#include "collectors/support/count/cascade-cutoff.h"

/* Of the header, while an object is on the list: shape, length, acyclic, two of the collector's. */
enum { CASCADE_KEPT_BITS = 20 };

static_assert(47 - 3 + CASCADE_KEPT_BITS == 64,
              "an 8-aligned user address and the kept bits fill the header");

/* Puts a dead object in front of the list `next`. */
static inline struct gc_object *zero_list_push(struct gc_object *object, struct gc_object *next)
{
    uint64_t kept = object->bits & ((1u << CASCADE_KEPT_BITS) - 1);
    uint64_t header = (uint64_t)(uintptr_t)next << (CASCADE_KEPT_BITS - 3) | kept;
    memcpy(object, &header, sizeof header);
    return object;
}

/* Takes the first object off the list; what it kept of its bits is back in place, its count is 0. */
static inline struct gc_object *zero_list_pop(struct gc_object *object)
{
    uint64_t header;
    memcpy(&header, object, sizeof header);
    uint64_t kept = header & ((1u << CASCADE_KEPT_BITS) - 1);
    memcpy(object, &kept, sizeof kept);
    return (struct gc_object *)(uintptr_t)(header >> CASCADE_KEPT_BITS << 3);
}

/* Drops what one dead object refers to, and puts those that die of it in front of `list`, in the order of the
 * references: structures are mostly made in it, and so lie in memory. Over trees the other one takes longer,
 * as what is freed is handed out again. The loop goes forwards, for where the first reference is does
 * not wait for the shape to be read, which is most of the time that a list takes. */
static inline struct gc_object *cascade_drop_children(struct gc_mutator *mutator, struct gc_object *object,
                                                      uint64_t refs, struct gc_object *list)
{
    struct gc_ref *fields = gc_object_fields(object);
    struct gc_object *first = NULL;
    struct gc_object *last = NULL; /* of those that died, and not linked yet */
    for (uint64_t i = 0; i < refs; i++) {
        struct gc_object *child = fields[i].object;
        if (!child || !cascade_drop(mutator, child))
            continue;
        if (last)
            zero_list_push(last, child);
        else
            first = child;
        last = child;
    }
    if (!last)
        return list;
    zero_list_push(last, list);
    return first;
}

/*
 * Releases `object`, whose count is 0, and whatever only it kept alive. Linear in the objects freed and their
 * references. The clock is read once the cascade has freed its 64th object, and never inside a collection.
 */
static inline void cascade_release(struct gc_mutator *mutator, struct gc_object *object)
{
    const struct gc_shape *shapes = mutator->shapes;
    struct gc_object *list = zero_list_push(object, NULL);
    uint64_t visited = 0;
    uint64_t freed = 0;
    uint64_t freed_bytes = 0;
    uint64_t begin_ns = 0;
    while (list) {
        struct gc_object *dead = list;
        list = zero_list_pop(dead);
        uint64_t bytes = gc_object_bytes(shapes, dead);
        list = cascade_drop_children(mutator, dead, gc_object_refs(shapes, dead), list);
        if (cascade_dispose(mutator, dead)) {
            freed++;
            freed_bytes += bytes;
        }
        if (GC_UNLIKELY(++visited == CASCADE_CLOCK_AFTER) && mutator->listener && !mutator->collecting)
            begin_ns = gc_clock();
    }
    mutator->freed_objects += freed;
    mutator->freed_bytes += freed_bytes;
    if (GC_UNLIKELY(begin_ns)) {
        mutator->freed_in_cascades += freed;
        struct gc_pause pause = {GC_PAUSE_CASCADE, begin_ns, gc_clock(), visited, freed, freed_bytes};
        mutator->listener->pause(mutator->listener, &pause);
    }
}

#endif
