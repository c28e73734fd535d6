/* SPDX-License-Identifier: MIT */
/*
 * Marks on the side for a block heap, and the lazy sweep that they allow.
 *
 * A chunk of small objects has a bit for each place at which an object may begin, a large object one for
 * itself. Marking looks at the bits and touches an object only when it is the first to reach it, so of all
 * edges only one for each object costs a miss. The bits of a chunk lie together, in front of its blocks: bits
 * in the blocks themselves would cost a miss of the address translation for each edge, which is worse than
 * marks in the headers. Where they are the address of an object says, and a small table whether that is so,
 * for a large one has no such chunk around it.
 *
 * When marking has ended, block_marks_retire() looks at the bits alone. A block without any is empty. One in
 * which something died waits, unswept, until allocation wants its room; till then its bits are its allocation
 * bitmap, and say which regions hold objects. So a collection costs what lives, and the dead are touched when
 * they are used again.
 *
 * After R. J. M. Hughes, "A semi-incremental garbage collection algorithm", Software: Practice and Experience
 * 12 (11), 1982, for lazy sweeping, and Boehm's collector for side bits in blocks of one size.
 */
#ifndef COLLECTORS_SUPPORT_HEAP_BLOCK_MARKS_H
#define COLLECTORS_SUPPORT_HEAP_BLOCK_MARKS_H

#include "collectors/support/heap/block-heap.h"

/* How many marks a block has. O(1). */
uint32_t block_marks_count(const struct heap_block *block);

/* Takes every mark away: before marking. O(chunks). */
void block_marks_clear(struct block_heap *heap);

/*
 * After marking: what is not marked is garbage. Large objects and whole blocks of it are given back, the rest
 * is left to the sweep. The books of what was freed are the caller's. O(blocks).
 */
void block_marks_retire(struct gc_mutator *mutator, struct block_heap *heap);

/* The word that an object's mark is in. Reads the table, and of a large object its block. */
static inline uint64_t *block_mark_word(const struct block_heap *heap, const struct gc_object *object)
{
    if (GC_UNLIKELY(!chunk_table_has(&heap->side_chunks, object)))
        return &block_of(object)->chunk->mark;
    return block_side_around(object) + (uintptr_t)object % BLOCK_CHUNK_BYTES / BLOCK_MARK_WORD_SPAN;
}

static inline bool block_marks_has(const struct block_heap *heap, const struct gc_object *object)
{
    return *block_mark_word(heap, object) & block_mark_bit(object);
}

/* Sets the mark of `object`, whose word is at hand; false when it was set before. */
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
