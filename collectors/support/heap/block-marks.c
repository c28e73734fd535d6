/* SPDX-License-Identifier: MIT */
#include "collectors/support/heap/block-marks.h"

enum { BITS_WORDS = 16 }; /* words: their bits fit the byte counters of bits_count() */

/* ---- marks ---- */

void block_marks_clear(struct block_heap *heap)
{
    for (struct block_chunk *chunk = heap->chunks; chunk; chunk = chunk->next) {
        chunk->mark = 0;
        if (chunk->side_places)
            block_side_clear(chunk->memory, chunk->filled & chunk->marked, BLOCK_MARK_BYTES);
        chunk->marked |= chunk->filled;
    }
}

static bool bits_are_clear(const uint64_t *words)
{
    uint64_t any = 0;
    for (uint32_t i = 0; i < BITS_WORDS; i++)
        any |= words[i];
    return any == 0;
}

/*
 * The number of bits set in BITS_WORDS words. Adds bits to pairs, pairs to fours, and fours to bytes. The
 * sums of 16 words fit a byte, and those of 32 words do not.
 */
static uint32_t bits_count(const uint64_t *words)
{
    uint64_t bytes = 0;
    if (bits_are_clear(words)) /* as all are where nearly everything has died: a tenth of the work */
        return 0;
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
    if (block->fresh == (const char *)block + BLOCK_HEADER_BYTES)
        return 0;
    for (uint64_t span = BITS_WORDS * BLOCK_MARK_WORD_SPAN, at = 0; (char *)block + at < block->fresh;
         at += span)
        count += bits_count(marks + at / BLOCK_MARK_WORD_SPAN);
    return count;
}

/* ---- after marking ---- */

/* Allocation goes on from the regions of a current block, so the block is swept at once. */
static void retire_current(struct heap_block *block, uint32_t marked)
{
    block->used = marked + 1;
    if (marked > 0) {
        block_sweep(block);
        return;
    }
    block->fresh = (char *)block + BLOCK_HEADER_BYTES;
    block->free = NULL;
}

void block_marks_retire(struct gc_mutator *mutator, struct block_heap *heap)
{
    BLOCK_HEAP_EACH(mutator, heap, block) {
        uint32_t marked = block_marks_count(block);
        if (marked == 0 && !block_is_large(block))
            block->chunk->marked &= ~block_place_bit(block);
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
