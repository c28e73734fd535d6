/* SPDX-License-Identifier: MIT */
/*
 * A heap of blocks: aligned, each for regions of one size, taken from malloc in chunks. For collectors that
 * want small headers and want to find every object: an object needs no link, its block is a mask away, and
 * all objects are enumerated in the order of addresses.
 *
 *      chunk   2 MiB from one aligned allocation: what the heap has beside its blocks, then blocks
 *      block   32 KiB, aligned to its size: a header, then regions of one size and one kind
 *      region    an object's memory, 8-aligned. Kinds: with a length word in front of the header, and without
 *
 * A free region's header has the shape BLOCK_FREE_SHAPE and, above bit 20, the next free region of its block,
 * just as the zero list links the dead: so an allocation and a free touch no bitmap beside the region. Bits 18
 * and 19 may be the region's own, and outlive its objects. An object too large for a region has a block of its
 * own, as large as it needs to be.
 *
 * Bitmaps were tried for that, under rc-block: bits in the block's header that are set and cleared beside the
 * lists took longer, and bits in place of the lists longer still. What counting frees is in the cache, and a
 * list hands it out again first; bits hand out by address, and are a line more. Where a trace frees, it is
 * the other way round, and the bitmap of its marks says which regions of a block hold objects.
 *
 * A heap for a collector that traces has marks on the side, and tallies of references if it wants them:
 * support/heap/block-marks.h and support/heap/block-tallies.h.
 *
 * After mimalloc's pages (Leijen, Zorn and de Moura, APLAS 2019): free lists per block, and a current block
 * per size.
 */
#ifndef COLLECTORS_SUPPORT_HEAP_BLOCK_HEAP_H
#define COLLECTORS_SUPPORT_HEAP_BLOCK_HEAP_H

#include "collectors/mutator.h"
#include "collectors/support/heap/block-layout.h"
#include "collectors/support/heap/chunk-table.h"

struct block_heap {
    struct heap_block
        *current[BLOCK_CLASSES]; /* where the next object of the class goes: never NULL, but perhaps full */
    struct heap_block *partial[BLOCK_CLASSES]; /* other blocks of the class that have free regions */
    struct heap_block *empty;                  /* blocks of no class */
    uint64_t empty_count;
    uint64_t block_count;       /* of chunks of many: empty ones, and those of a class */
    struct block_chunk *chunks; /* all of them, the youngest first */
    uint64_t trim_at;           /* empty blocks that call for giving chunks back */
    uint64_t expected_bytes;    /* see block_heap_expect(); 0: nobody said */
    enum block_side side;
    struct chunk_table side_chunks; /* the chunks that have side metadata */
    bool holding;                   /* chunks of small objects stay where they are */
    struct block_chunk *walk_next;
    char *walk_at; /* the next block of the chunk at hand */
    uint32_t walk_left;
};

/* An empty heap. */
void block_heap_open(struct block_heap *heap, enum block_side side);

/* Gives every chunk back, whatever is in it. */
void block_heap_close(struct gc_mutator *mutator, struct block_heap *heap);

/*
 * Slow paths: a class whose current block has no free region, and objects above BLOCK_REGION_MAX. Without memory
 * they collect and try again, and end the run. Return the header's place.
 */
__attribute__((noinline)) struct gc_object *block_heap_refill(struct gc_mutator *mutator,
                                                              struct block_heap *heap, uint32_t class);
__attribute__((noinline)) struct gc_object *
block_heap_large(struct gc_mutator *mutator, struct block_heap *heap, uint64_t bytes, uint32_t header_offset);

/*
 * Makes each region of an unswept block that has no mark a free region. The free list is linked by address.
 * O(regions).
 */
void block_sweep(struct heap_block *block);

/* Slow path of a free: the block was full before it, or is empty now. */
__attribute__((noinline)) void block_heap_relist(struct gc_mutator *mutator, struct block_heap *heap,
                                                 struct heap_block *block);

/*
 * Traps unless every block's lists, counts and regions agree, there are as many objects as are held, and none
 * has one of `clear_bits`. Between operations. O(heap).
 */
void block_heap_check(struct gc_mutator *mutator, struct block_heap *heap, uint32_t clear_bits);

/*
 * Gives chunks of empty blocks back, if there are more than will be wanted: as many as are in use are kept,
 * or 8 MiB with what is in use. A heap whose garbage leaves in waves so fills the same memory each time; to
 * have a page faulted in and cleared by the system takes as long as to fill it with objects, and on some
 * virtual machines many times as long.
 */
void block_heap_trim(struct gc_mutator *mutator, struct block_heap *heap);

/* At the end of a collection, for a collector that waits until the heap holds `bytes`: room for them is what
 * is kept instead, and the rest is given back. O(chunks and empty blocks). */
void block_heap_expect(struct gc_mutator *mutator, struct block_heap *heap, uint64_t bytes);

/* Whether allocation takes from it, which pins it. */
static inline bool block_is_current(const struct block_heap *heap, const struct heap_block *block)
{
    return block->class < BLOCK_CLASSES && heap->current[block->class] == block;
}

/*
 * Makes an object, as gc_object_allocate() does: the clock charged, references and payload cleared, a count
 * of one. Three loads and three stores beside the clearing. `region_bits`, of GC_BIT_KEPT_A and _B, belong to
 * the region: the object has those that the one before it had, and the first one none.
 */
static inline struct gc_object *block_allocate_in(struct gc_mutator *mutator, struct block_heap *heap,
                                                  const struct gc_shape *shape, uint64_t length,
                                                  uint32_t region_bits)
{
    bool has_length = gc_shape_has_length(shape);
    if (has_length && GC_UNLIKELY(length > GC_LENGTH_MAX))
        mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
    uint64_t bytes = gc_shape_bytes(shape, length);
    if (GC_UNLIKELY(mutator->clock.allocated_bytes + bytes > mutator->clock.event_at))
        gc_allocation_event(mutator, bytes);

    struct gc_object *object;
    if (bytes <= BLOCK_REGION_MAX) {
        uint32_t class = block_class(bytes, has_length);
        struct heap_block *block = heap->current[class];
        object = block->free;
        if (GC_LIKELY(object != NULL)) {
            block->free = block_free_next(object);
            block->used++;
        } else {
            object = block_heap_refill(mutator, heap, class);
        }
    } else {
        object = block_heap_large(mutator, heap, bytes, has_length ? sizeof(uint64_t) : 0);
    }
    mutator->clock.allocated_bytes += bytes;
    mutator->clock.allocated_objects++;

    if (has_length)
        *gc_object_length(object) = length;
    memset(object + 1, 0, gc_shape_body_bytes(shape, length) - sizeof *object);
    object->bits = gc_shape_bits(shape) | (region_bits ? object->bits & region_bits : 0);
    object->count = 1;
    return object;
}

static inline struct gc_object *block_allocate(struct gc_mutator *mutator, struct block_heap *heap,
                                               const struct gc_shape *shape, uint64_t length)
{
    return block_allocate_in(mutator, heap, shape, length, 0);
}

/* Gives a region back, which keeps what the object has of `region_bits`. Two loads, two stores. A block may be
 * made anew when its last object goes, and its regions have none of them then; unless it is pinned. */
static inline void block_release_in(struct gc_mutator *mutator, struct block_heap *heap,
                                    struct gc_object *object, uint32_t region_bits)
{
    struct heap_block *block = block_of(object);
    block_free_link(object, block->free, object->bits & region_bits);
    block->free = object;
    if (GC_UNLIKELY(--block->used == 0 || !block->listed))
        block_heap_relist(mutator, heap, block);
}

static inline void block_release(struct gc_mutator *mutator, struct block_heap *heap,
                                 struct gc_object *object)
{
    block_release_in(mutator, heap, object, 0);
}

/* Until block_heap_let_go(), memory of small objects stays readable, free or not. Not nested. */
static inline void block_heap_hold(struct block_heap *heap)
{
    heap->holding = true;
}

/* Gives back what was emptied meanwhile. */
static inline void block_heap_let_go(struct gc_mutator *mutator, struct block_heap *heap)
{
    heap->holding = false;
    block_heap_trim(mutator, heap);
}

/*
 * A pinned block keeps its memory and its size of regions, whatever dies in it: for a table that refers to
 * objects and may outlive them. What it refers to then is a free region, or the object that took the place.
 * Each of the bits that may be a region's own stands for one such table.
 */
static inline bool block_is_pinned(const struct heap_block *block, uint32_t region_bits)
{
    return block->pins & region_bits >> BLOCK_PIN_SHIFT;
}

static inline void block_pin(struct heap_block *block, uint32_t region_bits)
{
    block->used += !block->pins;
    block->pins |= (uint8_t)(region_bits >> BLOCK_PIN_SHIFT);
}

/* Where several entries of a table may refer to a block, the heap is held until all have been looked at. */
static inline void block_unpin(struct gc_mutator *mutator, struct block_heap *heap, struct heap_block *block,
                               uint32_t region_bits)
{
    if (!block_is_pinned(block, region_bits))
        return;
    block->pins &= (uint8_t) ~(region_bits >> BLOCK_PIN_SHIFT);
    if (!block->pins && --block->used == 0)
        block_heap_relist(mutator, heap, block);
}

/* ---- enumeration ---- */

/* The next block that holds regions; NULL ends the walk, and gives back what was emptied on it. */
static inline struct heap_block *block_heap_walk_next(struct gc_mutator *mutator, struct block_heap *heap)
{
    for (;;) {
        while (heap->walk_left > 0) {
            struct heap_block *block = (struct heap_block *)heap->walk_at;
            heap->walk_at += BLOCK_BYTES;
            heap->walk_left--;
            if (block->fresh)
                return block;
        }
        struct block_chunk *chunk = heap->walk_next;
        if (!chunk)
            break;
        heap->walk_next = chunk->next;
        heap->walk_at = (char *)block_chunk_block(chunk, 0);
        heap->walk_left = chunk->blocks;
    }
    block_heap_let_go(mutator, heap);
    return NULL;
}

static inline struct heap_block *block_heap_walk_first(struct gc_mutator *mutator, struct block_heap *heap)
{
    block_heap_hold(heap);
    heap->walk_next = heap->chunks;
    heap->walk_left = 0;
    return block_heap_walk_next(mutator, heap);
}

/*
 * `block` is every block that holds regions, chunk by chunk and in each by address. The body may free objects
 * of this block through block_sweep_end(), and of others as always, and makes none. One walk at a time, to
 * its end.
 */
#define BLOCK_HEAP_EACH(mutator, heap, block)                                                                \
    for (struct heap_block *block = block_heap_walk_first(mutator, heap); block;                             \
         block = block_heap_walk_next(mutator, heap))

/* Calls `visit` for each block. */
static inline __attribute__((always_inline)) void
block_heap_walk(struct gc_mutator *mutator, struct block_heap *heap,
                void (*visit)(struct gc_mutator *, struct heap_block *))
{
    BLOCK_HEAP_EACH(mutator, heap, block)
        visit(mutator, block);
}

/* Takes an object's region out of use inside a walk: its header says so, and block_sweep_end() does the rest.
 */
static inline void block_sweep_free(struct heap_block *block, struct gc_object *object)
{
    block_free_link(object, NULL, 0);
    block->used--;
}

/* After objects of `block` were freed inside a walk: links its free regions anew, by address, and gives it its
 * place. */
void block_sweep_end(struct gc_mutator *mutator, struct block_heap *heap, struct heap_block *block);

#endif
