/* SPDX-License-Identifier: MIT */
/*
 * The walks of a full collection: references are tallied, and then what has more of them than its tally is queued.
 *
 * Included by collector.c, after it has defined gcrefs_of().
 */
#ifndef COLLECTORS_RC_GCREFS_BLOCK_TALLY_TEMPLATE_H
#define COLLECTORS_RC_GCREFS_BLOCK_TALLY_TEMPLATE_H

/* Calls `tally` for each reference of a block's objects, and then `look` for the object. Both are constant. */
static inline __attribute__((always_inline)) void
tally_block_by(struct gc_mutator *mutator, struct heap_block *block,
               void (*tally)(struct gc_mutator *, struct gc_object *),
               void (*look)(struct gc_mutator *, struct gc_object *))
{
    struct gc_object *object;
    BLOCK_EACH_OBJECT(block, object) {
        struct gc_ref *fields = gc_object_fields(object);
        uint64_t refs = gc_object_refs(mutator->shapes, object);
        for (uint64_t i = 0; i < refs; i++) {
            if (fields[i].object)
                tally(mutator, fields[i].object);
        }
        look(mutator, object);
    }
}

static inline void tally_one(struct gc_mutator *mutator, struct gc_object *child)
{
    struct block_gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    block_tally_send(mutator, &gcrefs->heap, &gcrefs->tallying, child);
}

static inline void look_at_none(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    (void)object;
}

static inline void tally_block(struct gc_mutator *mutator, struct heap_block *block)
{
    tally_block_by(mutator, block, tally_one, look_at_none);
}

/* Queues those objects of a block to which a slot refers, or something frozen: in all blocks, at most as many as there
 * are slots and references of what is frozen. */
static inline void push_external_of_block(struct gc_mutator *mutator, struct heap_block *block)
{
    struct block_gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    const uint8_t *tallies = block_tallies(block);
    struct gc_object *object;
    BLOCK_EACH_OBJECT(block, object) {
        if (block_tally_is_external(tallies, block, object))
            kernel_push(mutator, &gcrefs->kernel, object);
    }
}

#endif
