/* SPDX-License-Identifier: MIT */
/*
 * Weak references, and the word in front of an attended object.
 *
 * All weak references to one object are on a list. It begins in the word in front of the object's header, and goes
 * through the weak references themselves. So a weak reference is set, and taken back, in O(1). The death of an
 * object takes O(weak references to it), and no memory.
 *
 *      in front of an attended object, at the place of a length:
 *
 *          bit   0       its finaliser has been called, or is due: it is never due again
 *          bit   1       of an ephemeron, in a collection: the reference to its value is taken off (collectors/ephemeron.h)
 *          bit   2       its external bytes have been given back: it is dead, and its memory may wait for a sweep
 *          bits  3..63   the first weak reference to the object, or 0
 *
 *      the last words of a weak reference's payload:
 *
 *          referent      the object that it refers to; NULL: none, or one that has died
 *          next          the weak reference after it on its list
 *          previous      the one before it; NULL: the list begins with it
 *
 * A weak reference is on one of two lists, or on none:
 *
 *      its referent is not NULL     the list of its referent
 *      its referent is NULL         the list of callbacks that are due (struct gc_dues), or none
 *
 * Nobody holds a weak reference because it is on a list. When it dies, it leaves the list: gc_weak_unlink(). So the
 * callback of a dead weak reference is never called, as in Python.
 *
 * After the weak references of CPython (Objects/weakrefobject.c).
 */
#ifndef COLLECTORS_WEAK_H
#define COLLECTORS_WEAK_H

#include "collectors/mutator.h"

enum {
    GC_FRONT_FINALISED = 1,
    GC_FRONT_TAKEN = 2,
    GC_FRONT_GIVEN = 4,
    GC_FRONT_BITS = 7, /* the bits that belong to no address */
};

/* The last words of a weak reference's payload. */
struct gc_weak {
    struct gc_object *referent;
    struct gc_object *next;
    struct gc_object *previous;
};
static_assert(sizeof(struct gc_weak) == GC_WEAK_BYTES, "the payload has room for it");

/* The words of the weak reference `weak`. */
static inline struct gc_weak *gc_weak_words(const struct gc_mutator *mutator, struct gc_object *weak)
{
    const struct gc_shape *shape = gc_object_shape(mutator->shapes, weak);
    return (struct gc_weak *)((char *)(gc_object_fields(weak) + shape->refs) + shape->payload) - 1;
}

/* The first weak reference to `object`, whose shape is one of referents; or NULL. */
static inline struct gc_object *gc_weak_first(struct gc_object *object)
{
    return (struct gc_object *)(uintptr_t)(*gc_object_length(object) & ~(uint64_t)GC_FRONT_BITS);
}

static inline void gc_weak_first_set(struct gc_object *object, struct gc_object *weak)
{
    uint64_t kept = *gc_object_length(object) & GC_FRONT_BITS;
    *gc_object_length(object) = (uint64_t)(uintptr_t)weak | kept;
}

/* Takes `weak` off the list on which it is, if it is on one. It refers to nothing afterwards. O(1). */
static inline void gc_weak_unlink(struct gc_mutator *mutator, struct gc_object *weak)
{
    struct gc_weak *words = gc_weak_words(mutator, weak);
    if (words->next)
        gc_weak_words(mutator, words->next)->previous = words->previous;
    else if (mutator->dues.callbacks_last == weak)
        mutator->dues.callbacks_last = words->previous;
    if (words->previous)
        gc_weak_words(mutator, words->previous)->next = words->next;
    else if (words->referent)
        gc_weak_first_set(words->referent, words->next);
    else if (mutator->dues.callbacks == weak)
        mutator->dues.callbacks = words->next;
    *words = (struct gc_weak){0};
}

/* Lets `weak`, which is on no list, refer to `referent`: the first on its list. O(1). */
static inline void gc_weak_link(struct gc_mutator *mutator, struct gc_object *weak,
                                struct gc_object *referent)
{
    struct gc_object *next = gc_weak_first(referent);
    *gc_weak_words(mutator, weak) = (struct gc_weak){.referent = referent, .next = next};
    if (next)
        gc_weak_words(mutator, next)->previous = weak;
    gc_weak_first_set(referent, weak);
}

#endif
