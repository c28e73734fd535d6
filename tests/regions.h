/* SPDX-License-Identifier: MIT */
/* The tests of tables of regions (collectors/support/heap/region-table.h) share these functions. */
#ifndef TESTS_REGIONS_H
#define TESTS_REGIONS_H

#include "collectors/gc.h"
#include "collectors/support/heap/block-heap.h"
#include "tests/mutator.h"

/* A mutator that gives back what is free, with an object of the first shape in its first name. */
static inline struct gc_mutator *regions_mutator_open(const struct gc_shape *shapes, uint64_t shape_count,
                                                      uint64_t names)
{
    struct gc_mutator *mutator = test_mutator_open(shapes, shape_count, names, NULL);
    mutator->test.returns_memory = true;
    gc_local_new(mutator, gc_global(mutator, 0), &shapes[0], 0);
    return mutator;
}

/* The number of blocks that a table pins. */
static inline int64_t regions_pinned_blocks(struct gc_mutator *mutator, struct block_heap *heap)
{
    int64_t pinned = 0;
    BLOCK_HEAP_EACH(mutator, heap, block)
        pinned += block->pins != 0;
    return pinned;
}

#endif
