/* SPDX-License-Identifier: MIT */
/*
 * Counting that remembers possible roots, for trial deletion (Bacon and Rajan, ECOOP 2001).
 *
 * A decrement that leaves an object alive may have dropped the last reference from outside to a cycle
 * through the object. So the object becomes a possible root and waits in a buffer for the next collection.
 * An increment shows that the object was alive then, and makes it black again. The life of an object in
 * colours:
 *
 *      black     in use, or free: the colour of an object at birth
 *      purple    a possible root; it stays buffered when an increment makes it black again
 *      grey      in a collection: trial deletion has taken the references of this object off their targets
 *      white     in a collection: garbage, unless a later root reaches it
 *      green     acyclic (GC_BIT_ACYCLIC): always black, and never a possible root
 *
 * The header's own bits:
 *
 *      bit  18        buffered: the buffer has an entry for the object, or for its region
 *      bits 20..21    colour
 *
 * Included by a collector.h. Its collector.c defines suspect_release() and suspect_buffer().
 */
#ifndef COLLECTORS_SUPPORT_COUNT_SUSPECTS_H
#define COLLECTORS_SUPPORT_COUNT_SUSPECTS_H

#include "collectors/mutator.h"
#include "collectors/support/check.h"
#include "collectors/support/trace/worklist.h"

enum trial_colour {
    TRIAL_BLACK = 0,
    TRIAL_GREY = 1 << 20,
    TRIAL_WHITE = 2 << 20,
    TRIAL_PURPLE = 3 << 20,
    TRIAL_COLOUR = 3 << 20, /* the mask of the colour */
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

/* Frees an object whose count has reached 0, and every object that only it kept alive. */
void suspect_release(struct gc_mutator *mutator, struct gc_object *object);

/*
 * Makes an object purple and buffered that is not in the buffer yet; or finds that it cannot lie on a
 * cycle.
 */
void suspect_buffer(struct gc_mutator *mutator, struct gc_object *object);

static inline void counting_increment(struct gc_mutator *mutator, struct gc_object *object);
static inline void counting_increment_by(struct gc_mutator *mutator, struct gc_object *object,
                                         uint64_t added);
static inline void counting_decrement(struct gc_mutator *mutator, struct gc_object *object);

#include "collectors/support/count/counting-template.h"

static inline void counting_increment(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    object->bits &= ~(uint32_t)TRIAL_COLOUR;
    gc_count_up(object);
}

static inline void counting_increment_by(struct gc_mutator *mutator, struct gc_object *object, uint64_t added)
{
    (void)mutator;
    object->bits &= ~(uint32_t)TRIAL_COLOUR;
    gc_count_up_by(object, added);
}

/*
 * After a decrement that did not bring the count to 0: makes the object a possible root, unless it is
 * acyclic.
 */
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

/*
 * Takes one reference off the count of `child` inside a cascade. True when `child` is dead; if not, it
 * becomes a possible root.
 */
static inline bool suspect_drop(struct gc_mutator *mutator, struct gc_object *child)
{
    if (gc_count_down_is_dead(child))
        return true;
    if (!gc_count_is_stuck(child->count))
        suspect_add(mutator, child);
    return false;
}

/* Traps unless an object in the buffer is as it must be between collections. */
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
