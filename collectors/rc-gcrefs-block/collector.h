/* SPDX-License-Identifier: MIT */
/*
 * rc-gcrefs-block: CPython's cyclic collector engineered. Walks by address find the objects, not lists. A
 * young collection subtracts the references of its generations from the counts themselves and gives them
 * back. A full collection overlaps its cache misses.
 *
 * An object is tracked from its first reference to another object on; before that it lies on no cycle. When
 * it becomes tracked, its region gets an entry in the table of the youngest generation
 * (support/heap/region-table.h). Until the next look at the entry, every object born in that region is young,
 * too. Which objects are young decides only when they are looked at, never whether a collection is right. The
 * header's own bits:
 *
 *      bit  18       the object's region is in the table of the youngest generation
 *      bit  19       the object's region is in the table of the middle generation
 *      bit  20       the object is tracked, and old
 *      bit  21       the object is frozen, and of no generation: its chunk is set aside (frozen-template.h)
 *
 * An untracked object has none of these bits, unless it was born into a young region.
 */
#ifndef COLLECTORS_RC_GCREFS_BLOCK_COLLECTOR_H
#define COLLECTORS_RC_GCREFS_BLOCK_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/count/counting-at-once.h"
#include "collectors/support/count/leaf.h"
#include "collectors/support/heap/block-freeze.h"
#include "collectors/support/heap/block-tallies.h"
#include "collectors/support/heap/region-table.h"
#include "collectors/support/trace/kernel.h"
#include "collectors/support/trace/worklist.h"
#include "collectors/support/trigger/generations.h"

enum {
    BLOCK_GCREFS_YOUNGEST = GC_BIT_KEPT_A,
    BLOCK_GCREFS_MIDDLE = GC_BIT_KEPT_B,
    BLOCK_GCREFS_YOUNG = BLOCK_GCREFS_YOUNGEST | BLOCK_GCREFS_MIDDLE,
    BLOCK_GCREFS_OLD = 1 << 20,
    BLOCK_GCREFS_FROZEN = 1 << 21,
};

static const struct gc_traits gc_traits = {
    .counts = true,
    .reclaims = true,
    .reclaims_cycles = true,
    .frees_at_once = true,
    .finalises = true,
    .freezes = true,
    .header_bytes = sizeof(struct gc_object),
};

struct block_gcrefs_mutator {
    struct gc_mutator common;
    struct block_heap heap;
    struct generation_clock clock;
    struct kernel kernel;
    struct block_tallying tallying;
    uint32_t collected;      /* in a young collection: the bits of the generations that it looks at */
    uint64_t tracked;        /* tracked objects that this collection has reached, or this unfreeze found */
    struct worklist garbage; /* young objects found dead and not freed yet */
    struct worklist orphans; /* what garbage refers to outside its generations, once for each reference */
    struct worklist young[GENERATION_OLDEST]; /* tables of regions */
    bool frozen;                              /* gc_freeze() has been called, and gc_unfreeze() not since */
    uint64_t left_out; /* objects that were frozen, and so left out, when the last full collection ran */
    /* While something is frozen, of the last full collection: */
    uint64_t unfrozen;       /* objects that it has walked */
    uint64_t unfrozen_bytes; /* their bytes, as triggers weigh them */
    uint64_t frozen_bytes;   /* those of all others */
};

/* Whether an object is neither acyclic nor old nor frozen, and its region in no table. */
static inline bool block_gcrefs_is_untracked(const struct gc_object *object)
{
    return !(object->bits & (GC_BIT_ACYCLIC | BLOCK_GCREFS_YOUNG | BLOCK_GCREFS_OLD | BLOCK_GCREFS_FROZEN));
}

void block_gcrefs_freeze(struct gc_mutator *mutator);
void block_gcrefs_unfreeze(struct gc_mutator *mutator);
#define GC_FREEZE block_gcrefs_freeze
#define GC_UNFREEZE block_gcrefs_unfreeze

/* Asks for a collection at the next allocation. */
__attribute__((cold)) void block_gcrefs_arm(struct gc_mutator *mutator);

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct gc_object *object = block_allocate_in(mutator, &((struct block_gcrefs_mutator *)mutator)->heap,
                                                 shape, length, BLOCK_GCREFS_YOUNG);
    counting_hand_over(mutator, &slot->ref, (struct gc_ref){object});
}

static inline void block_gcrefs_track(struct gc_mutator *mutator, struct gc_object *object)
{
    struct block_gcrefs_mutator *gcrefs = (struct block_gcrefs_mutator *)mutator;
    region_table_enter(mutator, &gcrefs->young[0], object, BLOCK_GCREFS_YOUNGEST);
    if (generation_clock_born(&gcrefs->clock))
        block_gcrefs_arm(mutator);
}

/* An object that was dead, and lives on, has lost the bit that says that it is old, or frozen. The frozen one is so
 * again, as its chunk is. The other one is young again. */
static inline void block_gcrefs_revive(struct gc_mutator *mutator, struct gc_object *object)
{
    block_revive(mutator, object);
    if (block_object_is_frozen(object, block_holds_large(object)))
        object->bits |= BLOCK_GCREFS_FROZEN;
    else if (block_gcrefs_is_untracked(object))
        block_gcrefs_track(mutator, object);
}

#undef CASCADE_REVIVE
#define CASCADE_REVIVE block_gcrefs_revive

static inline void gc_field_set(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                struct gc_ref value)
{
    if (value.object && block_gcrefs_is_untracked(object.object))
        block_gcrefs_track(mutator, object.object);
    counting_replace(mutator, &gc_object_fields(object.object)[index], value);
}

static inline void gc_field_del(struct gc_mutator *mutator, struct gc_ref object, uint64_t index)
{
    counting_hand_over(mutator, &gc_object_fields(object.object)[index], GC_NULL);
}

static inline void gc_fields_fill(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                  uint64_t count, struct gc_ref value)
{
    if (value.object && count > 0 && block_gcrefs_is_untracked(object.object))
        block_gcrefs_track(mutator, object.object);
    counting_fill(mutator, gc_object_fields(object.object) + index, count, value);
}

#include "collectors/support/names/copy-template.h"

#endif
