/* SPDX-License-Identifier: MIT */
/* The header of the same name, for collectors that are watched: each region that is given back is noted. */
#ifndef HARNESS_WATCH_BLOCK_HEAP_H
#define HARNESS_WATCH_BLOCK_HEAP_H

#define block_release_in block_release_in_unwatched
#define block_release block_release_unwatched
#define block_sweep_free block_sweep_free_unwatched
#include_next "collectors/support/heap/block-heap.h"
#undef block_release_in
#undef block_release
#undef block_sweep_free

#include "harness/lifetimes/hooks.h"

static inline void block_release_in(struct gc_mutator *mutator, struct block_heap *heap,
                                    struct gc_object *object, uint32_t region_bits)
{
    watch_object_freed((uintptr_t)object);
    block_release_in_unwatched(mutator, heap, object, region_bits);
}

static inline void block_release(struct gc_mutator *mutator, struct block_heap *heap,
                                 struct gc_object *object)
{
    block_release_in(mutator, heap, object, 0);
}

static inline void block_sweep_free(struct heap_block *block, struct gc_object *object)
{
    watch_object_freed((uintptr_t)object);
    block_sweep_free_unwatched(block, object);
}

#endif
