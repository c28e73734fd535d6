/* SPDX-License-Identifier: MIT */
/*
 * A backup mark-sweep for a collector that counts on a block heap. It frees the cyclic garbage that
 * counting cannot free, and keeps the counts of the survivors exact.
 *
 *      1. backup_mark()            marks what the root set reaches (heap/block-marks.h)
 *         backup_mark_attended()   in its place where a shape is attended: also marks what finalisers can reach
 *      2. backup_has_garbage()     says whether anything is unmarked; if not, steps 3 and 4 are left out
 *      3. backup_drop_garbage()    takes the references that garbage holds off the counts of what outlives it
 *      4. backup_free_garbage()    frees the garbage
 *
 * A collector may do step 1 in its own way. Steps 3 and 4 pass over blocks in which every object is marked.
 *
 * Included by a collector.c, after it has defined
 *
 *      backup_heap(mutator)            The block heap of the collector.
 *      backup_kernel(mutator)          A kernel with an empty queue.
 *      backup_left_out(mutator)        Header bits. An object with one of them is left to counting: it is
 *                                      neither followed nor swept. It refers only to objects left out.
 *      backup_drop(mutator, object)    Takes one reference of a garbage object off the count of `object`. The
 *                                      latter is marked or left out. May free objects that are left out, and
 *                                      no others.
 */
#ifndef COLLECTORS_SUPPORT_COUNT_BACKUP_TEMPLATE_H
#define COLLECTORS_SUPPORT_COUNT_BACKUP_TEMPLATE_H

#include "collectors/counts.h"
#include "collectors/support/check.h"
#include "collectors/support/finalise/finalise.h"
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

static inline void backup_mark_begin(struct gc_mutator *mutator)
{
    gc_phase(mutator, GC_PHASE_MARK);
    block_marks_clear(backup_heap(mutator));
    kernel_push_roots(mutator, backup_kernel(mutator));
}

/* Marks what the names reach. Returns how many objects. O(live). */
static inline uint64_t backup_mark(struct gc_mutator *mutator)
{
    backup_mark_begin(mutator);
    return kernel_drain_side_marks(mutator, backup_kernel(mutator), backup_mark_word, block_mark_claim,
                                   backup_mark_visit);
}

/*
 * Whether there can be garbage when `marked` objects have been marked. If there is none, the collector
 * looks at no block, which would be a cache miss for each.
 */
static inline bool backup_has_garbage(struct gc_mutator *mutator, uint64_t marked)
{
    return marked < gc_held_objects(mutator);
}

/* Whether the sweep frees an object. `marks` are the mark bits of its block. */
static inline bool backup_is_garbage(struct gc_mutator *mutator, const uint64_t *marks,
                                     const struct heap_block *block, const struct gc_object *object)
{
    return !block_is_marked(marks, block, object) && !(object->bits & backup_left_out(mutator));
}

/*
 * Whether the count of an object that garbage refers to still matters. Reads the mark bits, which are small
 * and in the cache, and not the object.
 */
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
 * Takes every reference that garbage holds to an outliving object off that object's count. Frees nothing
 * that other garbage still refers to. O(heap).
 */
static inline void backup_drop_garbage(struct gc_mutator *mutator)
{
    gc_phase(mutator, GC_PHASE_DROP);
    block_heap_walk(mutator, backup_heap(mutator), backup_drop_of_block);
}

static inline void backup_free_of_block(struct gc_mutator *mutator, struct heap_block *block)
{
    const uint64_t *marks = block_marks(block);
    struct gc_object *object;
    uint64_t freed = mutator->account.freed_objects;
    if (block_is_all_marked(backup_heap(mutator), block))
        return;
    BLOCK_EACH_OBJECT(block, object) {
        if (!backup_is_garbage(mutator, marks, block, object))
            continue;
        mutator->account.freed_objects++;
        mutator->account.freed_bytes += gc_object_bytes(mutator->shapes, object);
        block_sweep_free(block, object);
    }
    if (mutator->account.freed_objects != freed)
        block_sweep_end(mutator, backup_heap(mutator), block);
}

/* Frees the garbage, after backup_drop_garbage(). O(heap). */
static inline void backup_free_garbage(struct gc_mutator *mutator)
{
    gc_phase(mutator, GC_PHASE_SWEEP);
    block_heap_walk(mutator, backup_heap(mutator), backup_free_of_block);
}

/* ---- finalisers and weak references ---- */

static inline bool backup_has_died(struct gc_mutator *mutator, const struct gc_object *object)
{
    return !block_marks_has(backup_heap(mutator), object) && !(object->bits & backup_left_out(mutator));
}

static inline void backup_each_attended(struct gc_mutator *mutator, const struct finalise_garbage *garbage,
                                        finalise_step *step)
{
    BLOCK_HEAP_EACH(mutator, backup_heap(mutator), block) {
        struct gc_object *object;
        if (block_is_all_marked(backup_heap(mutator), block))
            continue;
        BLOCK_EACH_OBJECT(block, object) {
            if (gc_object_is_attended(mutator->shapes, object))
                step(mutator, garbage, object);
        }
    }
    /* The values of ephemerons that were emptied: backup_drop() may free objects, which the walk forbids. */
    kernel_drain(mutator, backup_kernel(mutator), backup_drop_claim, kernel_follow);
}

static inline void backup_drop_value(struct gc_mutator *mutator, struct gc_object *ephemeron,
                                     struct gc_object *value)
{
    (void)ephemeron;
    kernel_push(mutator, backup_kernel(mutator), value);
}

/* Queues the value of an ephemeron if the ephemeron and its key are marked. */
static inline void backup_pair(struct gc_mutator *mutator, void *kernel, struct gc_object *ephemeron)
{
    if (block_marks_has(backup_heap(mutator), ephemeron) &&
        block_marks_has(backup_heap(mutator), gc_pair_key(mutator, ephemeron)))
        kernel_push(mutator, kernel, gc_pair_value(ephemeron));
}

static inline void backup_push_paired(struct gc_mutator *mutator, struct kernel *kernel,
                                      struct gc_object *object)
{
    kernel_push_paired(mutator, kernel, object, backup_pair);
}

/* Marks what the queued edges reach. Returns how many objects that are. */
static inline uint64_t backup_mark_queued(struct gc_mutator *mutator)
{
    struct kernel *kernel = backup_kernel(mutator);
    if (mutator->dues.pairs)
        return kernel_drain_side_marks_by(mutator, kernel, backup_mark_word, block_mark_claim,
                                          backup_mark_visit, backup_push_paired);
    return kernel_drain_side_marks(mutator, kernel, backup_mark_word, block_mark_claim, backup_mark_visit);
}

/* Marks what the queue of finalisers reaches from its place `from` on. Returns how many objects that are. */
static inline uint64_t backup_mark_queue(struct gc_mutator *mutator, uint64_t from)
{
    for (uint64_t place = from; place < gc_dues_waiting(mutator); place++)
        kernel_push(mutator, backup_kernel(mutator), gc_due_at(mutator, place));
    return backup_mark_queued(mutator);
}

static inline uint64_t backup_spare(struct gc_mutator *mutator, uint64_t from)
{
    for (uint64_t place = from; place < gc_dues_waiting(mutator); place++)
        gc_count_up(gc_due_at(mutator, place));
    return backup_mark_queue(mutator, from);
}

static const struct finalise_garbage backup_attended = {backup_each_attended, backup_has_died, backup_spare,
                                                        backup_drop_value};

/* Where a shape is attended: marks what the names reach, what the queue of finalisers holds, and then what finalisers can
 * reach that are due from now on. Returns how many objects that are. O(heap). */
static inline uint64_t backup_mark_attended(struct gc_mutator *mutator)
{
    backup_mark_begin(mutator);
    uint64_t held = backup_mark_queued(mutator);
    held += backup_mark_queue(mutator, 0);
    return held + finalise_garbage(mutator, &backup_attended);
}

#endif
