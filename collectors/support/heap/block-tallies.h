/* SPDX-License-Identifier: MIT */
/*
 * Tallies on the side of a block heap: how many of the references to each object lie in the heap itself.
 * Trial deletion of everything at once without touching a count: an object with more references than its
 * tally is referred to from outside.
 *
 * A tally is a byte. An edge leads anywhere, and a cache line has the tallies of 64 places but the header of
 * one object, so that most edges cost no miss of memory or of the address translation. Tallies have room for
 * few, most objects have few: of one with more, 256 are taken off the count when the tally comes round to 0,
 * and given back in the end.
 *
 * After the copies of counts in CPython's collector (gc_refs), from which the references are subtracted; here
 * they are added up, and compared.
 */
#ifndef COLLECTORS_SUPPORT_HEAP_BLOCK_TALLIES_H
#define COLLECTORS_SUPPORT_HEAP_BLOCK_TALLIES_H

#include "collectors/counts.h"
#include "collectors/support/heap/block-marks.h"
#include "collectors/support/trace/worklist.h"

enum {
    BLOCK_TALLY_CARRY = 256,
    BLOCK_TALLY_RING = 32, /* a power of two */
};

/* Where the tally of `object` is. Reads the table, and of a large object its block. */
static inline uint8_t *block_tally(const struct block_heap *heap, const struct gc_object *object)
{
    if (GC_UNLIKELY(!chunk_table_has(&heap->side_chunks, object)))
        return &block_of(object)->chunk->tally;
    return block_tallies_around(object) + (uintptr_t)object % BLOCK_CHUNK_BYTES / BLOCK_REGION_MIN;
}

/* Those on their way, and what was taken off counts. All zero: none. */
struct block_tallying {
    struct block_tally_edge {
        uint8_t *tally;
        struct gc_object *object;
    } ring[BLOCK_TALLY_RING];
    uint64_t sent;
    struct worklist carried; /* objects, once for each BLOCK_TALLY_CARRY that was taken off */
};

/* Sets every tally to 0: before the first is sent. O(chunks). */
void block_tallies_clear(struct block_heap *heap);

/* A tally has come round to 0. */
__attribute__((noinline)) void block_tally_carry(struct gc_mutator *mutator, struct block_tallying *tallying,
                                                 struct gc_object *object);

static inline void block_tally_arrive(struct gc_mutator *mutator, struct block_tallying *tallying,
                                      const struct block_tally_edge *edge)
{
    if (GC_LIKELY(edge->tally) && GC_UNLIKELY(++*edge->tally == 0))
        block_tally_carry(mutator, tallying, edge->object);
}

/* One reference more from inside, which is counted when its tally has been fetched. */
static inline void block_tally_send(struct gc_mutator *mutator, const struct block_heap *heap,
                                    struct block_tallying *tallying, struct gc_object *object)
{
    struct block_tally_edge *edge = &tallying->ring[tallying->sent++ % BLOCK_TALLY_RING];
    struct block_tally_edge arrived = *edge;
    *edge = (struct block_tally_edge){block_tally(heap, object), object};
    __builtin_prefetch(edge->tally, 1);
    block_tally_arrive(mutator, tallying, &arrived);
}

/* Counts those that are still on their way. */
void block_tallies_arrive(struct gc_mutator *mutator, struct block_tallying *tallying);

/* Whether something else refers to `object`, after all have arrived. A saturated count says nothing.
 * `tallies` are its block's. */
static inline bool block_tally_is_external(const uint8_t *tallies, const struct heap_block *block,
                                           const struct gc_object *object)
{
    uint64_t place = block_is_large(block) ? 0 : (uintptr_t)object % BLOCK_BYTES / BLOCK_REGION_MIN;
    return gc_count_is_stuck(object->count) || object->count != tallies[place];
}

/* Gives the counts back what was taken off them, and the memory that it was written down in. O(carried). */
void block_tallies_restore(struct gc_mutator *mutator, struct block_tallying *tallying);

#endif
