/* SPDX-License-Identifier: MIT */
/* A young generation is a table of regions, and a region is shown by the object that lies in it. Old objects are in no
 * table: their colour says it. What is frozen is shown chunk by chunk. */
#include "collectors/gc.h"
#include "collectors/support/trace/show-worklist.h"

enum { BLACK, GREY, WHITE, PURPLE, GREEN };

static const struct gc_show_colour colours[] = {
    [BLACK] = {"black", "old, and tracked"},
    [GREY] = {"grey", "of a young generation"},
    [WHITE] = {"white", "likewise, with no reference left: garbage, unless something reachable refers to it"},
    [PURPLE] = {"purple", "frozen: its chunk is set aside, and no collection looks at it"},
    [GREEN] = {"green", "not tracked: acyclic, or has never referred to anything"},
    {NULL, NULL},
};

static unsigned colour(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    if (object->bits & BLOCK_GCREFS_FROZEN)
        return PURPLE;
    if (object->bits & BLOCK_GCREFS_YOUNG)
        return object->count == 0 ? WHITE : GREY;
    return object->bits & BLOCK_GCREFS_OLD ? BLACK : GREEN;
}

enum { YOUNGEST, MIDDLE, FROZEN };
static const char *const buffers[] = {
    [YOUNGEST] = "youngest generation", [MIDDLE] = "middle generation", [FROZEN] = "frozen", NULL};
static_assert((int)FROZEN == GENERATION_OLDEST, "each table of a young generation has a name");

static void frozen_each(const struct block_heap *heap, gc_show_entry entry, void *context)
{
    for (const struct block_chunk *chunk = heap->frozen.next; chunk; chunk = chunk->next) {
        for (uint32_t i = 0; i < chunk->blocks; i++) {
            struct heap_block *block = block_chunk_block(chunk, i);
            struct gc_object *object;
            if (!block->fresh)
                continue;
            BLOCK_EACH_OBJECT(block, object)
                entry(context, object);
        }
    }
}

static void buffer_each(struct gc_mutator *mutator, unsigned buffer, gc_show_entry entry, void *context)
{
    const struct block_gcrefs_mutator *gcrefs = (const struct block_gcrefs_mutator *)mutator;
    if (buffer == FROZEN)
        frozen_each(&gcrefs->heap, entry, context);
    else
        show_worklist(&gcrefs->young[buffer], entry, context);
}

const struct gc_show gc_show = {
    .colours = colours,
    .colour = colour,
    .buffers = buffers,
    .buffer_each = buffer_each,
};
