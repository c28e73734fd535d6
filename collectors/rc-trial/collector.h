/* SPDX-License-Identifier: MIT */
/*
 * rc-trial: reference counting with trial deletion of possible roots (Bacon and Rajan, ECOOP 2001,
 * synchronous).
 *
 * A decrement that leaves an object alive may have cut the last reference from outside to a cycle through it:
 * the object becomes a possible root (purple) and waits in a buffer. An increment shows that it was alive
 * then (black again). The header's own bits:
 *
 *      bit  18       buffered: the root buffer points at the object, so its memory may not be freed
 *      bits 20..21   colour
 */
#ifndef COLLECTORS_RC_TRIAL_COLLECTOR_H
#define COLLECTORS_RC_TRIAL_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/allocation.h"
#include "collectors/support/worklist.h"

static const struct gc_traits gc_traits = {
    .counts = true,
    .reclaims = true,
    .reclaims_cycles = true,
    .frees_at_once = false, /* a dead object that is buffered waits, empty, for the next collection */
    .header_bytes = sizeof(struct gc_object),
};

enum trial_colour {
    TRIAL_BLACK = 0,        /* in use, or free */
    TRIAL_GREY = 1 << 20,   /* its references have been taken off on trial */
    TRIAL_WHITE = 2 << 20,  /* garbage, unless a later root reaches it */
    TRIAL_PURPLE = 3 << 20, /* possible root */
    TRIAL_COLOUR =
        3 << 20, /* the mask. Acyclic objects ("green") are those with GC_BIT_ACYCLIC: they stay black */
    TRIAL_BUFFERED = GC_BIT_KEPT_A,
};

struct trial_mutator {
    struct gc_mutator common;
    const struct trial_options *options;
    struct worklist roots;   /* possible roots, each once */
    struct worklist pending; /* objects whose references are still to be followed */
    struct worklist white;   /* garbage found, not freed yet */
    uint64_t threshold;      /* roots that call for a collection */
    uint64_t visited;        /* objects, in this collection */
};

struct trial_options {
    uint64_t roots; /* first threshold */
    bool adapt;
};

/* Frees an object whose count has reached 0, with whatever only it kept alive. */
void trial_release(struct gc_mutator *mutator, struct gc_object *object);

/* Makes an object whose count was lowered, but not to 0, a possible root. */
void trial_suspect(struct gc_mutator *mutator, struct gc_object *object);

static inline void counting_increment(struct gc_mutator *mutator, struct gc_object *object);
static inline void counting_decrement(struct gc_mutator *mutator, struct gc_object *object);

#include "collectors/support/counting.h"

static inline void counting_increment(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    object->bits &= ~(uint32_t)TRIAL_COLOUR;
    gc_count_up(object);
}

/* Purple already, which implies buffered, or acyclic: nothing more to do. */
static inline bool trial_is_settled(const struct gc_object *object)
{
    return (object->bits & GC_BIT_ACYCLIC) || (object->bits & TRIAL_COLOUR) == TRIAL_PURPLE;
}

static inline void counting_decrement(struct gc_mutator *mutator, struct gc_object *object)
{
    if (gc_count_down(object))
        trial_release(mutator, object);
    else if (!trial_is_settled(object))
        trial_suspect(mutator, object);
}

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct gc_object *object = gc_object_allocate(mutator, shape, length, 0);
    counting_hand_over(mutator, &slot->ref, (struct gc_ref){object});
}

#endif
