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
 * A dead object that is attended may live on, because its finaliser is due (finalise/finalise.h). The finaliser is
 * called after the operation, so a cascade never meets what a finaliser does. Only the queue of finalisers takes
 * memory. An attended object has a word in front of its header, as an object with a length. So objects without such
 * a word pay nothing for the question, and objects with a length no more than they paid for their size.
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
#include "collectors/support/finalise/finalise.h"

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

/* The bytes of a dead object. One whose shape leaves it a length is not asked again whether it has a word in front. */
static inline __attribute__((always_inline)) uint64_t cascade_bytes(const struct gc_shape *shapes,
                                                                    struct gc_object *dead, bool has_front)
{
    const struct gc_shape *shape = gc_object_shape(shapes, dead);
    if (has_front && gc_shape_has_length(shape))
        return gc_shape_body_bytes(shape, *gc_object_length(dead)) + sizeof(uint64_t);
    return gc_object_bytes(shapes, dead);
}

/*
 * Frees `dead`, which has been taken off the front of `list`. Returns the new list. `has_front` says whether the object
 * has a word in front of its header, and is constant: what follows from it is then known for the object's whole death.
 */
static inline __attribute__((always_inline)) struct gc_object *
cascade_step(struct gc_mutator *mutator, const struct gc_shape *shapes, struct gc_object *dead,
             struct gc_object *list, bool has_front, struct cascade_sum *freed)
{
    if (!(dead->bits & GC_BIT_LENGTH) == has_front)
        __builtin_unreachable();
    uint64_t bytes = cascade_bytes(shapes, dead, has_front);
    list = cascade_drop_children(mutator, dead, gc_object_refs(shapes, dead), list);
    if (!(dead->bits & GC_BIT_LENGTH) == has_front)
        __builtin_unreachable(); /* the deaths of its children do not change its header */
    if (cascade_dispose(mutator, dead, bytes)) {
        freed->objects++;
        freed->bytes += bytes;
    }
    return list;
}

/* Is called with an object that is not freed after all, and has lost the upper bits of its header. Does nothing unless
 * the collector's header defines it. */
#ifndef CASCADE_REVIVE
#define CASCADE_REVIVE(mutator, object) ((void)(mutator), (void)(object))
#endif

/* Drops the value of an ephemeron whose key has died. */
static struct gc_object *cascade_drop_value(struct gc_mutator *mutator, struct gc_object *value,
                                            struct gc_object *list)
{
    return cascade_drop(mutator, value) ? zero_list_push(value, list) : list;
}

/* Does what is to be done at the death of an attended object. Says whether it lives on, because its finaliser is due. */
static inline bool cascade_spares(struct gc_mutator *mutator, struct gc_object *dead, struct gc_object **list)
{
    if (!finalise_death(mutator, dead, cascade_drop_value, list))
        return false;
    CASCADE_REVIVE(mutator, dead);
    return true;
}

/* How far a cascade has come. */
struct cascade {
    struct gc_object *list; /* of what is dead, and not freed yet */
    uint64_t visited;       /* objects taken off the list */
    uint64_t begin_ns;      /* when the clock was read, or 0 */
    struct cascade_sum freed;
};

static __attribute__((noinline)) void cascade_run_attending(struct gc_mutator *mutator,
                                                            struct cascade cascade);

/*
 * Runs a cascade to its end, and counts what it freed. `attends` is constant. Unless it is set, the cascade is handed
 * over to cascade_run_attending() at the first attended object: so the loop of all others keeps its sums in registers.
 * Only the step of objects without a word in front takes the table of shapes from `shapes`, which is a register then.
 */
static inline __attribute__((always_inline)) void
cascade_run(struct gc_mutator *mutator, const struct gc_shape *shapes, struct cascade cascade, bool attends)
{
    while (cascade.list) {
        struct gc_object *dead = cascade.list;
        if (GC_LIKELY(!(dead->bits & GC_BIT_LENGTH))) {
            struct gc_object *list = zero_list_pop(dead);
            cascade.list = cascade_step(mutator, shapes, dead, list, false, &cascade.freed);
        } else {
            __asm__("" : "+r"(dead)); /* keeps what only this step needs out of the other one */
            cascade.list = zero_list_pop(dead);
            const struct gc_shape *shape = gc_object_shape(mutator->shapes, dead);
            bool attended = GC_UNLIKELY(!gc_shape_has_length(shape)) && gc_shape_is_attended(shape);
            if (attended && !attends) {
                cascade.list = zero_list_push(dead, cascade.list);
                cascade_run_attending(mutator, cascade);
                return;
            }
            struct gc_object *list = cascade.list;
            if (!attended || !cascade_spares(mutator, dead, &list))
                list = cascade_step(mutator, mutator->shapes, dead, list, true, &cascade.freed);
            cascade.list = list;
        }
        if (GC_UNLIKELY(++cascade.visited == CASCADE_CLOCK_AFTER) && mutator->observer.listener &&
            !mutator->account.collecting)
            cascade.begin_ns = gc_pause_clock(mutator);
    }
    mutator->account.freed_objects += cascade.freed.objects;
    mutator->account.freed_bytes += cascade.freed.bytes;
    if (GC_UNLIKELY(cascade.begin_ns)) {
        mutator->account.freed_in_cascades += cascade.freed.objects;
        gc_pause_report(mutator, &(struct gc_pause){.kind = GC_PAUSE_CASCADE,
                                                    .reason = GC_REASON_DEATH,
                                                    .begin_ns = cascade.begin_ns,
                                                    .end_ns = gc_clock(),
                                                    .visited_objects = cascade.visited,
                                                    .freed_objects = cascade.freed.objects,
                                                    .freed_bytes = cascade.freed.bytes});
    }
}

static __attribute__((noinline)) void cascade_run_attending(struct gc_mutator *mutator,
                                                            struct cascade cascade)
{
    cascade_run(mutator, mutator->shapes, cascade, true);
}

/*
 * Frees `object`, whose count is 0, and every object that only it kept alive. Reads the clock when the
 * cascade has looked at CASCADE_CLOCK_AFTER objects, unless a collection is under way. O(objects freed and
 * their references).
 */
static inline void cascade_release(struct gc_mutator *mutator, struct gc_object *object)
{
    const struct gc_shape *shapes = mutator->shapes;
    cascade_run(mutator, shapes, (struct cascade){.list = zero_list_push(object, NULL)}, false);
}

#endif
