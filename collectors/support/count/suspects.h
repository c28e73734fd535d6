/* SPDX-License-Identifier: MIT */
/*
 * Counting that remembers possible roots, for trial deletion (Bacon and Rajan, ECOOP 2001).
 *
 * A decrement that leaves an object alive may have cut the last reference from outside to a cycle through it:
 * the object becomes a possible root (purple) and waits in a buffer. An increment shows that it was alive
 * then (black again). The header's own bits:
 *
 *      bit  18       buffered: the root buffer has an entry of the object, or of its region
 *      bits 20..21   colour
 *
 * The including collector.c defines suspect_release() and suspect_buffer().
 */
#ifndef COLLECTORS_SUPPORT_COUNT_SUSPECTS_H
#define COLLECTORS_SUPPORT_COUNT_SUSPECTS_H

#include "collectors/mutator.h"
#include "collectors/support/check.h"
#include "collectors/support/trace/worklist.h"

enum trial_colour {
    TRIAL_BLACK = 0,        /* in use, or free */
    TRIAL_GREY = 1 << 20,   /* its references have been taken off on trial */
    TRIAL_WHITE = 2 << 20,  /* garbage, unless a later root reaches it */
    TRIAL_PURPLE = 3 << 20, /* possible root */
    TRIAL_COLOUR = 3 << 20, /* the mask, and so purple. Acyclic objects ("green") are those with
                               GC_BIT_ACYCLIC: they stay black */
    TRIAL_BUFFERED = GC_BIT_KEPT_A,
};

static inline uint32_t trial_colour(const struct gc_object *object)
{
    return object->bits & TRIAL_COLOUR;
}

static inline void trial_colour_set(struct gc_object *object, uint32_t colour)
{
    object->bits = (object->bits & ~(uint32_t)TRIAL_COLOUR) | colour;
}

static inline bool trial_is_green(const struct gc_object *object)
{
    return object->bits & GC_BIT_ACYCLIC;
}

/* Frees an object whose count has reached 0, with whatever only it kept alive. */
void suspect_release(struct gc_mutator *mutator, struct gc_object *object);

/* Puts an object that is not in the buffer there, purple and flagged; or finds that it is no suspect. */
void suspect_buffer(struct gc_mutator *mutator, struct gc_object *object);

static inline void counting_increment(struct gc_mutator *mutator, struct gc_object *object);
static inline void counting_decrement(struct gc_mutator *mutator, struct gc_object *object);

#include "collectors/support/count/counting-template.h"

static inline void counting_increment(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    object->bits &= ~(uint32_t)TRIAL_COLOUR;
    gc_count_up(object);
}

/* Makes an object whose count was lowered, but not to 0, a possible root, unless it is acyclic. */
static inline void suspect_add(struct gc_mutator *mutator, struct gc_object *object)
{
    uint32_t bits = object->bits;
    if ((bits & GC_BIT_ACYCLIC) || (bits & TRIAL_COLOUR) == TRIAL_PURPLE)
        return;
    if (bits & TRIAL_BUFFERED)
        object->bits = bits | TRIAL_PURPLE;
    else
        suspect_buffer(mutator, object);
}

static inline void counting_decrement(struct gc_mutator *mutator, struct gc_object *object)
{
    if (gc_count_down(object))
        suspect_release(mutator, object);
    else
        suspect_add(mutator, object);
}

/* A reference to `child` goes away inside a cascade; true when it is dead. */
static inline bool suspect_drop(struct gc_mutator *mutator, struct gc_object *child)
{
    if (gc_count_down_is_dead(child))
        return true;
    if (!gc_count_is_stuck(child->count))
        suspect_add(mutator, child);
    return false;
}

/* Traps unless an object in the buffer of possible roots is as it must be between collections. */
static inline void suspect_check(const struct gc_object *object)
{
    uint32_t colour = trial_colour(object);
    check_that(!trial_is_green(object) || colour == TRIAL_BLACK, object,
               "an acyclic object is never a possible root");
    check_that(colour == TRIAL_BLACK || colour == TRIAL_PURPLE, object,
               "no trial colour outlives a collection");
    check_that(colour != TRIAL_PURPLE || object->count != 0, object, "a possible root has references");
}

#endif
