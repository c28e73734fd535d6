/* SPDX-License-Identifier: MIT */
/* The check of a block heap: its lists, counts and regions against each other. */
#include "collectors/support/check.h"
#include "collectors/support/heap/block-heap.h"

static bool region_holds_object(const struct heap_block *block, const struct gc_object *header)
{
    return block->unswept ? block_is_marked(block_marks(block), block, header)
                          : !block_region_is_free(header);
}

static void object_check(const struct gc_mutator *mutator, const struct heap_block *block,
                         struct gc_object *object, uint32_t clear_bits)
{
    check_that((object->bits & GC_BITS_SHAPE) < mutator->shape_count, object, "every object has a shape");
    check_that(!(object->bits & clear_bits), object, "no mark outlives a collection");
    check_that(!(object->bits & GC_BIT_LENGTH) == (block->header_offset == 0), object,
               "objects with a length have blocks of their own kind");
    check_that(!(object->bits & BLOCK_LARGE) == !block_is_large(block), object,
               "the header of a large object says that it is large");
    check_that(block_is_large(block) || gc_object_bytes(mutator->shapes, object) <= block->region_bytes,
               object, "an object fits its region");
}

static void free_list_check(const struct heap_block *block, uint64_t objects)
{
    char *first = (char *)block + BLOCK_HEADER_BYTES;
    uint64_t used_before = (uint64_t)(block->fresh - first) / block->region_bytes;
    uint64_t regions = 0;
    for (struct gc_object *region = block->free; region; region = block_free_next(region)) {
        check_that(block_of(region) == block && block_region_is_free(region), region,
                   "a block's free regions are its own");
        regions++;
    }
    check_that(regions + objects == used_before, NULL, "a region holds an object or is on the free list");
}

/* Whether the mark bits of a block are as the next collection will take them: clear, or to be cleared. */
static bool marks_are_known(const struct heap_block *block)
{
    const uint64_t *marks = block_marks(block);
    uint64_t any = 0;
    if (block_is_large(block) || block->chunk->marked & block_place_bit(block))
        return true;
    for (uint32_t i = 0; i < BLOCK_MARK_WORDS; i++)
        any |= marks[i];
    return any == 0;
}

/* Compares a block's counts and lists with its regions. Returns how many objects it holds. */
static uint64_t block_check(const struct gc_mutator *mutator, const struct block_heap *heap,
                            const struct heap_block *block, uint32_t clear_bits)
{
    uint64_t objects = 0;
    bool current = block_is_current(heap, block);
    for (char *region = (char *)block + BLOCK_HEADER_BYTES; region < block->fresh;
         region += block->region_bytes) {
        struct gc_object *header = (struct gc_object *)(region + block->header_offset);
        if (!region_holds_object(block, header))
            continue;
        object_check(mutator, block, header, clear_bits);
        objects++;
    }
    check_that(block->used == objects + current + (block->pins != 0), NULL,
               "a block knows how many objects it holds");
    check_that(!current || !block->unswept, NULL, "allocation takes from swept blocks");
    check_that(marks_are_known(block), NULL, "mark bits that nobody will clear are clear");
    if (block_is_large(block))
        check_that(objects == 1, NULL, "a large object's block goes with it");
    else if (!block->unswept)
        free_list_check(block, objects);
    check_that(block->listed || (!block->unswept && !block->free && block->fresh == block->end), NULL,
               "a block with room is listed");
    return objects;
}

/* Compares what a chunk says of itself with its neighbours in the list and with its blocks. */
static void chunk_check(const struct block_chunk *chunk, const struct block_chunk *unused)
{
    uint64_t filled = 0;
    check_that(chunk->memory && chunk->blocks > 0, NULL, "a chunk in the list has blocks");
    check_that(!chunk->next || chunk->next->previous == chunk, NULL, "the list of chunks leads back, too");
    for (uint32_t i = 0; i < chunk->begun; i++)
        filled |= (uint64_t)(block_chunk_block(chunk, i)->fresh != NULL) << (chunk->side_places + i);
    check_that(chunk->filled == filled, NULL, "a chunk knows which of its blocks are empty");
    check_that((chunk->begun < chunk->blocks) == (chunk == unused), NULL,
               "one chunk alone has unused blocks, at most");
}

void block_heap_check(struct gc_mutator *mutator, struct block_heap *heap, uint32_t clear_bits)
{
    uint64_t objects = 0, empty = 0;
    for (const struct block_chunk *chunk = heap->chunks; chunk; chunk = chunk->next) {
        chunk_check(chunk, heap->unused);
        if (!block_chunk_is_large(chunk) && !chunk->frozen)
            empty += chunk->blocks - (uint64_t)__builtin_popcountll(chunk->filled);
        for (uint32_t i = 0; i < chunk->begun; i++) {
            const struct heap_block *block = block_chunk_block(chunk, i);
            if (block->fresh)
                objects += block_check(mutator, heap, block, clear_bits);
        }
    }
    check_that(objects == gc_held_objects(mutator), NULL, "the blocks hold as many objects as are held");
    check_that(empty == heap->empty_count, NULL, "the heap knows how many blocks are empty");
}
