/* SPDX-License-Identifier: MIT */
/*
 * Tallies: how many references to each object come from the objects of the heap itself.
 *
 * A tally is trial deletion of everything at once, without a change of any count. After every reference in
 * the heap has been tallied, an object with more references than its tally is referred to from outside:
 *
 *      count > tally      a name refers to the object: it is a root
 *      count = tally      only objects of the heap refer to it: it lives if a root reaches it
 *
 * A tally is one byte of side metadata (heap/block-layout.h). An edge leads anywhere in the heap. A cache
 * line has the tallies of 64 places, but the header of one object, so most edges miss neither the cache nor
 * the TLB.
 *
 * Few objects have more than 255 references. When a tally comes round to 0, BLOCK_TALLY_CARRY is taken off
 * the object's count, and given back in the end.
 *
 * Tallies are after the copies of counts in CPython's collector (gc_refs). CPython subtracts references
 * from the copies; here they are added up and compared.
 */
#ifndef COLLECTORS_SUPPORT_HEAP_BLOCK_TALLIES_H
#define COLLECTORS_SUPPORT_HEAP_BLOCK_TALLIES_H

#include "collectors/boundaries.h"
#include "collectors/counts.h"
#include "collectors/support/heap/block-marks.h"
#include "collectors/support/trace/worklist.h"

enum {
    BLOCK_TALLY_CARRY = 256,
    BLOCK_TALLY_RING = 32, /* edges under way; a power of two */
};

static const struct gc_boundary block_tally_boundaries[] = {
    GC_BOUNDARY(FAN_IN, BLOCK_TALLY_CARRY),
    GC_BOUNDARY(OBJECTS, BLOCK_TALLY_RING),
    GC_BOUNDARY_END,
};

/* The tally of `object`. Reads the table of chunks; of a large object, also its block. */
static inline uint8_t *block_tally(const struct block_heap *heap, const struct gc_object *object)
{
    if (GC_UNLIKELY(!chunk_table_has(&heap->side_chunks, object)))
        return &block_of_large(object)->chunk->tally;
    return block_tallies_around(object) + (uintptr_t)object % BLOCK_CHUNK_BYTES / BLOCK_REGION_MIN;
}

/* Edges whose tallies are being fetched, and what was taken off counts. All zero: nothing. */
struct block_tallying {
    struct block_tally_edge {
        uint8_t *tally;
        struct gc_object *object;
    } ring[BLOCK_TALLY_RING];
    uint64_t sent;
    struct worklist carried; /* objects, once for each BLOCK_TALLY_CARRY taken off */
};

/* Clears every tally of a block that is not empty, before the first edge is sent. O(chunks and filled blocks). */
void block_tallies_clear(struct block_heap *heap);

/* Takes BLOCK_TALLY_CARRY off the count of `object`, whose tally has come round to 0. */
__attribute__((noinline)) void block_tally_carry(struct gc_mutator *mutator, struct block_tallying *tallying,
                                                 struct gc_object *object);

static inline void block_tally_arrive(struct gc_mutator *mutator, struct block_tallying *tallying,
                                      const struct block_tally_edge *edge)
{
    if (GC_LIKELY(edge->tally) && GC_UNLIKELY(++*edge->tally == 0))
        block_tally_carry(mutator, tallying, edge->object);
}

/*
 * Counts one reference to `object` from the heap. Prefetches the tally, and adds to it BLOCK_TALLY_RING
 * edges later.
 */
static inline void block_tally_send(struct gc_mutator *mutator, const struct block_heap *heap,
                                    struct block_tallying *tallying, struct gc_object *object)
{
    struct block_tally_edge *edge = &tallying->ring[tallying->sent++ % BLOCK_TALLY_RING];
    struct block_tally_edge arrived = *edge;
    *edge = (struct block_tally_edge){block_tally(heap, object), object};
    __builtin_prefetch(edge->tally, 1);
    block_tally_arrive(mutator, tallying, &arrived);
}

/* Adds the edges that are still under way. */
void block_tallies_arrive(struct gc_mutator *mutator, struct block_tallying *tallying);

/*
 * Whether something outside the heap refers to `object`, after block_tallies_arrive(). A saturated count
 * passes for such a reference. `tallies` are those of the object's block.
 */
static inline bool block_tally_is_external(const uint8_t *tallies, const struct heap_block *block,
                                           const struct gc_object *object)
{
    uint64_t place = block_is_large(block) ? 0 : (uintptr_t)object % BLOCK_BYTES / BLOCK_REGION_MIN;
    return gc_count_is_stuck(object->count) || object->count != tallies[place];
}

/* Gives the counts back what was taken off them, and gives back the memory of the list. O(carried). */
void block_tallies_restore(struct gc_mutator *mutator, struct block_tallying *tallying);

#endif
