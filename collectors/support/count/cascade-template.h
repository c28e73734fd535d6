/* SPDX-License-Identifier: MIT */
/*
 * A cascade: frees an object whose count has reached 0, and every object that only it kept alive.
 *
 * Dead objects wait on the zero list. Its links are in the headers of the dead themselves:
 *
 *      bits  0..19    kept from the object: shape, length word, acyclic, two bits of the collector's
 *      bits 20..63    the next dead object: its address / 8, or 0
 *
 * One loop takes dead objects off the list. A child whose count reaches 0 only joins the list. So a cascade
 * needs no memory and no C stack, however deep the structure is, and works when both are exhausted.
 *
 * Included by the collector.c of a collector that counts, after it has defined
 *
 *      cascade_drop(mutator, object)               Takes one reference off the count of a live object. True
 *                                                  when the object is dead and must join the list.
 *      cascade_dispose(mutator, object, bytes)     Gives back the memory of a dead object of `bytes`. Its
 *                                                  references are dropped already, and `object->bits` holds
 *                                                  bits 0..19 only. False when the memory must wait: the
 *                                                  collector then counts it as freed later.
 */
#ifndef COLLECTORS_SUPPORT_COUNT_CASCADE_TEMPLATE_H
#define COLLECTORS_SUPPORT_COUNT_CASCADE_TEMPLATE_H

#include <string.h>

#include "collectors/mutator.h"
#include "collectors/support/count/cascade-cutoff.h"

/* The bits of the header that a dead object keeps. */
enum { CASCADE_KEPT_BITS = 20 };

static_assert(47 - 3 + CASCADE_KEPT_BITS == 64,
              "an 8-aligned user address and the kept bits fill the header");

/* Puts a dead object in front of the list `next`. Returns the new list. */
static inline struct gc_object *zero_list_push(struct gc_object *object, struct gc_object *next)
{
    uint64_t kept = object->bits & ((1u << CASCADE_KEPT_BITS) - 1);
    uint64_t header = (uint64_t)(uintptr_t)next << (CASCADE_KEPT_BITS - 3) | kept;
    memcpy(object, &header, sizeof header);
    return object;
}

/*
 * Takes the first object off the list. Restores the bits that it kept, and sets its count to 0. Returns the
 * rest of the list.
 */
static inline struct gc_object *zero_list_pop(struct gc_object *object)
{
    uint64_t header;
    memcpy(&header, object, sizeof header);
    uint64_t kept = header & ((1u << CASCADE_KEPT_BITS) - 1);
    memcpy(object, &kept, sizeof kept);
    return (struct gc_object *)(uintptr_t)(header >> CASCADE_KEPT_BITS << 3);
}

/*
 * Drops the references of a dead object. Children that die join the front of `list`, in the order of the
 * references. Returns the new list.
 *
 * Mutators mostly make structures in that order, and so they lie in memory. The opposite order takes longer
 * over trees, because memory is handed out again in the order in which it was freed. The loop runs
 * forwards: the address of the first reference does not depend on the shape. To wait for the shape would be
 * most of the time that a long list takes.
 */
static inline struct gc_object *cascade_drop_children(struct gc_mutator *mutator, struct gc_object *object,
                                                      uint64_t refs, struct gc_object *list)
{
    struct gc_ref *fields = gc_object_fields(object);
    struct gc_object *first = NULL;
    struct gc_object *last = NULL; /* the child that died last, not linked yet */
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

/* What a cascade has freed so far. */
struct cascade_sum {
    uint64_t objects;
    uint64_t bytes;
};

/*
 * Frees the first object of the zero list. Returns the new list. `has_length` says whether the object has a
 * length word, and is constant: what follows from it is then known for the object's whole death.
 */
static inline __attribute__((always_inline)) struct gc_object *
cascade_step(struct gc_mutator *mutator, const struct gc_shape *shapes, struct gc_object *dead,
             bool has_length, struct cascade_sum *freed)
{
    struct gc_object *list = zero_list_pop(dead);
    if (!(dead->bits & GC_BIT_LENGTH) == has_length)
        __builtin_unreachable();
    uint64_t bytes = gc_object_bytes(shapes, dead);
    list = cascade_drop_children(mutator, dead, gc_object_refs(shapes, dead), list);
    if (!(dead->bits & GC_BIT_LENGTH) == has_length)
        __builtin_unreachable(); /* the deaths of its children do not change its header */
    if (cascade_dispose(mutator, dead, bytes)) {
        freed->objects++;
        freed->bytes += bytes;
    }
    return list;
}

/*
 * Frees `object`, whose count is 0, and every object that only it kept alive. Reads the clock when the
 * cascade has looked at CASCADE_CLOCK_AFTER objects, unless a collection is under way. O(objects freed and
 * their references).
 */
static inline void cascade_release(struct gc_mutator *mutator, struct gc_object *object)
{
    const struct gc_shape *shapes = mutator->shapes;
    struct gc_object *list = zero_list_push(object, NULL);
    struct cascade_sum freed = {0, 0};
    uint64_t visited = 0;
    uint64_t begin_ns = 0;
    while (list) {
        if (GC_LIKELY(!(list->bits & GC_BIT_LENGTH))) {
            list = cascade_step(mutator, shapes, list, false, &freed);
        } else {
            __asm__("" : "+r"(list)); /* keeps what only this step needs out of the other one */
            list = cascade_step(mutator, shapes, list, true, &freed);
        }
        if (GC_UNLIKELY(++visited == CASCADE_CLOCK_AFTER) && mutator->observer.listener &&
            !mutator->account.collecting)
            begin_ns = gc_pause_clock(mutator);
    }
    mutator->account.freed_objects += freed.objects;
    mutator->account.freed_bytes += freed.bytes;
    if (GC_UNLIKELY(begin_ns)) {
        mutator->account.freed_in_cascades += freed.objects;
        gc_pause_report(mutator, &(struct gc_pause){.kind = GC_PAUSE_CASCADE,
                                                    .reason = GC_REASON_DEATH,
                                                    .begin_ns = begin_ns,
                                                    .end_ns = gc_clock(),
                                                    .visited_objects = visited,
                                                    .freed_objects = freed.objects,
                                                    .freed_bytes = freed.bytes});
    }
}

#endif
