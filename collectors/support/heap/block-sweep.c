/* SPDX-License-Identifier: MIT */
/* The free list of a block, linked anew by address: after its objects were marked, and after a walk freed some. */
#include "collectors/support/heap/block-heap.h"

void block_sweep(struct heap_block *block)
{
    const uint64_t *marks = block_marks(block);
    const uint64_t region_bytes = block->region_bytes;
    const uint64_t first = BLOCK_HEADER_BYTES + block->header_offset;
    uint64_t place = (uint64_t)(block->fresh - (char *)block) + block->header_offset;
    struct gc_object *next = NULL;
    while (place > first) {
        place -= region_bytes;
        if (marks[place / BLOCK_MARK_WORD_SPAN] >> place / 8 % 64 & 1)
            continue;
        struct gc_object *header = (struct gc_object *)((char *)block + place);
        block_free_link(header, next, 0);
        next = header;
    }
    block->free = next;
    block->unswept = false;
}

void block_sweep_end(struct gc_mutator *mutator, struct block_heap *heap, struct heap_block *block)
{
    struct gc_object *next = NULL;
    char *first = (char *)block + BLOCK_HEADER_BYTES;
    if (!block_is_large(block)) {
        for (char *region = block->fresh; region > first;) {
            region -= block->region_bytes;
            struct gc_object *header = (struct gc_object *)(region + block->header_offset);
            if (block_region_is_free(header)) {
                block_free_link(header, next, 0);
                next = header;
            }
        }
        block->free = next;
    }
    if (block->used == 0 || (!block->listed && next))
        block_heap_relist(mutator, heap, block);
}
