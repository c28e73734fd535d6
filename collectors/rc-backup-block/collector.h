/* SPDX-License-Identifier: MIT */
/*
 * rc-backup-block: reference counting with a mark-sweep behind it, engineered. It runs the algorithm of
 * rc-backup on a block heap, which finds every object without a table. Both passes overlap their cache
 * misses.
 */
#ifndef COLLECTORS_RC_BACKUP_BLOCK_COLLECTOR_H
#define COLLECTORS_RC_BACKUP_BLOCK_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/count/counting-at-once.h"
#include "collectors/support/count/counting-template.h"
#include "collectors/support/heap/block-heap.h"
#include "collectors/support/trace/kernel.h"
#include "collectors/support/trigger/block-growth.h"

static const struct gc_traits gc_traits = {
    .counts = true,
    .reclaims = true,
    .reclaims_cycles = true,
    .frees_at_once = true,
    .finalises = true,
    .header_bytes = sizeof(struct gc_object),
};

struct spare_options {
    struct growth_options growth; /* first, because GROWTH_OPTIONS refer to it */
    bool candidates;
};

struct spare_mutator {
    struct gc_mutator common;
    const struct spare_options *options;
    struct block_heap heap;
    struct kernel kernel;
    uint64_t threshold; /* bytes held that call for a trace */
    uint32_t left_out;  /* header bits of objects that only counting looks after */
};

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct gc_object *object =
        block_allocate(mutator, &((struct spare_mutator *)mutator)->heap, shape, length);
    counting_hand_over(mutator, &slot->ref, (struct gc_ref){object});
}

#endif
