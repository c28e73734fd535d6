/* SPDX-License-Identifier: MIT */
/*
 * The end of a young collection: garbage is gathered, what survives is promoted, and the garbage is freed.
 *
 * Included by collector.c, after it has defined YOUNG_EACH(), is_collected() and stays_tracked().
 */
#ifndef COLLECTORS_RC_GCREFS_BLOCK_GARBAGE_TEMPLATE_H
#define COLLECTORS_RC_GCREFS_BLOCK_GARBAGE_TEMPLATE_H

/* Lists the references that a garbage object holds to objects that are not collected. Its references to
 * collected objects have been taken off. */
static void gather_orphans(struct block_gcrefs_mutator *gcrefs, struct gc_object *object)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(gcrefs->common.shapes, object);
    for (uint64_t i = 0; i < refs; i++) {
        struct gc_object *child = fields[i].object;
        if (child && !is_collected(gcrefs, child))
            worklist_push(&gcrefs->common, &gcrefs->orphans, child);
    }
}

static void gather_garbage(struct block_gcrefs_mutator *gcrefs, int generation)
{
    struct gc_object *object;
    YOUNG_EACH(gcrefs, generation, object) {
        if (object->count != 0)
            continue;
        gather_orphans(gcrefs, object);
        worklist_push(&gcrefs->common, &gcrefs->garbage, object);
    }
}

/* Moves survivors of the youngest generation to the middle one, and makes those of the middle one old. */
static uint64_t promote_survivors(struct block_gcrefs_mutator *gcrefs, int generation)
{
    struct gc_object *object;
    uint64_t survivors = 0;
    YOUNG_EACH(gcrefs, generation, object) {
        object->bits &= ~gcrefs->collected;
        if (object->count == 0 || !stays_tracked(&gcrefs->common, object))
            continue;
        survivors++;
        if (generation == 0)
            region_table_enter(&gcrefs->common, &gcrefs->young[1], object, BLOCK_GCREFS_MIDDLE);
        else
            object->bits |= BLOCK_GCREFS_OLD;
    }
    for (int younger = 0; younger <= generation; younger++)
        worklist_empty(&gcrefs->common, &gcrefs->young[younger]);
    return survivors;
}

/* Frees the garbage. Objects that only garbage kept alive, acyclic or older, die by counting; none of them
 * refers to garbage. */
static void free_garbage(struct block_gcrefs_mutator *gcrefs)
{
    struct gc_mutator *mutator = &gcrefs->common;
    struct gc_object *object;
    uint64_t freed_bytes = 0;
    mutator->account.freed_objects += gcrefs->garbage.count;
    while ((object = worklist_pop(&gcrefs->garbage))) {
        uint64_t bytes = gc_object_bytes(mutator->shapes, object);
        block_release(mutator, &gcrefs->heap, object, bytes);
        freed_bytes += bytes;
    }
    mutator->account.freed_bytes += freed_bytes;
    while ((object = worklist_pop(&gcrefs->orphans)))
        counting_decrement(mutator, object);
}

#endif
