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

enum {
    BLOCK_MARK_BYTES = 8 * 64, /* of a heap, that one word of marks is for */
    BLOCK_MARK_WORDS = BLOCK_BYTES / BLOCK_MARK_BYTES,
    BLOCK_CHUNK_MARK_BYTES = BLOCK_CHUNK_BYTES / BLOCK_MARK_BYTES * 8, /* of all marks of a chunk */
};
static_assert(BLOCK_CHUNK_MARK_BYTES <= BLOCK_SIDE_MARKS * BLOCK_BYTES, "the marks have room in front");

/*
 * What the heap calls: a table of the chunks that have marks, by their numbers, which are their addresses
 * over BLOCK_CHUNK_BYTES. Before one is added there must be room, of which block_marks_make_room() says
 * whether there is memory for it.
 */
void block_marks_open(struct block_heap *heap);
void block_marks_close(struct gc_mutator *mutator, struct block_heap *heap);
bool block_marks_make_room(struct gc_mutator *mutator, struct block_heap *heap);
void block_marks_add(struct block_heap *heap, const struct block_chunk *chunk);
void block_marks_remove(struct block_heap *heap, const struct block_chunk *chunk);

/* Makes the regions of an unswept block that have no mark free regions, linked by address. O(regions). */
void block_marks_sweep(struct heap_block *block);

/* How many marks a block has. O(1). */
uint32_t block_marks_count(const struct heap_block *block);

/* Takes every mark away: before marking. O(chunks). */
void block_marks_clear(struct block_heap *heap);

/*
 * After marking: what is not marked is garbage. Large objects and whole blocks of it are given back, the rest
 * is left to the sweep. The books of what was freed are the caller's. O(blocks).
 */
void block_marks_retire(struct gc_mutator *mutator, struct block_heap *heap);

static inline uint64_t block_mark_bit(const struct gc_object *object)
{
    return (uint64_t)1 << (uintptr_t)object / 8 % 64;
}

/* Whether an object is in a chunk of small ones, and has its mark in front. Reads the table. */
static inline bool block_marks_in_front(const struct block_heap *heap, const struct gc_object *object)
{
    uint64_t number = (uintptr_t)object / BLOCK_CHUNK_BYTES;
    uint64_t place = number;
    for (;;) {
        uint64_t found = heap->numbers[place++ & (heap->number_places - 1)];
        if (GC_LIKELY(found == number))
            return true;
        if (found == 0)
            return false;
    }
}

/* The marks of the chunk of small objects around an address, and whatever else it has on the side. */
static inline uint64_t *block_side_around(const void *address)
{
    return (uint64_t *)((uintptr_t)address & ~(uintptr_t)(BLOCK_CHUNK_BYTES - 1));
}

/* The word that an object's mark is in. Reads the table, and of a large object its block. */
static inline uint64_t *block_mark_word(const struct block_heap *heap, const struct gc_object *object)
{
    if (GC_UNLIKELY(!block_marks_in_front(heap, object)))
        return &block_of(object)->chunk->mark;
    return block_side_around(object) + (uintptr_t)object % BLOCK_CHUNK_BYTES / BLOCK_MARK_BYTES;
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

static inline const uint64_t *block_marks(const struct heap_block *block)
{
    if (block_is_large(block))
        return &block->chunk->mark;
    return block_side_around(block) + (uintptr_t)block % BLOCK_CHUNK_BYTES / BLOCK_MARK_BYTES;
}

/* Whether a region is marked, by its header's place. `marks` is its block's. */
static inline bool block_is_marked(const uint64_t *marks, const struct heap_block *block,
                                   const struct gc_object *header)
{
    uint64_t word = block_is_large(block) ? 0 : (uintptr_t)header % BLOCK_BYTES / BLOCK_MARK_BYTES;
    return marks[word] & block_mark_bit(header);
}

/* Whether every object of a block is marked. O(1). */
static inline bool block_is_all_marked(const struct block_heap *heap, const struct heap_block *block)
{
    bool current = block_is_current(heap, block);
    return block_marks_count(block) + current == block->used;
}

#endif
