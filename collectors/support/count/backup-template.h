/* SPDX-License-Identifier: MIT */
/*
 * A mark-sweep behind a collector that counts, on a block heap: frees what counting alone cannot, and puts
 * the counts of what survives right.
 *
 * Included by a collector.c, which has defined before
 *
 *      backup_heap(mutator), backup_kernel(mutator)    its heap, and a queue that is empty
 *      backup_left_out(mutator)                        header bits: objects with one of them are neither
 *                                                      followed nor swept, and keep nothing alive that is
 *      backup_drop(mutator, object)                    a reference that garbage held to `object`, which lives
 *                                                      or is left out, goes away: takes it off the count,
 *                                                      and frees nothing that a mark is for
 *
 * and calls the three in order, or does the marking itself; the other two may be left out when
 * backup_has_garbage() says so. The marks are those of the heap, which has them
 * on the side; blocks in which nothing died are not looked at further.
 */
#ifndef COLLECTORS_SUPPORT_COUNT_BACKUP_TEMPLATE_H
#define COLLECTORS_SUPPORT_COUNT_BACKUP_TEMPLATE_H

#include "collectors/counts.h"
#include "collectors/support/check.h"
#include "collectors/support/heap/block-marks.h"
#include "collectors/support/trace/kernel.h"

static inline uint64_t *backup_mark_word(struct gc_mutator *mutator, const struct gc_object *object)
{
    return block_mark_word(backup_heap(mutator), object);
}

static inline bool backup_mark_visit(struct gc_mutator *mutator, struct gc_object *object)
{
    return !(object->bits & backup_left_out(mutator));
}

/* Marks what the names reach. Returns how many objects. O(live). */
static inline uint64_t backup_mark(struct gc_mutator *mutator)
{
    block_marks_clear(backup_heap(mutator));
    kernel_push_roots(mutator, backup_kernel(mutator));
    return kernel_drain_side_marks(mutator, backup_kernel(mutator), backup_mark_word, block_mark_claim,
                                   backup_mark_visit);
}

/* Whether there can be garbage when so many objects have been marked. If not, no block needs to be looked at,
 * which is a miss for each. */
static inline bool backup_has_garbage(struct gc_mutator *mutator, uint64_t marked)
{
    return marked < gc_held_objects(mutator);
}

/* Whether the sweep is to free it. `marks` is its block's. */
static inline bool backup_is_garbage(struct gc_mutator *mutator, const uint64_t *marks,
                                     const struct heap_block *block, const struct gc_object *object)
{
    return !block_is_marked(marks, block, object) && !(object->bits & backup_left_out(mutator));
}

/* Whether anyone will look at a count again that garbage has a part in. The marks are small and in the cache,
 * the object is not. */
static inline bool backup_outlives(struct gc_mutator *mutator, const struct gc_object *object)
{
    return backup_left_out(mutator) || block_marks_has(backup_heap(mutator), object);
}

static inline void backup_push_outliving(struct gc_mutator *mutator, struct gc_object *garbage)
{
    struct gc_ref *fields = gc_object_fields(garbage);
    uint64_t refs = gc_object_refs(mutator->shapes, garbage);
    for (uint64_t i = 0; i < refs; i++) {
        if (fields[i].object && backup_outlives(mutator, fields[i].object))
            kernel_push(mutator, backup_kernel(mutator), fields[i].object);
    }
}

static inline bool backup_drop_claim(struct gc_mutator *mutator, struct gc_object *object)
{
    backup_drop(mutator, object);
    return false;
}

static inline void backup_drop_of_block(struct gc_mutator *mutator, struct heap_block *block)
{
    const uint64_t *marks = block_marks(block);
    struct gc_object *object;
    if (block_is_all_marked(backup_heap(mutator), block))
        return;
    BLOCK_EACH_OBJECT(block, object) {
        if (backup_is_garbage(mutator, marks, block, object))
            backup_push_outliving(mutator, object);
    }
    kernel_drain(mutator, backup_kernel(mutator), backup_drop_claim, kernel_follow);
}

/*
 * First every reference that garbage holds to what outlives it is taken off, so the counts of survivors come
 * out exact; nothing is freed that other garbage still refers to. O(heap).
 */
static inline void backup_drop_garbage(struct gc_mutator *mutator)
{
    block_heap_walk(mutator, backup_heap(mutator), backup_drop_of_block);
}

static inline void backup_free_of_block(struct gc_mutator *mutator, struct heap_block *block)
{
    const uint64_t *marks = block_marks(block);
    struct gc_object *object;
    uint64_t freed = mutator->freed_objects;
    if (block_is_all_marked(backup_heap(mutator), block))
        return;
    BLOCK_EACH_OBJECT(block, object) {
        if (!backup_is_garbage(mutator, marks, block, object))
            continue;
        mutator->freed_objects++;
        mutator->freed_bytes += gc_object_bytes(mutator->shapes, object);
        block_sweep_free(block, object);
    }
    if (mutator->freed_objects != freed)
        block_sweep_end(mutator, backup_heap(mutator), block);
}

/* Then it is freed. O(heap). */
static inline void backup_free_garbage(struct gc_mutator *mutator)
{
    block_heap_walk(mutator, backup_heap(mutator), backup_free_of_block);
}

#endif
