/* SPDX-License-Identifier: MIT */
/*
 * The trigger of growth.h for a collector with a block heap, which is told what room will be wanted till
 * then.
 */
#ifndef COLLECTORS_SUPPORT_TRIGGER_BLOCK_GROWTH_H
#define COLLECTORS_SUPPORT_TRIGGER_BLOCK_GROWTH_H

#include "collectors/support/heap/block-heap.h"
#include "collectors/support/trigger/growth.h"

/* Bytes held that call for a collection, set after one. O(chunks and empty blocks). */
static inline uint64_t block_growth_threshold(struct gc_mutator *mutator, struct block_heap *heap,
                                              const struct growth_options *options)
{
    uint64_t threshold = growth_threshold(mutator, options);
    block_heap_expect(mutator, heap, threshold);
    return threshold;
}

#endif
