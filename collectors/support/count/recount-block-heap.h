/* SPDX-License-Identifier: MIT */
/* The recount over the objects of a block heap: see recount.h. */
#ifndef COLLECTORS_SUPPORT_COUNT_RECOUNT_BLOCK_HEAP_H
#define COLLECTORS_SUPPORT_COUNT_RECOUNT_BLOCK_HEAP_H

#include "collectors/support/count/recount.h"
#include "collectors/support/heap/block-heap.h"

/* Adds `step` for each reference in the fields of each object. Leaves out the fields of objects whose header
 * has a bit of `skipped`. */
static inline void recount_block_heap(struct gc_mutator *mutator, struct block_heap *heap,
                                      enum recount_step step, uint32_t skipped)
{
    BLOCK_HEAP_EACH(mutator, heap, block) {
        struct gc_object *object;
        BLOCK_EACH_OBJECT(block, object) {
            if (!(object->bits & skipped))
                recount_fields(mutator, object, step, 0);
        }
    }
}

/* recount_check() for each object of the heap. */
static inline void recount_check_block_heap(struct gc_mutator *mutator, struct block_heap *heap,
                                            const char *what)
{
    BLOCK_HEAP_EACH(mutator, heap, block) {
        struct gc_object *object;
        BLOCK_EACH_OBJECT(block, object)
            recount_check(object, what);
    }
}

#endif
