/* SPDX-License-Identifier: MIT */
/* gc_collector_check(). Included by collector.c, after it has defined gcrefs_of() and bit_of(). */
#ifndef COLLECTORS_RC_GCREFS_BLOCK_CHECK_TEMPLATE_H
#define COLLECTORS_RC_GCREFS_BLOCK_CHECK_TEMPLATE_H

static bool refers_to_any(struct gc_mutator *mutator, struct gc_object *object)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(mutator->shapes, object);
    uint64_t i = 0;
    while (i < refs && !fields[i].object)
        i++;
    return i < refs;
}

static inline void check_block(struct gc_mutator *mutator, struct heap_block *block)
{
    struct gc_object *object;
    BLOCK_EACH_OBJECT(block, object) {
        recount_check(object, "a count is the number of names and fields that refer to the object");
        check_that(!block_gcrefs_is_untracked(object) || !refers_to_any(mutator, object), object,
                   "what refers to something is tracked, unless it is acyclic");
        check_that(!(object->bits & BLOCK_GCREFS_OLD) ||
                       !(object->bits & (BLOCK_GCREFS_YOUNG | GC_BIT_ACYCLIC)),
                   object, "an old object is not young, and none is acyclic");
        check_that(!(object->bits & BLOCK_GCREFS_FROZEN) ||
                       !(object->bits & (BLOCK_GCREFS_OLD | BLOCK_GCREFS_YOUNG)),
                   object, "a frozen object is of no generation");
        check_that(!(object->bits & BLOCK_GCREFS_FROZEN) == !block->chunk->frozen, object,
                   "what is in a frozen chunk is frozen, and nothing else");
    }
}

static void check_young(const struct gc_object *object)
{
    check_that((object->bits & BLOCK_GCREFS_YOUNG) != BLOCK_GCREFS_YOUNG, object,
               "an object is of one generation");
}

void gc_collector_check(struct gc_mutator *mutator)
{
    struct block_gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    check_that(gcrefs->frozen || !gcrefs->heap.frozen.next, NULL, "chunks are frozen after a freeze alone");
    block_heap_show_frozen(&gcrefs->heap);
    block_heap_check(mutator, &gcrefs->heap, 0);
    for (int generation = 0; generation < GENERATION_OLDEST; generation++)
        region_table_check(mutator, &gcrefs->heap, &gcrefs->young[generation], bit_of(generation),
                           check_young);
    recount_roots(mutator, RECOUNT_OFF, 0);
    recount_block_heap(mutator, &gcrefs->heap, RECOUNT_OFF, 0);
    block_heap_walk(mutator, &gcrefs->heap, check_block);
    recount_block_heap(mutator, &gcrefs->heap, RECOUNT_BACK, 0);
    recount_roots(mutator, RECOUNT_BACK, 0);
    block_heap_hide_frozen(&gcrefs->heap);
    check_that(kernel_is_idle(&gcrefs->kernel) && gcrefs->garbage.count + gcrefs->orphans.count == 0 &&
                   gcrefs->tallying.carried.count == 0,
               NULL, "the work lists are empty between collections");
}

#endif
