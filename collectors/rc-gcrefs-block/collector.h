/* SPDX-License-Identifier: MIT */
/*
 * rc-gcrefs-block: CPython's cyclic collector engineered. Objects are found by address and not by lists, the
 * references of a generation are subtracted from the counts themselves and given back, and a full collection
 * overlaps its cache misses.
 *
 * A young object has a place in the table of its generation, which its header names; an object without a
 * place is old. Which objects are young decides only when they are looked at, never whether a collection is
 * right: a full table makes an object old early. The header's own bits:
 *
 *      bit  18       of a young object: it is of the middle generation
 *      bits 19..31   its place in the table, from 1; or 0
 */
#ifndef COLLECTORS_RC_GCREFS_BLOCK_COLLECTOR_H
#define COLLECTORS_RC_GCREFS_BLOCK_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/block-tallies.h"
#include "collectors/support/generations.h"
#include "collectors/support/kernel.h"
#include "collectors/support/worklist.h"

enum {
    BLOCK_GCREFS_MIDDLE = GC_BIT_KEPT_A,
    BLOCK_GCREFS_PLACE_SHIFT = 19,
    BLOCK_GCREFS_PLACES = 1 << (32 - BLOCK_GCREFS_PLACE_SHIFT),
    BLOCK_GCREFS_KEPT = BLOCK_GCREFS_MIDDLE - 1, /* of the header: what an old object has */
};
static_assert(GC_BIT_KEPT_B == 1 << BLOCK_GCREFS_PLACE_SHIFT, "the collector's bits are two and twelve");

static const struct gc_traits gc_traits = {
    .counts = true,
    .reclaims = true,
    .reclaims_cycles = true,
    .frees_at_once = true,
    .header_bytes = sizeof(struct gc_object),
};

/* The objects of a young generation. An entry is an object, or block_gcrefs_link() of the next free place. */
struct block_gcrefs_table {
    uint32_t used; /* entries up to here have been in use; the first is none */
    uint32_t free; /* the first free place below it, or 0 */
    uint32_t live; /* objects */
    struct gc_object *entries[BLOCK_GCREFS_PLACES];
};

struct block_gcrefs_mutator {
    struct gc_mutator common;
    struct block_heap heap;
    struct generation_clock clock;
    struct kernel kernel;
    struct block_tallying tallying;
    uint32_t excluded;       /* a header bit that a young collection passes over, or 0 */
    uint64_t tracked;        /* objects that are not acyclic and were reached, in this collection */
    struct worklist garbage; /* young objects found dead, not freed yet */
    struct worklist
        orphans; /* what they refer to outside the generations collected, once for each reference */
    struct block_gcrefs_table young[GENERATION_OLDEST];
};

static inline uint32_t block_gcrefs_place(const struct gc_object *object)
{
    return object->bits >> BLOCK_GCREFS_PLACE_SHIFT;
}

/* Free entries are odd, which no object's address is. */
static inline struct gc_object *block_gcrefs_link(uint32_t next)
{
    return (struct gc_object *)((uintptr_t)next << 1 | 1);
}

static inline bool block_gcrefs_is_free(const struct gc_object *entry)
{
    return (uintptr_t)entry & 1;
}

/* Gives an object without a place one in `generation`, if there is one. */
static inline void block_gcrefs_enter(struct block_gcrefs_mutator *gcrefs, struct gc_object *object,
                                      int generation)
{
    struct block_gcrefs_table *table = &gcrefs->young[generation];
    uint32_t place = table->free;
    if (place) {
        table->free = (uint32_t)((uintptr_t)table->entries[place] >> 1);
    } else if (GC_LIKELY(table->used < BLOCK_GCREFS_PLACES)) {
        place = table->used++;
    } else {
        gcrefs->clock.arrived++;
        return;
    }
    table->live++;
    table->entries[place] = object;
    object->bits |= place << BLOCK_GCREFS_PLACE_SHIFT | (generation ? BLOCK_GCREFS_MIDDLE : 0);
}

/* Asks for a collection at the next allocation. */
__attribute__((cold)) void block_gcrefs_arm(struct gc_mutator *mutator);

/* Frees an object whose count has reached 0, with whatever only it kept alive. */
void block_gcrefs_release(struct gc_mutator *mutator, struct gc_object *object);

static inline void counting_increment(struct gc_mutator *mutator, struct gc_object *object);
static inline void counting_decrement(struct gc_mutator *mutator, struct gc_object *object);

#include "collectors/support/counting.h"

static inline void counting_increment(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    gc_count_up(object);
}

static inline void counting_decrement(struct gc_mutator *mutator, struct gc_object *object)
{
    if (gc_count_down(object))
        block_gcrefs_release(mutator, object);
}

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct block_gcrefs_mutator *gcrefs = (struct block_gcrefs_mutator *)mutator;
    bool tracked = !(shape->flags & GC_SHAPE_ACYCLIC);
    if (tracked && generation_clock_born(&gcrefs->clock))
        block_gcrefs_arm(mutator);
    struct gc_object *object = block_allocate(mutator, &gcrefs->heap, shape, length);
    if (tracked)
        block_gcrefs_enter(gcrefs, object, 0);
    counting_hand_over(mutator, &slot->ref, (struct gc_ref){object});
}

#endif
