/* SPDX-License-Identifier: MIT */
#include "collectors/support/heap/block-tallies.h"

void block_tallies_clear(struct block_heap *heap)
{
    for (struct block_chunk *chunk = heap->chunks; chunk; chunk = chunk->next) {
        chunk->tally = 0;
        if (chunk->side_places)
            block_side_clear(chunk->memory + BLOCK_CHUNK_MARK_BYTES, chunk->filled, BLOCK_TALLIES);
    }
}

void block_tally_carry(struct gc_mutator *mutator, struct block_tallying *tallying, struct gc_object *object)
{
    if (gc_count_is_stuck(object->count))
        return;
    object->count -= BLOCK_TALLY_CARRY;
    worklist_push(mutator, &tallying->carried, object);
}

void block_tallies_arrive(struct gc_mutator *mutator, struct block_tallying *tallying)
{
    for (int i = 0; i < BLOCK_TALLY_RING; i++) {
        block_tally_arrive(mutator, tallying, &tallying->ring[i]);
        tallying->ring[i] = (struct block_tally_edge){0};
    }
}

void block_tallies_restore(struct gc_mutator *mutator, struct block_tallying *tallying)
{
    for (uint64_t i = 0; i < tallying->carried.count; i++)
        tallying->carried.items[i]->count += BLOCK_TALLY_CARRY;
    worklist_empty(mutator, &tallying->carried);
}
