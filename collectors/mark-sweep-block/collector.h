/* SPDX-License-Identifier: MIT */
/* mark-sweep-block: tracing alone, engineered. Marking overlaps its cache misses, sweeping goes through heap
 * blocks by address, and objects have no link. */
#ifndef COLLECTORS_MARK_SWEEP_BLOCK_COLLECTOR_H
#define COLLECTORS_MARK_SWEEP_BLOCK_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/heap/block-marks.h"
#include "collectors/support/names/plain.h"
#include "collectors/support/trace/kernel.h"
#include "collectors/support/trigger/block-growth.h"

static const struct gc_traits gc_traits = {
    .reclaims = true,
    .reclaims_cycles = true,
    .finalises = true,
    .header_bytes = sizeof(struct gc_object),
};

struct block_sweep_mutator {
    struct gc_mutator common;
    const struct growth_options *options;
    struct block_heap heap;
    struct kernel kernel;
    uint64_t marked_bytes; /* bytes of the objects that this collection has marked */
    uint64_t threshold;    /* bytes held that call for a collection */
};

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    slot->ref.object = block_allocate(mutator, &((struct block_sweep_mutator *)mutator)->heap, shape, length);
}

#endif
