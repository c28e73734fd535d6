/* SPDX-License-Identifier: MIT */
#include "collectors/support/heap/block-heap.h"

#include <stdlib.h>

#include "base/pages.h"
#include "collectors/boundaries.h"
#include "collectors/support/check.h"
#include "collectors/support/heap/allocation.h"

enum {
    SMALL_HEAP = 4 * BLOCK_CHUNK_BLOCKS, /* blocks, 8 MiB: what a heap keeps in any case */
    /* Blocks with small pages: those of the first four chunks, without side metadata. A huge page, which is resident
     * as a whole, adds a quarter to them at most. */
    SMALL_PAGED = 7 * BLOCK_CHUNK_BLOCKS / 2,
    EXPECTED_SLACK = 16, /* one more block for each so many, for the remainders of blocks */
    TEST_BLOCKS = 4,     /* blocks of a chunk in tests that want many chunks */
    FRESH_BYTES = 4096,  /* bytes of a block that become free regions together */
    LARGE_PREFIX = sizeof(struct block_chunk) + BLOCK_HEADER_BYTES, /* in front of a large object's region */
};
static_assert(LARGE_PREFIX % sizeof(uint64_t) == 0, "the region of a large object is aligned as any other");
static_assert(BLOCK_CHUNK_BYTES % HUGE_PAGE_BYTES == 0, "a chunk can be made of huge pages");

const struct gc_boundary block_heap_boundaries[] = {
    GC_BOUNDARY_RUN(BYTES, BLOCK_REGION_MIN, 8, BLOCK_EXACT_MAX),
    GC_BOUNDARY_RUN(BYTES, BLOCK_EXACT_MAX, BLOCK_EXACT_MAX / BLOCK_STEPS, 2 * BLOCK_EXACT_MAX),
    GC_BOUNDARY_RUN(BYTES, 2 * BLOCK_EXACT_MAX, 2 * BLOCK_EXACT_MAX / BLOCK_STEPS, 4 * BLOCK_EXACT_MAX),
    GC_BOUNDARY_RUN(BYTES, 4 * BLOCK_EXACT_MAX, 4 * BLOCK_EXACT_MAX / BLOCK_STEPS, BLOCK_REGION_MAX),
    GC_BOUNDARY(BYTES, GC_CALLOC_BYTES),
    GC_BOUNDARY(BYTES, BLOCK_BYTES),
    GC_BOUNDARY(BYTES, HUGE_PAGE_BYTES),
    GC_BOUNDARY(FILL, FRESH_BYTES),
    GC_BOUNDARY(FILL, BLOCK_BYTES - BLOCK_HEADER_BYTES),
    GC_BOUNDARY(FILL, (TEST_BLOCKS * (BLOCK_BYTES - BLOCK_HEADER_BYTES))),
    GC_BOUNDARY(FILL, (EXPECTED_SLACK * BLOCK_BYTES)),
    GC_BOUNDARY(FILL, (SMALL_HEAP * BLOCK_BYTES)),
    GC_BOUNDARY(SHAPES, BLOCK_FREE_SHAPE),
    GC_BOUNDARY_END,
};

/*
 * The current block of a class that has none. It is full, so that an allocation takes the slow path without
 * another comparison in the fast path. Read only.
 */
static struct heap_block no_block = {.used = 1, .listed = true};

void block_heap_open(struct block_heap *heap, enum block_side side)
{
    *heap = (struct block_heap){.trim_at = SMALL_HEAP, .side = side};
    chunk_table_open(&heap->side_chunks);
    for (uint32_t size_class = 0; size_class < BLOCK_CLASSES; size_class++)
        heap->current[size_class] = &no_block;
}

/* ---- chunks ---- */

static void chunk_link(struct gc_mutator *mutator, struct block_heap *heap, struct block_chunk *chunk,
                       void *memory)
{
    *chunk = (struct block_chunk){.memory = memory, .marked = UINT64_MAX};
    block_heap_link_chunk(heap, chunk);
    gc_metadata_grow(mutator, sizeof *chunk);
}

/* A chunk for many blocks; NULL without memory. */
static struct block_chunk *chunk_open(struct gc_mutator *mutator, struct block_heap *heap)
{
    struct block_chunk *chunk = malloc(sizeof *chunk);
    void *memory = NULL;
    if (!chunk || posix_memalign(&memory, BLOCK_CHUNK_BYTES, BLOCK_CHUNK_BYTES) != 0) {
        free(chunk);
        return NULL;
    }
    chunk_link(mutator, heap, chunk, memory);
    return chunk;
}

/* The bytes of a chunk's side metadata. */
static uint64_t side_bytes(const struct block_chunk *chunk)
{
    return (uint64_t)chunk->side_places * BLOCK_BYTES;
}

static void chunk_close(struct gc_mutator *mutator, struct block_heap *heap, struct block_chunk *chunk)
{
    check_that(!heap->holding || block_chunk_is_large(chunk), NULL,
               "chunks of many blocks stay while the heap is held");
    if (heap->walk_next == chunk)
        heap->walk_next = chunk->next;
    if (heap->unused == chunk)
        heap->unused = NULL;
    block_heap_unlink_chunk(heap, chunk);
    gc_metadata_grow(mutator, -(int64_t)(sizeof *chunk + side_bytes(chunk)));
    if (!block_chunk_is_large(chunk))
        heap->block_count -= chunk->blocks;
    if (chunk->side_places)
        chunk_table_remove(&heap->side_chunks, chunk);
    if (!block_chunk_is_large(chunk))
        free(chunk->memory);
    free(chunk);
}

void block_heap_close(struct gc_mutator *mutator, struct block_heap *heap)
{
    while (heap->frozen.next)
        chunk_close(mutator, heap, heap->frozen.next);
    while (heap->chunks)
        chunk_close(mutator, heap, heap->chunks);
    chunk_table_close(mutator, &heap->side_chunks);
    block_heap_open(heap, heap->side);
}

/* ---- empty blocks ---- */

static void empty_push(struct block_heap *heap, struct heap_block *block)
{
    block->next = heap->empty;
    block->fresh = NULL; /* walks pass over the block */
    heap->empty = block;
    block->chunk->filled &= ~block_place_bit(block);
}

/* Puts the first unused block among the empty ones. So the pages of a block are touched when it is wanted. O(1). */
static void unused_begin(struct block_heap *heap)
{
    struct block_chunk *chunk = heap->unused;
    struct heap_block *block = block_chunk_block(chunk, chunk->begun);
    *block = (struct heap_block){.chunk = chunk, .present = chunk->huge};
    empty_push(heap, block);
    if (++chunk->begun == chunk->blocks)
        heap->unused = NULL;
}

static bool has_small_chunks(const struct gc_mutator *mutator)
{
    return mutator->test.returns_memory || mutator->test.small_chunks;
}

/*
 * Adds a chunk of unused blocks; false without memory. The first chunks of a heap have small pages, so that a
 * heap of a few chunks has only resident the blocks that it has used.
 */
static bool chunk_add(struct gc_mutator *mutator, struct block_heap *heap)
{
    if (heap->side && !chunk_table_make_room(mutator, &heap->side_chunks))
        return false;
    struct block_chunk *chunk = chunk_open(mutator, heap);
    if (!chunk)
        return false;
    chunk->huge = heap->block_count + heap->frozen_count >= SMALL_PAGED && !has_small_chunks(mutator);
    if (chunk->huge)
        huge_pages_ask(chunk->memory, BLOCK_CHUNK_BYTES);
    chunk->side_places = (uint8_t)heap->side;
    chunk->blocks = has_small_chunks(mutator) ? TEST_BLOCKS : BLOCK_CHUNK_BLOCKS - chunk->side_places;
    if (chunk->side_places)
        chunk_table_add(&heap->side_chunks, chunk);
    gc_metadata_grow(mutator, (int64_t)side_bytes(chunk));
    heap->block_count += chunk->blocks;
    heap->empty_count += chunk->blocks;
    heap->unused = chunk;
    heap->trim_at = SMALL_HEAP;
    return true;
}

/* An empty block; NULL without memory. */
static struct heap_block *empty_pop(struct gc_mutator *mutator, struct block_heap *heap)
{
    if (!heap->empty) {
        if (!heap->unused && !chunk_add(mutator, heap))
            return NULL;
        unused_begin(heap);
    }
    struct heap_block *block = heap->empty;
    heap->empty = block->next;
    heap->empty_count--;
    block->chunk->filled |= block_place_bit(block);
    return block;
}

static bool chunk_is_empty(const struct block_chunk *chunk)
{
    return chunk->filled == 0;
}

/*
 * The number of empty blocks to keep. Their pages would cost more to fault in again than they cost to keep.
 */
static uint64_t empty_kept(const struct gc_mutator *mutator, const struct block_heap *heap)
{
    if (mutator->test.returns_memory)
        return 0;
    uint64_t used = heap->block_count - heap->empty_count;
    uint64_t blocks = heap->expected_bytes / BLOCK_BYTES;
    uint64_t wanted = blocks > 0 ? blocks + blocks / EXPECTED_SLACK : 2 * used;
    if (wanted < SMALL_HEAP)
        wanted = SMALL_HEAP;
    return wanted > used ? wanted - used : 0;
}

/* Takes the blocks of closing chunks out of the list of empty blocks. O(empty blocks). */
static void empty_filter(struct block_heap *heap)
{
    struct heap_block **link = &heap->empty;
    while (*link) {
        if ((*link)->chunk->closing)
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

/* Gives empty chunks back while at least `kept` empty blocks remain. O(chunks and empty blocks). */
static void trim_to(struct gc_mutator *mutator, struct block_heap *heap, uint64_t kept)
{
    uint64_t left = heap->empty_count;
    for (struct block_chunk *chunk = heap->chunks; chunk; chunk = chunk->next) {
        chunk->closing = chunk_is_empty(chunk) && left >= kept + chunk->blocks;
        if (chunk->closing)
            left -= chunk->blocks;
    }
    if (left == heap->empty_count)
        return;
    empty_filter(heap);
    heap->empty_count = left;
    for (struct block_chunk *chunk = heap->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        if (chunk->closing)
            chunk_close(mutator, heap, chunk);
    }
}

/* Looks for chunks again when there are an eighth more empty blocks: amortised O(1) for each. */
void block_heap_trim(struct gc_mutator *mutator, struct block_heap *heap)
{
    if (heap->holding || (heap->empty_count <= heap->trim_at && !mutator->test.returns_memory))
        return;
    uint64_t kept = empty_kept(mutator, heap);
    if (heap->empty_count <= kept)
        return;
    trim_to(mutator, heap, kept);
    heap->trim_at = heap->empty_count + heap->empty_count / 8 + BLOCK_CHUNK_BLOCKS;
}

void block_heap_expect(struct gc_mutator *mutator, struct block_heap *heap, uint64_t bytes)
{
    heap->expected_bytes = bytes < mutator->clock.heap_limit ? bytes : mutator->clock.heap_limit;
    heap->trim_at = SMALL_HEAP;
    block_heap_trim(mutator, heap);
}

/* ---- partial blocks ---- */

static void partial_push(struct block_heap *heap, struct heap_block *block)
{
    struct heap_block *first = heap->partial[block->class];
    block->previous = NULL;
    block->next = first;
    if (first)
        first->previous = block;
    heap->partial[block->class] = block;
    block->listed = true;
}

static void partial_remove(struct block_heap *heap, struct heap_block *block)
{
    if (block->next)
        block->next->previous = block->previous;
    if (block->previous)
        block->previous->next = block->next;
    else
        heap->partial[block->class] = block->next;
}

static struct heap_block *partial_pop(struct block_heap *heap, uint32_t size_class)
{
    struct heap_block *block = heap->partial[size_class];
    if (block)
        partial_remove(heap, block);
    return block;
}

static void block_begin(struct heap_block *block, uint32_t size_class)
{
    uint32_t region_bytes = block_class_bytes(size_class);
    uint32_t regions = (BLOCK_BYTES - BLOCK_HEADER_BYTES) / region_bytes;
    char *first = (char *)block + BLOCK_HEADER_BYTES;
    *block = (struct heap_block){.fresh = first,
                                 .end = first + (uint64_t)regions * region_bytes,
                                 .region_bytes = region_bytes,
                                 .class = (uint16_t)size_class,
                                 .header_offset = size_class < BLOCK_SIZES ? 0 : sizeof(uint64_t),
                                 .chunk = block->chunk,
                                 .present = true};
}

/* Turns unused regions into free ones, FRESH_BYTES at a time. So memory is touched only as it is needed. */
static void block_extend(struct heap_block *block)
{
    struct gc_object *next = NULL;
    uint64_t batch = FRESH_BYTES / block->region_bytes;
    uint64_t left = (uint64_t)(block->end - block->fresh) / block->region_bytes;
    char *region = block->fresh + (batch < left ? batch : left) * block->region_bytes;
    char *first = block->fresh;
    block->fresh = region;
    while (region > first) {
        region -= block->region_bytes;
        struct gc_object *header = (struct gc_object *)(region + block->header_offset);
        block_free_link(header, next, 0);
        next = header;
    }
    block->free = next;
}

/* Sweeps a block as a slice of the last collection. */
static void sweep_for_room(struct gc_mutator *mutator, struct heap_block *block)
{
    gc_reason(mutator, GC_REASON_ROOM);
    struct gc_pause pause = gc_pause_begin(mutator, GC_PAUSE_SLICE);
    gc_phase(mutator, GC_PHASE_SWEEP);
    block_sweep(block);
    gc_pause_end(mutator, &pause, 0);
    gc_reason(mutator, GC_REASON_ASKED);
}

/* Gives the class a current block that is not full; NULL without memory. */
static struct heap_block *current_renew(struct gc_mutator *mutator, struct block_heap *heap,
                                        uint32_t size_class)
{
    struct heap_block *full = heap->current[size_class];
    struct heap_block *block = partial_pop(heap, size_class);
    if (!block) {
        block = empty_pop(mutator, heap);
        if (!block)
            return NULL;
        if (!block->present && full != &no_block) /* the first block of a class may stay nearly empty */
            pages_fault_in(block, BLOCK_BYTES);
        block_begin(block, size_class);
    }
    if (block->unswept)
        sweep_for_room(mutator, block);
    if (full != &no_block) {
        full->used--;
        full->listed = false;
    }
    block->used++;
    block->listed = true;
    heap->current[size_class] = block;
    return block;
}

static struct gc_object *refill_once(struct gc_mutator *mutator, struct block_heap *heap, uint32_t size_class)
{
    struct heap_block *block = heap->current[size_class];
    if (!block->free && block->fresh == block->end)
        block = current_renew(mutator, heap, size_class);
    if (!block)
        return NULL;
    if (!block->free)
        block_extend(block);
    struct gc_object *object = block->free;
    block->free = block_free_next(object);
    block->used++;
    return object;
}

struct gc_object *block_heap_refill(struct gc_mutator *mutator, struct block_heap *heap, uint32_t size_class)
{
    struct gc_object *object = refill_once(mutator, heap, size_class);
    if (object)
        return object;
    gc_collect_for(mutator, GC_REASON_MEMORY);
    object = refill_once(mutator, heap, size_class);
    if (!object)
        mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
    return object;
}

/* ---- large objects ---- */

/* A large object in a region of `bytes`, all 0. NULL without memory. */
static struct gc_object *large_once(struct gc_mutator *mutator, struct block_heap *heap, uint64_t bytes)
{
    bool cleared = bytes >= GC_CALLOC_BYTES;
    struct block_chunk *chunk = cleared ? calloc(1, LARGE_PREFIX + bytes) : malloc(LARGE_PREFIX + bytes);
    if (!chunk)
        return NULL;
    if (!cleared)
        memset(chunk, 0, LARGE_PREFIX + bytes);
    chunk_link(mutator, heap, chunk, chunk + 1);
    huge_pages_ask(chunk->memory, BLOCK_HEADER_BYTES + bytes);
    chunk->blocks = 1;
    chunk->begun = 1;
    chunk->filled = 1;
    struct heap_block *block = block_chunk_block(chunk, 0);
    char *region = (char *)block + BLOCK_HEADER_BYTES;
    /* As much of the region as a walk reads. */
    uint32_t region_bytes = sizeof(uint64_t) + sizeof(struct gc_object);
    *block = (struct heap_block){.fresh = region + region_bytes,
                                 .end = region + region_bytes,
                                 .region_bytes = region_bytes,
                                 .used = 1,
                                 .class = BLOCK_CLASSES,
                                 .listed = true,
                                 .header_offset = sizeof(uint64_t),
                                 .chunk = chunk};
    return (struct gc_object *)(region + sizeof(uint64_t));
}

struct gc_object *block_heap_large(struct gc_mutator *mutator, struct block_heap *heap,
                                   const struct gc_shape *shape, uint64_t length)
{
    uint64_t bytes = sizeof(uint64_t) + gc_shape_body_bytes(shape, length);
    struct gc_object *object = large_once(mutator, heap, bytes);
    if (!object) {
        gc_collect_for(mutator, GC_REASON_MEMORY);
        trim_to(mutator, heap, 0);
        object = large_once(mutator, heap, bytes);
    }
    if (!object)
        mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
    mutator->clock.allocated_bytes += gc_shape_bytes(shape, length);
    mutator->clock.allocated_objects++;
    *gc_object_length(object) = gc_shape_has_length(shape) ? length : 0;
    object->bits = gc_shape_bits(shape) | GC_BIT_LENGTH | BLOCK_LARGE;
    object->count = 1;
    return object;
}

/* ---- the slow paths of a free ---- */

void block_heap_release_large(struct gc_mutator *mutator, struct block_heap *heap, struct gc_object *object)
{
    chunk_close(mutator, heap, block_of_large(object)->chunk);
}

void block_heap_relist(struct gc_mutator *mutator, struct block_heap *heap, struct heap_block *block)
{
    if (block_is_large(block)) {
        chunk_close(mutator, heap, block->chunk);
        return;
    }
    if (!block->listed)
        partial_push(heap, block);
    if (block->used > 0)
        return;
    partial_remove(heap, block);
    empty_push(heap, block);
    heap->empty_count++;
    block_heap_trim(mutator, heap);
}

/* ---- freezing ---- */

void block_heap_forget_room(struct block_heap *heap)
{
    while (heap->unused)
        unused_begin(heap);
    for (uint32_t size_class = 0; size_class < BLOCK_CLASSES; size_class++) {
        struct heap_block *block = heap->current[size_class];
        heap->current[size_class] = &no_block;
        heap->partial[size_class] = NULL;
        if (block != &no_block && --block->used == 0)
            empty_push(heap, block);
    }
    for (struct block_chunk *chunk = heap->chunks; chunk; chunk = chunk->next)
        chunk->closing = !chunk_is_empty(chunk);
    empty_filter(heap);
    for (struct block_chunk *chunk = heap->chunks; chunk; chunk = chunk->next)
        chunk->closing = false;
    heap->empty_count = 0;
    for (const struct heap_block *block = heap->empty; block; block = block->next)
        heap->empty_count++;
}

void block_heap_give_room(struct block_heap *heap, struct heap_block *block)
{
    block->listed = false;
    if (!block->fresh || block->used == 0) {
        empty_push(heap, block);
        heap->empty_count++;
    } else if (block->free || block->fresh < block->end) {
        partial_push(heap, block);
    }
}
