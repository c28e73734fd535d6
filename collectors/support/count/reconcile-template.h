/* SPDX-License-Identifier: MIT */
/*
 * The two kinds of collection of a collector with deferred reference counting (count/deferral.h).
 *
 * reconcile() is a young collection. It goes through the zero count table:
 *
 *      1. flag_names()       sets the bit `named` of each object that a name refers to
 *      2. free_unnamed()     looks at each entry of the table:
 *                               count above 0         The entry is dropped.
 *                               count 0, named        The entry stays.
 *                               count 0, not named    The object is freed, with all that only it kept alive.
 *      3. unflag_names()     clears the bit `named`
 *
 * trace() is a full collection. It frees cyclic garbage (count/backup-template.h):
 *
 *      1. backup_mark()            marks what the root set reaches; if that is everything, trace() is done
 *      2. backup_drop_garbage()    takes the references that garbage holds off the counts of the survivors. A
 *                                  survivor whose count falls to 0 enters the table.
 *      3. unlist_garbage()         drops the entries of garbage, and of objects whose count is above 0. The
 *                                  entries from step 2 stay. After step 4 the others would dangle.
 *      4. backup_free_garbage()    frees the garbage
 *
 * gc_collector_poll() always reconciles first. It then traces if the heap still holds `threshold` bytes. A
 * poll is due at the next allocation once the table has more than `limit` entries (deferral_arm()). A poll is
 * also due whenever the allocation clock says so (trigger/growth.h).
 *
 * Before reconcile() and before trace(), every count must equal the number of fields that refer to its
 * object.
 *
 * Included by the collector.c of a collector that defers, whose struct begins with struct deferral_mutator.
 * Nothing need be defined before.
 */
#ifndef COLLECTORS_SUPPORT_COUNT_RECONCILE_TEMPLATE_H
#define COLLECTORS_SUPPORT_COUNT_RECONCILE_TEMPLATE_H

#include "collectors/boundaries.h"
#include "collectors/support/check.h"
#include "collectors/support/count/deferral.h"
#include "collectors/support/count/recount-block-heap.h"

enum { RECONCILE_AHEAD = 8 }; /* entries from the one looked at to the one prefetched */

static const struct gc_boundary reconcile_boundaries[] = {
    GC_BOUNDARY(OBJECTS, RECONCILE_AHEAD),
    GC_BOUNDARY_END,
};

static inline struct deferral_mutator *deferral_of(struct gc_mutator *mutator)
{
    return (struct deferral_mutator *)mutator;
}

/* ---- freeing ---- */

/*
 * True when `child` is dead. A child that is listed is not freed here: free_unnamed() comes to its entry. A
 * child that is named but not listed enters the table.
 */
static inline bool cascade_drop(struct gc_mutator *mutator, struct gc_object *child)
{
    if (!deferral_decrement(child))
        return false;
    if (!(child->bits & DEFERRAL_NAMED))
        return true;
    deferral_list(mutator, child);
    return false;
}

static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    block_release(mutator, &deferral_of(mutator)->heap, object, bytes);
    return true;
}

#include "collectors/support/count/cascade-template.h"

/* ---- the zero count table ---- */

static inline void flag_names(struct gc_mutator *mutator)
{
    GC_EACH_ROOT(mutator, slot) {
        if (slot->ref.object)
            slot->ref.object->bits |= DEFERRAL_NAMED;
    }
}

static inline void unflag_names(struct gc_mutator *mutator)
{
    GC_EACH_ROOT(mutator, slot) {
        if (slot->ref.object)
            slot->ref.object->bits &= ~(uint32_t)DEFERRAL_NAMED;
    }
}

/*
 * Frees each listed object that has no name, and every object that only it kept alive. An object that a
 * cascade adds to the table is named, so the loop comes to its entry and keeps it.
 */
static inline void free_unnamed(struct gc_mutator *mutator)
{
    struct worklist *zeros = &deferral_of(mutator)->zeros;
    uint64_t kept = 0;
    for (uint64_t i = 0; i < zeros->count; i++) {
        struct gc_object *object = zeros->items[i];
        if (i + RECONCILE_AHEAD < zeros->count)
            __builtin_prefetch(zeros->items[i + RECONCILE_AHEAD], 1);
        if (object->count != 0)
            object->bits &= ~(uint32_t)DEFERRAL_LISTED;
        else if (object->bits & DEFERRAL_NAMED)
            zeros->items[kept++] = object;
        else
            cascade_release(mutator, object);
    }
    zeros->count = kept;
}

/*
 * Sets when the next collection is due. Each collection looks again at the entries that stay, at the names,
 * and at `again` things of the collector's own. The table takes as many new entries before the next
 * collection, and the heap as many bytes as the names take. So the total work is linear in the entries made and
 * the bytes allocated.
 */
static inline void deferral_rest(struct gc_mutator *mutator, uint64_t again)
{
    struct deferral_mutator *deferral = deferral_of(mutator);
    uint64_t room = deferral->zeros.count + (uint64_t)(mutator->roots.top - mutator->roots.base);
    room = room > again ? room : again;
    room = room > deferral->options->table ? room : deferral->options->table;
    deferral->limit = deferral->zeros.count + room;
    uint64_t by_names = growth_by_names(mutator);
    mutator->clock.poll_at =
        growth_poll_at(mutator, deferral->threshold > by_names ? deferral->threshold : by_names);
    gc_allocation_rearm(mutator);
}

/*
 * Goes through the table. Returns how many entries and names it looked at. O(table and names), and the
 * cascades.
 */
static inline uint64_t reconcile(struct gc_mutator *mutator)
{
    uint64_t looked_at =
        deferral_of(mutator)->zeros.count + (uint64_t)(mutator->roots.top - mutator->roots.base);
    gc_phase(mutator, GC_PHASE_RECONCILE);
    flag_names(mutator);
    free_unnamed(mutator);
    unflag_names(mutator);
    return looked_at;
}

/* ---- the trace ---- */

static inline struct block_heap *backup_heap(struct gc_mutator *mutator)
{
    return &deferral_of(mutator)->heap;
}

static inline uint32_t backup_left_out(struct gc_mutator *mutator)
{
    (void)mutator;
    return 0;
}

static inline struct kernel *backup_kernel(struct gc_mutator *mutator)
{
    return &deferral_of(mutator)->kernel;
}

/* A marked object that no field of a survivor refers to has a name, and enters the table. */
static inline void backup_drop(struct gc_mutator *mutator, struct gc_object *object)
{
    if (deferral_decrement(object))
        deferral_list(mutator, object);
}

#include "collectors/support/count/backup-template.h"

/* Drops the entries of objects that the trace will free, and of objects that a field refers to. O(table). */
static inline void unlist_garbage(struct gc_mutator *mutator)
{
    struct worklist *zeros = &deferral_of(mutator)->zeros;
    uint64_t kept = 0;
    for (uint64_t i = 0; i < zeros->count; i++) {
        struct gc_object *object = zeros->items[i];
        if (object->count == 0 && block_marks_has(backup_heap(mutator), object))
            zeros->items[kept++] = object;
        else
            object->bits &= ~(uint32_t)DEFERRAL_LISTED;
    }
    zeros->count = kept;
}

/*
 * Bytes held at which a trace is due. Names do not weigh here: a trace comes only when a young collection was due,
 * and names weigh in how far apart those are (deferral_rest()). O(chunks and empty blocks).
 */
static inline uint64_t trace_threshold(struct gc_mutator *mutator)
{
    struct deferral_mutator *deferral = deferral_of(mutator);
    uint64_t threshold = growth_heap_threshold(mutator, &deferral->options->growth);
    block_heap_expect(mutator, &deferral->heap, threshold - mutator->external.weighed_bytes);
    return threshold;
}

/* Frees every object that no name reaches. Returns how many objects it visited. O(heap). */
static inline uint64_t trace(struct gc_mutator *mutator)
{
    uint64_t visited =
        GC_UNLIKELY(mutator->dues.attends) ? backup_mark_attended(mutator) : backup_mark(mutator);
    if (backup_has_garbage(mutator, visited)) {
        backup_drop_garbage(mutator);
        unlist_garbage(mutator);
        backup_free_garbage(mutator);
    }
    gc_phase(mutator, GC_PHASE_TRIM);
    kernel_trim(mutator, backup_kernel(mutator));
    struct deferral_mutator *deferral = deferral_of(mutator);
    deferral->threshold = trace_threshold(mutator);
    return visited;
}

/* ---- what the harness calls ---- */

void deferral_arm(struct gc_mutator *mutator)
{
    deferral_of(mutator)->limit = UINT64_MAX;
    mutator->clock.poll_at = 0;
    gc_allocation_rearm(mutator);
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    if (mutator->clock.poll_at == 0)
        gc_reason(mutator, GC_REASON_TABLE);
    gc_collect(mutator, GC_COLLECT_YOUNG);
    gc_reason(mutator, GC_REASON_THRESHOLD);
    if (gc_weighed_bytes(mutator) >= deferral_of(mutator)->threshold)
        gc_collect(mutator, GC_COLLECT_FULL);
    return mutator->clock.poll_at;
}

static inline void deferral_start(struct gc_mutator *mutator, const void *values)
{
    struct deferral_mutator *deferral = deferral_of(mutator);
    deferral->options = values;
    block_heap_open(&deferral->heap, BLOCK_SIDE_MARKS);
    deferral->threshold = trace_threshold(mutator);
    deferral_rest(mutator, 0);
}

static inline void deferral_stop(struct gc_mutator *mutator)
{
    block_heap_close(mutator, &deferral_of(mutator)->heap);
    kernel_clear(mutator, &deferral_of(mutator)->kernel);
    worklist_clear(mutator, &deferral_of(mutator)->zeros);
    gc_dues_close(mutator);
}

/* ---- the check ---- */

/* Between the two steps of a recount: every count is 0 now, or stuck. O(heap). */
static inline void check_counts(struct gc_mutator *mutator)
{
    recount_check_block_heap(
        mutator, &deferral_of(mutator)->heap,
        "a count is the number of fields that referred to the object at the last collection");
}

/* Each object whose count is 0 is listed, or has a bit of `unlisted`. */
static inline void check_listed(struct gc_mutator *mutator, uint32_t unlisted)
{
    BLOCK_HEAP_EACH(mutator, &deferral_of(mutator)->heap, block) {
        struct gc_object *object;
        BLOCK_EACH_OBJECT(block, object) {
            check_that(object->count != 0 || (object->bits & (DEFERRAL_LISTED | unlisted)), object,
                       "an object whose count is 0 is in the zero count table");
        }
    }
}

/*
 * Traps unless the table and the heap are as they must be between collections. Objects with a header
 * bit of `unlisted` need no entry in the table: a collector's newborns. O(heap).
 */
static inline void deferral_check(struct gc_mutator *mutator, uint32_t unlisted)
{
    struct deferral_mutator *deferral = deferral_of(mutator);
    check_listed(mutator, unlisted);
    for (uint64_t i = 0; i < deferral->zeros.count; i++) {
        struct gc_object *object = deferral->zeros.items[i];
        check_that(object->bits & DEFERRAL_LISTED, object,
                   "an object in the table is flagged so, and in it once");
        object->bits &= ~(uint32_t)DEFERRAL_LISTED;
    }
    block_heap_check(mutator, &deferral->heap, DEFERRAL_NAMED | DEFERRAL_LISTED);
    for (uint64_t i = 0; i < deferral->zeros.count; i++)
        deferral->zeros.items[i]->bits |= DEFERRAL_LISTED;
    check_that(kernel_is_idle(&deferral->kernel), NULL, "the mark stack is empty between collections");
}

#endif
