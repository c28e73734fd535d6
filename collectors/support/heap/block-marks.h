/* SPDX-License-Identifier: MIT */
/*
 * Mark bits for a block heap, and the lazy sweep that they allow.
 *
 * The mark bits of a chunk are side metadata at its front (heap/block-layout.h). A large object has its
 * mark in struct block_chunk. A full collection goes through these steps:
 *
 *      1. block_marks_clear() clears the mark bits of all blocks that are not empty, unless the last collection left none
 *         there.
 *      2. The collector marks what the root set reaches. An object's address says where its mark bit is, and
 *         the heap's table of chunks says whether the object is a large one (heap/chunk-table.h).
 *      3. block_marks_retire() compares the mark bits of each heap block with the number of its objects.
 *         The caller has no block pinned: `used` counts a pin like an object.
 *
 *         marked            what becomes of the block
 *         all objects       nothing
 *         some objects      The block is unswept. A current block is swept at once.
 *         no object         The block joins the empty blocks. A current block stays current, with all of its
 *                           regions fresh. The chunk of a large object is given back.
 *
 *      4. Allocation sweeps an unswept block when it wants the block's room: block_sweep() in
 *         heap/block-heap.h. Until then the mark bits say which regions hold objects.
 *
 * So a collection costs time in proportion to the live objects and to the heap blocks that are not empty. Of what
 * a peak left empty, it looks at the chunks alone. The sweep of its block touches a dead object.
 *
 * Marking touches an object only on the first edge to it, so an object costs one cache miss, however many
 * edges lead to it. The mark bits of a chunk are together. Bits inside the heap blocks would cost a TLB miss
 * (address translation) for each edge, which is worse than marks in the objects' headers.
 *
 * Lazy sweeping is after R. J. M. Hughes, "A semi-incremental garbage collection algorithm", Software:
 * Practice and Experience 12 (11), 1982. Mark bits beside blocks of one size are after Boehm's collector.
 */
#ifndef COLLECTORS_SUPPORT_HEAP_BLOCK_MARKS_H
#define COLLECTORS_SUPPORT_HEAP_BLOCK_MARKS_H

#include "collectors/support/heap/block-heap.h"

/* The number of marks in a block that is not empty: behind `fresh` there are none. O(1). */
uint32_t block_marks_count(const struct heap_block *block);

/* Clears every mark of a block that is not empty, before marking. Passes over blocks in which the last collection left no
 * mark. O(chunks and filled blocks). */
void block_marks_clear(struct block_heap *heap);

/*
 * After marking, makes the memory of unmarked objects free: see step 3 above. The caller adds to the
 * mutator's `freed_objects` and `freed_bytes`. O(blocks).
 */
void block_marks_retire(struct gc_mutator *mutator, struct block_heap *heap);

/* The word with the mark bit of `object`. Reads the table of chunks; of a large object, also its block. */
static inline uint64_t *block_mark_word(const struct block_heap *heap, const struct gc_object *object)
{
    if (GC_UNLIKELY(!chunk_table_has(&heap->side_chunks, object)))
        return &block_of_large(object)->chunk->mark;
    return block_side_around(object) + (uintptr_t)object % BLOCK_CHUNK_BYTES / BLOCK_MARK_WORD_SPAN;
}

static inline bool block_marks_has(const struct block_heap *heap, const struct gc_object *object)
{
    return *block_mark_word(heap, object) & block_mark_bit(object);
}

/* Sets the mark of `object` in its word of marks; false when the mark was set before. */
static inline bool block_mark_claim(uint64_t *word, const struct gc_object *object)
{
    uint64_t marked = *word;
    *word = marked | block_mark_bit(object);
    return !(marked & block_mark_bit(object));
}

/* Whether every object of a block is marked. O(1). */
static inline bool block_is_all_marked(const struct block_heap *heap, const struct heap_block *block)
{
    bool current = block_is_current(heap, block);
    return block_marks_count(block) + current == block->used;
}

#endif
