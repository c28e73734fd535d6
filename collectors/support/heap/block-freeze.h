/* SPDX-License-Identifier: MIT */
/*
 * Chunks of a block heap that are set aside: what they hold is left out of collections (gc_freeze()).
 *
 * A chunk that holds an object goes to the list of frozen chunks, as a whole. Walks, the clearing of marks and tallies,
 * and the giving back of chunks look at the other list, heap->chunks. So they cost nothing for a frozen chunk, and read
 * no page of it. The blocks of a frozen chunk:
 *
 *      current, partial      are neither: allocation takes nothing from a frozen chunk
 *      empty                 are on no list. Chunks without an object are not frozen, and their blocks stay
 *      every other block     is pinned by BLOCK_PIN_FROZEN and passes for listed, so that a free puts its region in
 *                            front of the free list of the block, as ever, and the block goes nowhere
 *      marks                 are all set: an edge into the chunk finds its object marked, and nobody follows it
 *      tallies               mean nothing: the caller sends none to an object with a mark
 *
 * A large object has a chunk of its own, which is given back when counting frees the object.
 *
 * The price is room: what is free in a frozen chunk, at most 2 MiB for each, waits until block_heap_unfreeze().
 */
#ifndef COLLECTORS_SUPPORT_HEAP_BLOCK_FREEZE_H
#define COLLECTORS_SUPPORT_HEAP_BLOCK_FREEZE_H

#include "collectors/support/heap/block-marks.h"

enum { BLOCK_PIN_FROZEN = 1 << 7 }; /* in `pins` of a block */
static_assert(BLOCK_PIN_FROZEN > (GC_BIT_KEPT_A | GC_BIT_KEPT_B) >> BLOCK_PIN_SHIFT, "no table has this pin");

/* Sets aside every chunk that holds an object. No block is unswept, and no table pins one. Needs side marks. May be
 * called again. O(blocks). */
void block_heap_freeze(struct block_heap *heap);

/* Takes all chunks back, and their room. O(blocks that were frozen). */
void block_heap_unfreeze(struct gc_mutator *mutator, struct block_heap *heap);

/* Puts the frozen chunks in front of the others for a while, so that walks and checks see them. Neither makes nor frees
 * objects in between. O(frozen chunks). */
void block_heap_show_frozen(struct block_heap *heap);
void block_heap_hide_frozen(struct block_heap *heap);

/* Whether the chunk of an object is set aside. `large` says whether the object is. */
static inline bool block_object_is_frozen(const struct gc_object *object, bool large)
{
    return large ? block_of_large(object)->chunk->frozen : block_of(object)->chunk->frozen;
}

#endif
