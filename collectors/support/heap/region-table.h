/* SPDX-License-Identifier: MIT */
/*
 * A table that refers to objects of a block heap and keeps none of them alive: a root buffer, a generation of
 * young objects. An entry refers to a region. Each region has one at most, and that it has one is a bit of the
 * region's own.
 *
 * So an object that dies leaves the table alone, and its region at once to the next one, which is born with the
 * bit: it is in the table from the start, and to enter it takes nothing. Where memory is handed out again
 * while it is in the cache, a table grows with the regions in use and not with the objects made. What an entry
 * refers to when the table is gone through is a free region, or whatever is there by then. Until then the block
 * is pinned, and keeps its regions as they are. An object too large for a region takes its entry with it.
 *
 * The bits are GC_BIT_KEPT_A and, for a second table beside the first, GC_BIT_KEPT_B. An object is made by
 * block_allocate_in() with all that are in use.
 */
#ifndef COLLECTORS_SUPPORT_HEAP_REGION_TABLE_H
#define COLLECTORS_SUPPORT_HEAP_REGION_TABLE_H

#include "collectors/support/check.h"
#include "collectors/support/heap/block-heap.h"
#include "collectors/support/trace/worklist.h"

enum { REGION_TABLE_AHEAD = 12 }; /* entries that are prefetched in front of the one at hand */

static inline void region_table_prefetch(const struct worklist *table, uint64_t at)
{
    if (at + REGION_TABLE_AHEAD < table->count)
        __builtin_prefetch(table->items[at + REGION_TABLE_AHEAD], 1);
}

/* Where the entry of an object is: of a large one its block says so. */
static inline void region_table_place(struct gc_object *object, uint64_t at)
{
    struct heap_block *block = block_of(object);
    if (GC_UNLIKELY(block_is_large(block)))
        block->collector_word = at;
}

/* Of an object whose region has no entry. */
static inline void region_table_enter(struct gc_mutator *mutator, struct worklist *table,
                                      struct gc_object *object, uint32_t bit)
{
    object->bits |= bit;
    region_table_place(object, table->count);
    worklist_push(mutator, table, object);
}

/* Gives a dead object's memory back. `tables` are the one of GC_BIT_KEPT_A and, if `bits` has it, that of
 * GC_BIT_KEPT_B. */
static inline void region_table_release(struct gc_mutator *mutator, struct block_heap *heap,
                                        struct worklist *tables, struct gc_object *object, uint32_t bits)
{
    uint32_t bit = object->bits & bits;
    if (bit) {
        struct heap_block *block = block_of(object);
        if (GC_UNLIKELY(block_is_large(block)))
            tables[bit == GC_BIT_KEPT_B].items[block->collector_word] = NULL;
        else
            block_pin(block, bit);
    }
    block_release_in(mutator, heap, object, bits);
}

/*
 * Goes through the entries, and keeps those of whose objects `stays` says so. What has left has no bit, and
 * no block is pinned for this table. Makes and frees no object. O(entries).
 */
static inline __attribute__((always_inline)) void
region_table_purge(struct gc_mutator *mutator, struct block_heap *heap, struct worklist *table, uint32_t bit,
                   bool (*stays)(struct gc_mutator *, struct gc_object *))
{
    struct heap_block *unpinned = NULL; /* the last: entries of a block come in rows */
    uint64_t kept = 0;
    block_heap_hold(heap);
    for (uint64_t i = 0; i < table->count; i++) {
        struct gc_object *object = table->items[i];
        region_table_prefetch(table, i);
        if (!object)
            continue;
        if (block_of(object) != unpinned)
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

/* Traps unless the table has one entry for each region with the bit. `check` looks at each object. O(heap). */
static inline void region_table_check(struct gc_mutator *mutator, struct block_heap *heap,
                                      const struct worklist *table, uint32_t bit,
                                      void (*check)(const struct gc_object *))
{
    struct gc_object *object;
    uintptr_t entries = 0; /* the sum of their addresses: of those that refer to objects */
    uintptr_t flagged = 0;
    for (uint64_t i = 0; i < table->count; i++) {
        object = table->items[i];
        if (!object)
            continue;
        struct heap_block *block = block_of(object);
        check_that(object->bits & bit, object, "the region of an entry is flagged");
        if (block_region_is_free(object)) {
            check_that(block_is_pinned(block, bit), object,
                       "a free region with an entry is of a pinned block");
            continue;
        }
        check_that(!block_is_large(block) || block->collector_word == i, object,
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
