/* SPDX-License-Identifier: MIT */
/*
 * The trigger of trigger/growth.h for a collector on a block heap. It tells the heap how much room will be
 * wanted before the next collection.
 */
#ifndef COLLECTORS_SUPPORT_TRIGGER_BLOCK_GROWTH_H
#define COLLECTORS_SUPPORT_TRIGGER_BLOCK_GROWTH_H

#include "collectors/support/heap/block-heap.h"
#include "collectors/support/trigger/growth.h"

/*
 * Bytes held at which the next collection is due. Asked for after a collection. O(chunks and empty blocks).
 */
static inline uint64_t block_growth_threshold(struct gc_mutator *mutator, struct block_heap *heap,
                                              const struct growth_options *options)
{
    uint64_t threshold = growth_threshold(mutator, options);
    block_heap_expect(mutator, heap, threshold - mutator->external.weighed_bytes);
    return threshold;
}

#endif
