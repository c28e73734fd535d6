/* SPDX-License-Identifier: MIT */
/* rc-block: pure reference counting on a block heap. It counts as `rc` does; its objects are in regions of
 * size classes instead of from malloc. */
#ifndef COLLECTORS_RC_BLOCK_COLLECTOR_H
#define COLLECTORS_RC_BLOCK_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/count/counting-at-once.h"
#include "collectors/support/count/counting-template.h"
#include "collectors/support/heap/block-heap.h"

static const struct gc_traits gc_traits = {
    .counts = true,
    .reclaims = true,
    .frees_at_once = true,
    .finalises = true,
    .header_bytes = sizeof(struct gc_object),
};

struct block_rc_mutator {
    struct gc_mutator common;
    struct block_heap heap;
};

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct gc_object *object =
        block_allocate(mutator, &((struct block_rc_mutator *)mutator)->heap, shape, length);
    counting_hand_over(mutator, &slot->ref, (struct gc_ref){object});
}

#endif
