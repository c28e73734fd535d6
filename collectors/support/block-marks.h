/* SPDX-License-Identifier: MIT */
/*
 * Marks on the side for a block heap, and the lazy sweep that they allow.
 *
 * A chunk of small objects has a bit for each place at which an object may begin, a large object one for
 * itself. Marking looks at the bits and touches an object only when it is the first to reach it, so of all
 * edges only one for each object costs a miss. The bits of a chunk lie together, apart from its blocks, and a
 * small table says where: bits in the blocks themselves would cost a miss of the address translation for each
 * edge, which is worse than marks in the headers.
 *
 * When marking has ended, block_marks_retire() looks at the bits alone. A block without any is empty. One in
 * which something died waits, unswept, until allocation wants its room; till then its bits are its allocation
 * bitmap, and say which cells hold objects. So a collection costs what lives, and the dead are touched when
 * they are used again.
 *
 * After R. J. M. Hughes, "A semi-incremental garbage collection algorithm", Software: Practice and Experience
 * 12 (11), 1982, for lazy sweeping, and Boehm's collector for side bits in blocks of one size.
 */
#ifndef COLLECTORS_SUPPORT_BLOCK_MARKS_H
#define COLLECTORS_SUPPORT_BLOCK_MARKS_H

#include "collectors/support/block-heap.h"

enum {
    BLOCK_MARK_BYTES = 8 * 64, /* of a heap, that one word of marks is for */
    BLOCK_MARK_WORDS = BLOCK_BYTES / BLOCK_MARK_BYTES,
    BLOCK_CHUNK_MARK_BYTES = BLOCK_CHUNK_BYTES / BLOCK_MARK_BYTES * 8, /* of all marks of a chunk */
    BLOCK_CHUNK_TALLIES = BLOCK_CHUNK_BYTES / BLOCK_CELL_MIN,          /* bytes, likewise */
};

/* A place in the table of chunks: BLOCK_CHUNK_BYTES of the address space, or nothing. */
struct block_region {
    uint64_t number; /* address / BLOCK_CHUNK_BYTES; 0: the place is free */
    uint64_t *marks; /* and whatever else is on the side, behind them */
};

/* What the heap calls: the table, and the marks of a chunk. block_marks_add() is false without memory. */
void block_marks_open(struct block_heap *heap);
void block_marks_close(struct gc_mutator *mutator, struct block_heap *heap);
bool block_marks_add(struct gc_mutator *mutator, struct block_heap *heap, struct block_chunk *chunk);
void block_marks_remove(struct gc_mutator *mutator, struct block_heap *heap, struct block_chunk *chunk);

/* Makes the cells of an unswept block that have no mark free cells, linked by address. O(cells). */
void block_marks_sweep(struct block *block);

/* How many marks a block has. O(1). */
uint32_t block_marks_count(const struct block *block);

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

/* What is on the side of the chunk that holds an object; NULL of a large one. Reads the table, and says that
 * what it found there is not NULL, so that callers do not ask again. */
static inline uint64_t *block_side_of(const struct block_heap *heap, const struct gc_object *object)
{
    uint64_t number = (uintptr_t)object / BLOCK_CHUNK_BYTES;
    uint64_t place = number;
    for (;;) {
        const struct block_region *region = &heap->regions[place++ & (heap->region_places - 1)];
        if (GC_LIKELY(region->number == number)) {
            if (!region->marks)
                __builtin_unreachable();
            return region->marks;
        }
        if (region->number == 0)
            return NULL;
    }
}

/* The word that an object's mark is in. Reads the table, and of a large object its block. */
static inline uint64_t *block_mark_word(const struct block_heap *heap, const struct gc_object *object)
{
    uint64_t *marks = block_side_of(heap, object);
    if (GC_UNLIKELY(!marks))
        return &block_of(object)->chunk->mark;
    return marks + (uintptr_t)object % BLOCK_CHUNK_BYTES / BLOCK_MARK_BYTES;
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

static inline const uint64_t *block_marks(const struct block *block)
{
    if (block_is_large(block))
        return &block->chunk->mark;
    return block->chunk->marks + (uintptr_t)block % BLOCK_CHUNK_BYTES / BLOCK_MARK_BYTES;
}

/* Whether a cell is marked, by its header's place. `marks` is its block's. */
static inline bool block_is_marked(const uint64_t *marks, const struct block *block,
                                   const struct gc_object *header)
{
    uint64_t word = block_is_large(block) ? 0 : (uintptr_t)header % BLOCK_BYTES / BLOCK_MARK_BYTES;
    return marks[word] & block_mark_bit(header);
}

/* Whether every object of a block is marked. O(1). */
static inline bool block_is_all_marked(const struct block_heap *heap, const struct block *block)
{
    bool current = block_is_current(heap, block);
    return block_marks_count(block) + current == block->used;
}

#endif
