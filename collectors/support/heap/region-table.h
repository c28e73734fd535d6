/* SPDX-License-Identifier: MIT */
/*
 * A table of objects in a block heap that keeps none of them alive: a root buffer, or a young generation.
 *
 * An entry refers to a region and not to an object. A region has one entry at most, and a bit in its header
 * says whether it has one. The bit belongs to the region and outlives the region's objects. The life of an
 * entry:
 *
 *      entered    region_table_enter() appends the entry and sets the region's bit.
 *      orphaned   The object dies. Its region is free at once and can be allocated again; the entry and the
 *                 bit stay. The heap block is pinned: it keeps its memory and the size of its regions.
 *      adopted    The next object in the region is born with the bit, so it is in the table from birth. That
 *                 costs nothing.
 *      purged     region_table_purge() drops the entry when its region is free, or when the collector no
 *                 longer wants the object in the table. It clears the bit and unpins the block.
 *
 * So the table grows with the regions in use and not with the objects made. A mutator that makes and drops
 * objects in the same memory adds no entries. A large object takes its entry with it when it dies.
 *
 * The bit is GC_BIT_KEPT_A. A second table of the same heap has GC_BIT_KEPT_B. The collector makes its
 * objects by block_allocate_in() with the bits of all its tables.
 */
#ifndef COLLECTORS_SUPPORT_HEAP_REGION_TABLE_H
#define COLLECTORS_SUPPORT_HEAP_REGION_TABLE_H

#include "collectors/boundaries.h"
#include "collectors/support/check.h"
#include "collectors/support/heap/block-heap.h"
#include "collectors/support/trace/worklist.h"

enum { REGION_TABLE_AHEAD = 12 }; /* entries from the one looked at to the one prefetched */

static const struct gc_boundary region_table_boundaries[] = {
    GC_BOUNDARY(OBJECTS, REGION_TABLE_AHEAD),
    GC_BOUNDARY_END,
};

static inline void region_table_prefetch(const struct worklist *table, uint64_t at)
{
    if (at + REGION_TABLE_AHEAD < table->count)
        __builtin_prefetch(table->items[at + REGION_TABLE_AHEAD], 1);
}

/* Notes that the entry of `object` is at index `at`. Only the block of a large object keeps the index. */
static inline void region_table_place(struct gc_object *object, uint64_t at)
{
    if (block_holds_large(object))
        block_of_large(object)->collector_word = at;
}

/* Enters an object whose region has no entry. Amortised O(1). */
static inline void region_table_enter(struct gc_mutator *mutator, struct worklist *table,
                                      struct gc_object *object, uint32_t bit)
{
    object->bits |= bit;
    region_table_place(object, table->count);
    worklist_push(mutator, table, object);
}

/*
 * Gives the memory of a dead object of `bytes` back. `bits` are the bits of the heap's tables. `tables` is the
 * table of GC_BIT_KEPT_A, followed by the table of GC_BIT_KEPT_B if `bits` has it. O(1).
 */
static inline void region_table_release(struct gc_mutator *mutator, struct block_heap *heap,
                                        struct worklist *tables, struct gc_object *object, uint64_t bytes,
                                        uint32_t bits)
{
    uint32_t bit = object->bits & bits;
    if (bit) {
        if (block_object_is_large(object, bytes))
            tables[bit == GC_BIT_KEPT_B].items[block_of_large(object)->collector_word] = NULL;
        else
            block_pin(block_of(object), bit);
    }
    block_release_in(mutator, heap, object, bytes, bits);
}

/*
 * Keeps the entries of objects for which `stays` returns true, and drops all others. Regions without an entry
 * lose the bit, and this table pins no block afterwards. Makes and frees no object. O(entries).
 */
static inline __attribute__((always_inline)) void
region_table_purge(struct gc_mutator *mutator, struct block_heap *heap, struct worklist *table, uint32_t bit,
                   bool (*stays)(struct gc_mutator *, struct gc_object *))
{
    /* The block unpinned last: entries of one block often follow each other. */
    struct heap_block *unpinned = NULL;
    uint64_t kept = 0;
    block_heap_hold(heap);
    for (uint64_t i = 0; i < table->count; i++) {
        struct gc_object *object = table->items[i];
        region_table_prefetch(table, i);
        if (!object)
            continue;
        if (block_of(object) != unpinned && (block_region_is_free(object) || !block_holds_large(object)))
            block_unpin(mutator, heap, unpinned = block_of(object), bit);
        if (block_region_is_free(object) || !stays(mutator, object)) {
            object->bits &= ~bit;
            continue;
        }
        if (kept < i) {
            region_table_place(object, kept);
            table->items[kept] = object;
        }
        kept++;
    }
    block_heap_let_go(mutator, heap);
    table->count = kept;
}

/*
 * Traps unless each region with the bit has one entry, and each entry the bit. Calls `check` for each
 * object in the table. O(heap).
 */
static inline void region_table_check(struct gc_mutator *mutator, struct block_heap *heap,
                                      const struct worklist *table, uint32_t bit,
                                      void (*check)(const struct gc_object *))
{
    struct gc_object *object;
    uintptr_t entries = 0; /* the sum of the addresses of objects in the table */
    uintptr_t flagged = 0;
    for (uint64_t i = 0; i < table->count; i++) {
        object = table->items[i];
        if (!object)
            continue;
        check_that(object->bits & bit, object, "the region of an entry is flagged");
        if (block_region_is_free(object)) {
            check_that(block_is_pinned(block_of(object), bit), object,
                       "a free region with an entry is of a pinned block");
            continue;
        }
        check_that(!block_holds_large(object) || block_of_large(object)->collector_word == i, object,
                   "a large object knows its entry");
        check(object);
        entries += (uintptr_t)object;
    }
    BLOCK_HEAP_EACH(mutator, heap, block)
        BLOCK_EACH_OBJECT(block, object)
            flagged += object->bits & bit ? (uintptr_t)object : 0;
    check_that(entries == flagged, NULL, "an object that is flagged has one entry");
}

#endif
