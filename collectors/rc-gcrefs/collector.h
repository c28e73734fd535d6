/* SPDX-License-Identifier: MIT */
/*
 * rc-gcrefs: reference counting with CPython's cyclic collector. Objects that may lie on a cycle are on one
 * list for each generation. A collection copies the counts of a generation, and subtracts from the copies the
 * references that the generation holds to itself. An object whose copy is 0 is garbage, unless an object with
 * references left reaches it.
 *
 * The lists link objects by a head of two words in front of each. Acyclic objects are on no list and have no
 * head, as CPython's numbers and strings. The header's own bits:
 *
 *      bit  20       collecting: in the generation that is being collected, and not known to be reachable
 *      bit  21       aside: on the list of objects that may be unreachable
 */
#ifndef COLLECTORS_RC_GCREFS_COLLECTOR_H
#define COLLECTORS_RC_GCREFS_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/count/counting-at-once.h"
#include "collectors/support/count/counting-template.h"
#include "collectors/support/heap/allocation.h"
#include "collectors/support/trace/worklist.h"
#include "collectors/support/trigger/generations.h"

enum {
    GCREFS_COLLECTING = 1 << 20,
    GCREFS_ASIDE = 1 << 21,
};

/* In front of a tracked object, and of the end of a list. */
struct gcrefs_head {
    struct gc_object *next;
    union {
        struct gc_object *previous;
        uint64_t references; /* while the object is collecting and not aside: references not accounted for */
    };
};

static const struct gc_traits gc_traits = {
    .counts = true,
    .reclaims = true,
    .reclaims_cycles = true,
    .frees_at_once = true,
    .finalises = true,
    .freezes = true,
    .header_bytes = sizeof(struct gcrefs_head) + sizeof(struct gc_object),
};

/* A circular list: `end` stands after its last object and before its first one. */
struct gcrefs_list {
    struct gcrefs_head head;
    struct gc_object end;
};
static_assert(offsetof(struct gcrefs_list, end) == sizeof(struct gcrefs_head),
              "the end is linked as an object");

struct gcrefs_mutator {
    struct gc_mutator common;
    struct generation_clock clock;
    struct gcrefs_list generations[GENERATIONS]; /* the youngest first */
    struct gcrefs_list frozen;                   /* what no collection looks at (gc_freeze) */
    struct gcrefs_list *unreachable;             /* while a collection attends to its garbage: that */
    struct worklist
        dropped; /* meanwhile: values of emptied ephemerons that are no garbage, once for each reference */
};

static inline bool gcrefs_is_tracked(const struct gc_object *object)
{
    return !(object->bits & GC_BIT_ACYCLIC);
}

static inline struct gcrefs_head *gcrefs_head(struct gc_object *object)
{
    return gc_object_memory(object, sizeof(struct gcrefs_head));
}

static inline void gcrefs_append(struct gcrefs_list *list, struct gc_object *object)
{
    struct gc_object *last = list->head.previous;
    *gcrefs_head(object) = (struct gcrefs_head){&list->end, {last}};
    gcrefs_head(last)->next = object;
    list->head.previous = object;
}

void gcrefs_freeze(struct gc_mutator *mutator);
void gcrefs_unfreeze(struct gc_mutator *mutator);
#define GC_FREEZE gcrefs_freeze
#define GC_UNFREEZE gcrefs_unfreeze

/* Asks for a collection at the next allocation. */
__attribute__((cold)) void gcrefs_arm(struct gc_mutator *mutator);

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct gcrefs_mutator *gcrefs = (struct gcrefs_mutator *)mutator;
    bool tracked = !(shape->flags & GC_SHAPE_ACYCLIC);
    if (tracked && generation_clock_born(&gcrefs->clock))
        gcrefs_arm(mutator);
    struct gc_object *object =
        gc_object_allocate(mutator, shape, length, tracked ? sizeof(struct gcrefs_head) : 0);
    if (tracked)
        gcrefs_append(&gcrefs->generations[0], object);
    counting_hand_over(mutator, &slot->ref, (struct gc_ref){object});
}

#endif
