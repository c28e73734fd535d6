/* SPDX-License-Identifier: MIT */
/* What tests of tables of cells (collectors/support/cell-table.h) have in common. */
#ifndef TESTS_CELLS_H
#define TESTS_CELLS_H

#include "collectors/support/block-heap.h"

/* Blocks that a table keeps from being made anew. */
static inline int64_t cells_pinned_blocks(struct gc_mutator *mutator, struct block_heap *heap)
{
    int64_t pinned = 0;
    BLOCK_HEAP_EACH(mutator, heap, block)
    pinned += block->pins != 0;
    return pinned;
}

#endif
