/* SPDX-License-Identifier: MIT */
/*
 * Freezing: the chunks of the heap are set aside (support/heap/block-freeze.h). Of what is in them a collection writes only
 * counts that it takes off, ephemerons whose keys die, and lists of weak references that die.
 *
 *      young      No frozen object is in a table. What it refers to keeps that reference, as from any older generation.
 *      full       Walks pass over frozen chunks. So their references are in no tally, and what they refer to has one
 *                 from outside: it is a root. An edge to a frozen object finds it marked, and ends there.
 *
 * Counting frees a frozen object at zero. A full collection lets counting take off what garbage refers to, when the
 * garbage is gone: a frozen object may die of that, and what it held with it.
 *
 * An ephemeron is met at its key, too. If the ephemeron alone is frozen, its value is tallied at the key.
 *
 * Included by collector.c, after it has defined gcrefs_of(), grow_old(), empty_tables() and tally_block_by().
 */
#ifndef COLLECTORS_RC_GCREFS_BLOCK_FROZEN_TEMPLATE_H
#define COLLECTORS_RC_GCREFS_BLOCK_FROZEN_TEMPLATE_H

/* ---- the full collection beside what is frozen ---- */

/* Tallies a reference to an object that is not frozen. Reads its mark and not the object: before marking, frozen
 * objects alone have one. */
static inline void tally_unfrozen(struct gc_mutator *mutator, struct gc_object *child)
{
    if (!block_marks_has(&gcrefs_of(mutator)->heap, child))
        tally_one(mutator, child);
}

static inline void tally_frozen_pair(struct gc_mutator *mutator, void *context, struct gc_object *ephemeron)
{
    (void)context;
    if (ephemeron->bits & BLOCK_GCREFS_FROZEN)
        tally_unfrozen(mutator, gc_pair_value(ephemeron));
}

/* What an object adds to gc_weighed_bytes(). */
static inline uint64_t weighed_bytes_of(const struct gc_mutator *mutator, struct gc_object *object)
{
    uint64_t external = gc_object_shape(mutator->shapes, object)->external;
    return gc_object_bytes(mutator->shapes, object) +
           (mutator->external.use == GC_EXTERNAL_NOTED ? 0 : external);
}

static inline void look_at_unfrozen(struct gc_mutator *mutator, struct gc_object *object)
{
    struct block_gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    if (mutator->dues.pairs)
        gc_pairs_each(mutator, object, NULL, tally_frozen_pair);
    gcrefs->unfrozen++;
    gcrefs->unfrozen_bytes += weighed_bytes_of(mutator, object);
}

static inline void tally_block_unfrozen(struct gc_mutator *mutator, struct heap_block *block)
{
    tally_block_by(mutator, block, tally_unfrozen, look_at_unfrozen);
}

static inline void weigh_block(struct gc_mutator *mutator, struct heap_block *block)
{
    struct gc_object *object;
    BLOCK_EACH_OBJECT(block, object) {
        gcrefs_of(mutator)->unfrozen_bytes += weighed_bytes_of(mutator, object);
        gcrefs_of(mutator)->tracked += (object->bits & BLOCK_GCREFS_OLD) != 0;
    }
}

/* Tallies what objects that are not frozen refer to. Notes how many objects are frozen, and their bytes. */
static __attribute__((noinline)) void tally_beside_frozen(struct block_gcrefs_mutator *gcrefs)
{
    gcrefs->unfrozen = gcrefs->unfrozen_bytes = 0;
    block_marks_clear(&gcrefs->heap);
    block_heap_walk(&gcrefs->common, &gcrefs->heap, tally_block_unfrozen);
    gcrefs->left_out = gc_held_objects(&gcrefs->common) - gcrefs->unfrozen;
    gcrefs->frozen_bytes = gc_weighed_bytes(&gcrefs->common) - gcrefs->unfrozen_bytes;
}

/* Takes off, by counting, what garbage has referred to. Where that frees anything, what is left is counted and weighed
 * anew: a frozen object may be freed, and with it others that are not frozen. O(what is not frozen) then. */
static __attribute__((noinline)) void drop_from_garbage(struct block_gcrefs_mutator *gcrefs)
{
    struct gc_mutator *mutator = &gcrefs->common;
    struct gc_object *object;
    uint64_t freed = mutator->account.freed_objects;
    while ((object = worklist_pop(&gcrefs->orphans)))
        counting_decrement(mutator, object);
    if (mutator->account.freed_objects == freed)
        return;
    gcrefs->unfrozen_bytes = gcrefs->tracked = 0;
    block_heap_walk(mutator, &gcrefs->heap, weigh_block);
    gcrefs->frozen_bytes = gc_weighed_bytes(mutator) - gcrefs->unfrozen_bytes;
}

/* After generation_clock_weigh(): what is frozen does not weigh in what a full collection left. */
static __attribute__((noinline)) void weigh_beside_frozen(struct block_gcrefs_mutator *gcrefs)
{
    uint64_t bytes = gc_weighed_bytes(&gcrefs->common) - gcrefs->frozen_bytes;
    generation_clock_left(&gcrefs->clock, gcrefs->tracked, bytes);
}

/* ---- freezing ---- */

static inline void freeze_block(struct gc_mutator *mutator, struct heap_block *block)
{
    struct gc_object *object;
    (void)mutator;
    BLOCK_EACH_OBJECT(block, object)
        object->bits = (object->bits & ~(uint32_t)BLOCK_GCREFS_OLD) | BLOCK_GCREFS_FROZEN;
}

static inline void unfreeze_block(struct gc_mutator *mutator, struct heap_block *block)
{
    struct gc_object *object;
    BLOCK_EACH_OBJECT(block, object) {
        if (!(object->bits & BLOCK_GCREFS_FROZEN))
            continue;
        object->bits &= ~(uint32_t)BLOCK_GCREFS_FROZEN;
        grow_old(mutator, object);
        gcrefs_of(mutator)->tracked += (object->bits & BLOCK_GCREFS_OLD) != 0;
    }
}

/* As CPython, nothing counts towards a collection any more. */
void block_gcrefs_freeze(struct gc_mutator *mutator)
{
    struct block_gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    empty_tables(gcrefs);
    block_heap_walk(mutator, &gcrefs->heap, freeze_block);
    block_heap_freeze(&gcrefs->heap);
    generation_clock_freeze(&gcrefs->clock, mutator);
    gcrefs->frozen = true;
}

void block_gcrefs_unfreeze(struct gc_mutator *mutator)
{
    struct block_gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    if (!gcrefs->frozen)
        return;
    gcrefs->frozen = false;
    block_heap_unfreeze(mutator, &gcrefs->heap);
    gcrefs->tracked = 0;
    block_heap_walk(mutator, &gcrefs->heap, unfreeze_block);
    uint64_t left_out = gcrefs->left_out < gcrefs->tracked ? gcrefs->left_out : gcrefs->tracked;
    generation_clock_unfreeze(&gcrefs->clock, left_out);
    gcrefs->left_out = 0;
}

#endif
