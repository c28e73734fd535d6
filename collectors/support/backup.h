/* SPDX-License-Identifier: MIT */
/*
 * A mark-sweep behind a collector that counts, on a block heap: frees what counting alone cannot, and puts
 * the counts of what survives right.
 *
 * Included by a collector.c, which has defined before
 *
 *      backup_heap(mutator), backup_kernel(mutator)    its heap, and a queue that is empty
 *      backup_left_out(mutator)                        header bits: objects with one of them are neither
 *                                                      marked nor swept, and keep nothing alive that is
 *      backup_drop(mutator, object)                    a reference that garbage held to `object`, garbage or
 *                                                      not, goes away: takes it off the count, and frees
 *                                                      nothing
 *
 * and calls the three in order. The mark is TRACE_MARK of the header.
 */
#ifndef COLLECTORS_SUPPORT_BACKUP_H
#define COLLECTORS_SUPPORT_BACKUP_H

#include "collectors/support/block-heap.h"
#include "collectors/support/check.h"
#include "collectors/support/counts.h"
#include "collectors/support/kernel.h"
#include "collectors/support/trace.h"

static inline bool backup_mark_arrive(struct gc_mutator *mutator, struct gc_object *object)
{
    if (object->bits & (TRACE_MARK | backup_left_out(mutator)))
        return false;
    object->bits |= TRACE_MARK;
    return true;
}

/* Marks what the names reach. Returns how many objects. O(live). */
static inline uint64_t backup_mark(struct gc_mutator *mutator)
{
    kernel_push_roots(mutator, backup_kernel(mutator));
    return kernel_drain(mutator, backup_kernel(mutator), backup_mark_arrive);
}

static inline bool backup_drop_arrive(struct gc_mutator *mutator, struct gc_object *object)
{
    backup_drop(mutator, object);
    return false;
}

static inline void backup_drop_of_block(struct gc_mutator *mutator, struct block *block)
{
    struct kernel *kernel = backup_kernel(mutator);
    struct gc_object *object;
    BLOCK_EACH_OBJECT(block, object)
    {
        if (!(object->bits & (TRACE_MARK | backup_left_out(mutator))))
            kernel_push_fields(mutator, kernel, object);
    }
    kernel_drain(mutator, kernel, backup_drop_arrive);
}

/*
 * First every reference that garbage holds is taken off, so the counts of survivors come out exact and those
 * of garbage at 0; nothing is freed that other garbage still refers to. O(heap).
 */
static inline void backup_drop_garbage(struct gc_mutator *mutator)
{
    block_heap_walk(mutator, backup_heap(mutator), backup_drop_of_block);
}

static inline void backup_free_of_block(struct gc_mutator *mutator, struct block *block)
{
    struct gc_object *object;
    uint64_t freed = mutator->freed_objects;
    BLOCK_EACH_OBJECT(block, object)
    {
        if (object->bits & TRACE_MARK) {
            object->bits &= ~(uint32_t)TRACE_MARK;
            continue;
        }
        if (object->bits & backup_left_out(mutator))
            continue;
        check_that(object->count == 0 || gc_count_is_stuck(object->count), object,
                   "only garbage refers to garbage");
        mutator->freed_objects++;
        mutator->freed_bytes += gc_object_bytes(mutator->shapes, object);
        block_sweep_free(block, object);
    }
    if (mutator->freed_objects != freed)
        block_sweep_end(mutator, backup_heap(mutator), block);
}

/* Then it is freed, and the marks of the others go. O(heap). */
static inline void backup_free_garbage(struct gc_mutator *mutator)
{
    block_heap_walk(mutator, backup_heap(mutator), backup_free_of_block);
}

#endif
