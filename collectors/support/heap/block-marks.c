/* SPDX-License-Identifier: MIT */
#include "collectors/support/heap/block-marks.h"

#include <stdlib.h>

enum { BITS_WORDS = 16 }; /* a byte holds the bits of so many words, and of twice as many not */

/* ---- the table: open addressing, a quarter full at most ---- */

static uint64_t no_number; /* the table of a heap that has no chunk. Read only */

void block_marks_open(struct block_heap *heap)
{
    heap->numbers = &no_number;
    heap->number_places = 1;
}

void block_marks_close(struct gc_mutator *mutator, struct block_heap *heap)
{
    if (heap->numbers == &no_number)
        return;
    gc_metadata_grow(mutator, -(int64_t)(heap->number_places * sizeof *heap->numbers));
    free(heap->numbers);
    block_marks_open(heap);
}

/* Its place, or the free one where it would be. */
static uint64_t *number_place(const struct block_heap *heap, uint64_t number)
{
    uint64_t mask = heap->number_places - 1;
    uint64_t place = number;
    while (heap->numbers[place & mask] != 0 && heap->numbers[place & mask] != number)
        place++;
    return &heap->numbers[place & mask];
}

static uint64_t chunk_number(const struct block_chunk *chunk)
{
    return (uintptr_t)chunk->memory / BLOCK_CHUNK_BYTES;
}

bool block_marks_make_room(struct gc_mutator *mutator, struct block_heap *heap)
{
    if ((heap->number_count + 1) * 4 <= heap->number_places)
        return true;
    struct block_heap old = *heap;
    uint64_t places = heap->number_places < 16 ? 16 : heap->number_places * 2;
    uint64_t *numbers = calloc(places, sizeof *numbers);
    if (!numbers)
        return false;
    heap->numbers = numbers;
    heap->number_places = places;
    for (uint64_t i = 0; i < old.number_places; i++) {
        if (old.numbers[i] != 0)
            *number_place(heap, old.numbers[i]) = old.numbers[i];
    }
    block_marks_close(mutator, &old);
    gc_metadata_grow(mutator, (int64_t)(places * sizeof *numbers));
    return true;
}

void block_marks_add(struct block_heap *heap, const struct block_chunk *chunk)
{
    *number_place(heap, chunk_number(chunk)) = chunk_number(chunk);
    heap->number_count++;
}

void block_marks_remove(struct block_heap *heap, const struct block_chunk *chunk)
{
    uint64_t mask = heap->number_places - 1;
    uint64_t *freed = number_place(heap, chunk_number(chunk));
    *freed = 0;
    heap->number_count--;
    /* Those behind it, up to a free place, may have been put there because this one was taken. */
    for (uint64_t place = (uint64_t)(freed - heap->numbers) + 1; heap->numbers[place & mask] != 0; place++) {
        uint64_t number = heap->numbers[place & mask];
        heap->numbers[place & mask] = 0;
        *number_place(heap, number) = number;
    }
}

/* ---- marks ---- */

void block_marks_clear(struct block_heap *heap)
{
    for (struct block_chunk *chunk = heap->chunks; chunk; chunk = chunk->next) {
        chunk->mark = 0;
        if (chunk->side)
            memset(chunk->memory, 0, BLOCK_CHUNK_MARK_BYTES);
    }
}

/* Bits set in BITS_WORDS words: two to a field, four, and then sums of whole bytes. */
static uint32_t bits_count(const uint64_t *words)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < BITS_WORDS; i++) {
        uint64_t pairs = words[i] - (words[i] >> 1 & UINT64_C(0x5555555555555555));
        uint64_t fours = (pairs & UINT64_C(0x3333333333333333)) + (pairs >> 2 & UINT64_C(0x3333333333333333));
        bytes += (fours + (fours >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    }
    uint64_t shorts = (bytes & UINT64_C(0x00ff00ff00ff00ff)) + (bytes >> 8 & UINT64_C(0x00ff00ff00ff00ff));
    return (uint32_t)(shorts * UINT64_C(0x0001000100010001) >> 48);
}

uint32_t block_marks_count(const struct heap_block *block)
{
    const uint64_t *marks = block_marks(block);
    uint32_t count = 0;
    if (block_is_large(block))
        return *marks != 0;
    for (uint32_t i = 0; i < BLOCK_MARK_WORDS; i += BITS_WORDS)
        count += bits_count(marks + i);
    return count;
}

/* ---- sweeping ---- */

void block_marks_sweep(struct heap_block *block)
{
    const uint64_t *marks = block_marks(block);
    const uint64_t region_bytes = block->region_bytes;
    const uint64_t first = BLOCK_HEADER_BYTES + block->header_offset;
    uint64_t place = (uint64_t)(block->fresh - (char *)block) + block->header_offset;
    struct gc_object *next = NULL;
    while (place > first) {
        place -= region_bytes;
        if (marks[place / BLOCK_MARK_BYTES] >> place / 8 % 64 & 1)
            continue;
        struct gc_object *header = (struct gc_object *)((char *)block + place);
        block_free_link(header, next, 0);
        next = header;
    }
    block->free = next;
    block->unswept = false;
}

/* The block that allocation takes from goes on from the same regions, and is swept at once. */
static void retire_current(struct heap_block *block, uint32_t marked)
{
    block->used = marked + 1;
    if (marked > 0) {
        block_marks_sweep(block);
        return;
    }
    block->fresh = (char *)block + BLOCK_HEADER_BYTES;
    block->free = NULL;
}

void block_marks_retire(struct gc_mutator *mutator, struct block_heap *heap)
{
    BLOCK_HEAP_EACH(mutator, heap, block) {
        uint32_t marked = block_marks_count(block);
        if (marked + block_is_current(heap, block) == block->used)
            continue;
        if (block_is_current(heap, block)) {
            retire_current(block, marked);
            continue;
        }
        block->used = marked;
        block->unswept = true;
        if (marked == 0 || !block->listed)
            block_heap_relist(mutator, heap, block);
    }
}
