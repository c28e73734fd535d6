/* SPDX-License-Identifier: MIT */
#include "collectors/support/heap/block-freeze.h"

#include "collectors/support/check.h"

/* ---- the two lists ---- */

/* The first frozen chunk has one before it, too: so taking it off need not know of this list. */
static void chunk_set_aside(struct block_heap *heap, struct block_chunk *chunk)
{
    block_heap_unlink_chunk(heap, chunk);
    chunk->previous = &heap->frozen;
    chunk->next = heap->frozen.next;
    if (chunk->next)
        chunk->next->previous = chunk;
    heap->frozen.next = chunk;
    chunk->frozen = true;
    uint64_t blocks = block_chunk_is_large(chunk) ? 0 : chunk->blocks;
    heap->block_count -= blocks;
    heap->frozen_count += blocks;
}

static void chunk_take_back(struct block_heap *heap, struct block_chunk *chunk)
{
    block_heap_unlink_chunk(heap, chunk);
    block_heap_link_chunk(heap, chunk);
    chunk->frozen = false;
    uint64_t blocks = block_chunk_is_large(chunk) ? 0 : chunk->blocks;
    heap->block_count += blocks;
    heap->frozen_count -= blocks;
}

void block_heap_show_frozen(struct block_heap *heap)
{
    struct block_chunk *last = heap->frozen.next;
    if (!last)
        return;
    while (last->next)
        last = last->next;
    last->next = heap->chunks;
    if (heap->chunks)
        heap->chunks->previous = last;
    heap->chunks = heap->frozen.next;
}

void block_heap_hide_frozen(struct block_heap *heap)
{
    struct block_chunk *last = heap->frozen.next;
    if (!last)
        return;
    while (last->next && last->next->frozen)
        last = last->next;
    heap->chunks = last->next;
    if (heap->chunks)
        heap->chunks->previous = NULL;
    last->next = NULL;
}

/* ---- freezing ---- */

static void chunk_freeze(struct block_heap *heap, struct block_chunk *chunk)
{
    chunk_set_aside(heap, chunk);
    chunk->mark = UINT64_MAX;
    if (block_chunk_is_large(chunk))
        return;
    memset(chunk->memory, 0xff, BLOCK_CHUNK_MARK_BYTES);
    chunk->marked = UINT64_MAX;
    for (uint32_t i = 0; i < chunk->blocks; i++) {
        struct heap_block *block = block_chunk_block(chunk, i);
        if (!block->fresh)
            continue;
        check_that(!block->unswept && !block->pins, NULL, "what is frozen is swept, and in no table");
        block->pins = BLOCK_PIN_FROZEN;
        block->used++;
        block->listed = true;
    }
}

void block_heap_freeze(struct block_heap *heap)
{
    struct block_chunk *next;
    block_heap_forget_room(heap);
    for (struct block_chunk *chunk = heap->chunks; chunk; chunk = next) {
        next = chunk->next;
        if (chunk->filled)
            chunk_freeze(heap, chunk);
    }
}

void block_heap_unfreeze(struct gc_mutator *mutator, struct block_heap *heap)
{
    while (heap->frozen.next) {
        struct block_chunk *chunk = heap->frozen.next;
        chunk_take_back(heap, chunk);
        for (uint32_t i = 0; i < chunk->blocks && !block_chunk_is_large(chunk); i++) {
            struct heap_block *block = block_chunk_block(chunk, i);
            block->used -= block->pins != 0;
            block->pins = 0;
            block_heap_give_room(heap, block);
        }
    }
    block_heap_trim(mutator, heap);
}
