/* SPDX-License-Identifier: MIT */
/*
 * A heap of blocks, each with regions of one size. The layout is drawn in heap/block-layout.h.
 *
 * The heap serves collectors that want small headers and have to find every object. An object needs no link
 * to another one. Its address says which block it is in, and a walk over the blocks meets every object.
 *
 * The states of a heap block:
 *
 *      unused     behind the first chunk->begun ones   nothing is known of it, and its pages are not touched
 *      empty      in the list heap->empty              holds no object and has no size class
 *      current    heap->current[class]                 gives its free regions to allocation
 *      partial    in the list heap->partial[class]     has free regions, or is unswept
 *      full       in no list                           has an object in every region
 *
 * and how a block passes from one to the next:
 *
 *      unused -> empty                 when no other block is empty, and block_heap_freeze()
 *      empty or partial -> current     block_heap_refill(), when the current block of the class is full
 *      current -> full                 likewise: the current block before it
 *      full -> partial                 block_heap_relist(), when an object of the block is freed
 *      full or partial -> empty        block_heap_relist(), when its last object is freed; never if pinned
 *
 * An allocation takes the first region of the current block's free list. A free puts the region in front of
 * its block's free list. Neither touches a bitmap.
 *
 * Bitmaps were tried under rc-block. Bits in the block's header beside the free lists took longer, and bits
 * in place of the lists took longer still. Memory that counting frees is in the cache, and a list hands it
 * out again first. Bits hand out memory by address, and are one more cache line. When a trace frees, it is
 * the other way round: the mark bits say which regions of a block hold objects.
 *
 * A collector that traces opens the heap with mark bits (heap/block-marks.h), or with mark bits and tallies
 * (heap/block-tallies.h).
 *
 * After mimalloc's pages (Leijen, Zorn and de Moura, APLAS 2019): a free list for each block, and a current
 * block for each size.
 */
#ifndef COLLECTORS_SUPPORT_HEAP_BLOCK_HEAP_H
#define COLLECTORS_SUPPORT_HEAP_BLOCK_HEAP_H

#include "collectors/boundaries.h"
#include "collectors/mutator.h"
#include "collectors/support/heap/block-layout.h"
#include "collectors/support/heap/chunk-table.h"
#include "collectors/support/heap/release-hook.h"

extern const struct gc_boundary block_heap_boundaries[];

struct block_heap {
    /* By size class. A class without a current block has a full one that no chunk contains, and not NULL. */
    struct heap_block *current[BLOCK_CLASSES];
    struct heap_block *partial[BLOCK_CLASSES];
    struct heap_block *empty;
    struct block_chunk
        *unused;          /* the chunk with unused blocks, or NULL: no chunk is opened while there is one */
    uint64_t empty_count; /* heap blocks that are empty or unused */
    uint64_t block_count; /* heap blocks of all chunks, without those of large objects and of frozen chunks */
    struct block_chunk *chunks; /* every chunk, the youngest first */
    uint64_t trim_at;           /* empty blocks at which block_heap_trim() looks for chunks to give back */
    uint64_t expected_bytes;    /* as block_heap_expect() said; 0: it was not called */
    enum block_side side;       /* the side metadata of each chunk */
    struct chunk_table side_chunks; /* the chunks that have side metadata */
    bool holding;                   /* no chunk is given back, except that of a large object */
    struct block_chunk *walk_next;  /* of a walk: the chunk after the one it is in */
    char *walk_memory;              /* of a walk: the memory of the chunk it is in */
    uint64_t walk_filled;           /* of a walk: the places in it that are still to come */
    struct block_chunk frozen; /* in front of the list of chunks that are set aside: heap/block-freeze.h */
    uint64_t frozen_count;     /* heap blocks of those chunks, without those of large objects */
};

/* Puts a chunk in front of the heap's list, and takes one off the list that it is on: that of the heap, or of what is set
 * aside. O(1). */
static inline void block_heap_link_chunk(struct block_heap *heap, struct block_chunk *chunk)
{
    chunk->previous = NULL;
    chunk->next = heap->chunks;
    if (chunk->next)
        chunk->next->previous = chunk;
    heap->chunks = chunk;
}

static inline void block_heap_unlink_chunk(struct block_heap *heap, struct block_chunk *chunk)
{
    if (chunk->next)
        chunk->next->previous = chunk->previous;
    if (chunk->previous)
        chunk->previous->next = chunk->next;
    else
        heap->chunks = chunk->next;
}

/* An empty heap, whose chunks will have the side metadata `side`. */
void block_heap_open(struct block_heap *heap, enum block_side side);

/* Gives every chunk back, with the objects in it. */
void block_heap_close(struct gc_mutator *mutator, struct block_heap *heap);

/*
 * The slow path of an allocation: the current block of a class has no free region. Without memory it collects
 * fully and tries again, and then ends the workload. Returns the place of the object's header.
 */
__attribute__((noinline)) struct gc_object *block_heap_refill(struct gc_mutator *mutator,
                                                              struct block_heap *heap, uint32_t size_class);

/*
 * Makes an object larger than BLOCK_REGION_MAX, after the events of the allocation clock: the rest of
 * block_allocate_in(). Without memory it does as block_heap_refill(). O(bytes).
 */
__attribute__((noinline)) struct gc_object *block_heap_large(struct gc_mutator *mutator,
                                                             struct block_heap *heap,
                                                             const struct gc_shape *shape, uint64_t length);

/* Links the free list of an unswept block anew, by address: a region without a mark is free. O(regions). */
void block_sweep(struct heap_block *block);

/* The slow path of a free: the block was full before, or is empty now. Puts it where it belongs. */
__attribute__((noinline)) void block_heap_relist(struct gc_mutator *mutator, struct block_heap *heap,
                                                 struct heap_block *block);

/* Takes the room of all chunks that hold an object from allocation: no block is current or partial, and the list of empty
 * blocks has those of the other chunks alone. For block_heap_freeze(). O(blocks). */
void block_heap_forget_room(struct block_heap *heap);

/* Puts a swept block that is on no list where it belongs: among the empty, the partial or the full ones. O(1). */
void block_heap_give_room(struct block_heap *heap, struct heap_block *block);

/*
 * Traps unless the lists, the counts and the regions of every block agree. Traps unless the heap holds as
 * many objects as the mutator. Traps at an object with one of `clear_bits`. Between operations. O(heap).
 */
void block_heap_check(struct gc_mutator *mutator, struct block_heap *heap, uint32_t clear_bits);

/*
 * Gives chunks of empty blocks back when there are more of these than the heap will want. It keeps as many
 * as are in use, and 8 MiB of blocks in all at least.
 *
 * So a heap whose garbage comes in waves fills the same memory each time. To have a page faulted in and
 * cleared by the system takes as long as to fill it with objects; on some virtual machines it takes many
 * times as long.
 */
void block_heap_trim(struct gc_mutator *mutator, struct block_heap *heap);

/*
 * Says that the collector waits until the heap holds `bytes`, at the end of a collection. From now on the
 * heap keeps empty blocks for them, and gives the others back. O(chunks and empty blocks).
 */
void block_heap_expect(struct gc_mutator *mutator, struct block_heap *heap, uint64_t bytes);

/*
 * Whether allocation takes from the block. The block then counts one more in `used`, and never becomes
 * empty.
 */
static inline bool block_is_current(const struct block_heap *heap, const struct heap_block *block)
{
    return block->class < BLOCK_CLASSES && heap->current[block->class] == block;
}

/*
 * Clears `bytes` after an object's header. A size that is not constant is hidden from the compiler. Where it
 * knows that the size is small, it clears by `rep stos`, which takes longer to start than the call of memset.
 */
static inline void block_clear(struct gc_object *object, uint64_t bytes)
{
    if (!__builtin_constant_p(bytes))
        __asm__("" : "+r"(bytes));
    memset(object + 1, 0, bytes);
}

/*
 * Makes an object, as gc_object_allocate() does: charges the allocation clock, clears references and
 * payload, and sets a count of 1. Three loads and three stores beside the clearing.
 *
 * `region_bits` are the bits of GC_BIT_KEPT_A and GC_BIT_KEPT_B that belong to regions. The object has
 * those that its region had; a region that is used for the first time has none.
 */
static inline struct gc_object *block_allocate_in(struct gc_mutator *mutator, struct block_heap *heap,
                                                  const struct gc_shape *shape, uint64_t length,
                                                  uint32_t region_bits)
{
    bool has_length = gc_shape_has_front(shape);
    if (has_length && GC_UNLIKELY(length > GC_LENGTH_MAX))
        mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
    uint64_t bytes = gc_shape_bytes(shape, length);
    if (GC_UNLIKELY(mutator->clock.allocated_bytes + bytes > mutator->clock.event_at))
        gc_allocation_event(mutator, bytes);
    if (GC_UNLIKELY(bytes > BLOCK_REGION_MAX))
        return block_heap_large(mutator, heap, shape, length);

    uint32_t size_class = block_class(bytes, has_length);
    struct heap_block *block = heap->current[size_class];
    struct gc_object *object = block->free;
    if (GC_LIKELY(object != NULL)) {
        block->free = block_free_next(object);
        block->used++;
    } else {
        object = block_heap_refill(mutator, heap, size_class);
    }
    mutator->clock.allocated_bytes += bytes;
    mutator->clock.allocated_objects++;

    if (has_length)
        *gc_object_length(object) = length;
    block_clear(object, gc_shape_body_bytes(shape, length) - sizeof *object);
    object->bits = gc_shape_bits(shape) | (region_bits ? object->bits & region_bits : 0);
    object->count = 1;
    return object;
}

static inline struct gc_object *block_allocate(struct gc_mutator *mutator, struct block_heap *heap,
                                               const struct gc_shape *shape, uint64_t length)
{
    return block_allocate_in(mutator, heap, shape, length, 0);
}

/* Gives a large object back the bit that its header has lost on a zero list: it was dead, and lives on. */
static inline void block_revive(struct gc_mutator *mutator, struct gc_object *object)
{
    if (block_object_is_large(object, gc_object_bytes(mutator->shapes, object)))
        object->bits |= BLOCK_LARGE;
}

/* What a cascade calls of an object that lives on (count/cascade-template.h). */
#define CASCADE_REVIVE block_revive

/* Gives the memory of a large object back. */
__attribute__((noinline)) void block_heap_release_large(struct gc_mutator *mutator, struct block_heap *heap,
                                                        struct gc_object *object);

/*
 * Gives the region of an object of `bytes` back. The region keeps those of `region_bits` that the object has.
 * Two loads and two stores. The last object of a block may take the block's regions with it, and their bits;
 * a pinned block stays.
 */
static inline void block_release_in(struct gc_mutator *mutator, struct block_heap *heap,
                                    struct gc_object *object, uint64_t bytes, uint32_t region_bits)
{
    gc_object_released(object);
    if (block_object_is_large(object, bytes)) {
        block_heap_release_large(mutator, heap, object);
        return;
    }
    struct heap_block *block = block_of(object);
    block_free_link(object, block->free, object->bits & region_bits);
    block->free = object;
    if (GC_UNLIKELY(--block->used == 0 || !block->listed))
        block_heap_relist(mutator, heap, block);
}

static inline void block_release(struct gc_mutator *mutator, struct block_heap *heap,
                                 struct gc_object *object, uint64_t bytes)
{
    block_release_in(mutator, heap, object, bytes, 0);
}

/* Until block_heap_let_go(), the memory of small objects stays readable, free or not. Does not nest. */
static inline void block_heap_hold(struct block_heap *heap)
{
    heap->holding = true;
}

/* Ends block_heap_hold(), and gives back chunks that have become empty since. */
static inline void block_heap_let_go(struct gc_mutator *mutator, struct block_heap *heap)
{
    heap->holding = false;
    block_heap_trim(mutator, heap);
}

/*
 * Pins: a table that refers to objects may outlive them. A pinned block keeps its memory and the size of
 * its regions, whatever dies in it. So an entry refers to a free region or to the next object in the
 * region. Each table has one of the bits that may belong to a region (heap/region-table.h).
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

/*
 * Takes a table's pin off a block. While other entries of the table may refer to the block, the caller
 * holds the heap.
 */
static inline void block_unpin(struct gc_mutator *mutator, struct block_heap *heap, struct heap_block *block,
                               uint32_t region_bits)
{
    if (!block_is_pinned(block, region_bits))
        return;
    block->pins = (uint8_t)(block->pins & ~(region_bits >> BLOCK_PIN_SHIFT));
    if (!block->pins && --block->used == 0)
        block_heap_relist(mutator, heap, block);
}

/* ---- walks ---- */

/*
 * The next block that is not empty. Only those are looked at, and those that have become empty on the way. NULL ends
 * the walk, and gives back chunks that have become empty.
 */
static inline struct heap_block *block_heap_walk_next(struct gc_mutator *mutator, struct block_heap *heap)
{
    for (;;) {
        while (heap->walk_filled) {
            uint64_t place = (uint64_t)__builtin_ctzll(heap->walk_filled);
            struct heap_block *block = (struct heap_block *)(heap->walk_memory + place * BLOCK_BYTES);
            heap->walk_filled &= heap->walk_filled - 1;
            if (block->fresh)
                return block;
        }
        struct block_chunk *chunk = heap->walk_next;
        if (!chunk)
            break;
        heap->walk_next = chunk->next;
        heap->walk_memory = chunk->memory;
        heap->walk_filled = chunk->filled;
    }
    block_heap_let_go(mutator, heap);
    return NULL;
}

static inline struct heap_block *block_heap_walk_first(struct gc_mutator *mutator, struct block_heap *heap)
{
    block_heap_hold(heap);
    heap->walk_next = heap->chunks;
    heap->walk_filled = 0;
    return block_heap_walk_next(mutator, heap);
}

/*
 * `block` is each block that is not empty, chunk by chunk, and by address in each. The body makes no
 * objects. It may free objects of `block` by block_sweep_free(), followed by block_sweep_end(), and objects
 * of other blocks in any way. Only one walk goes on at a time, and it goes to its end.
 */
#define BLOCK_HEAP_EACH(mutator, heap, block)                                                                \
    for (struct heap_block *block = block_heap_walk_first(mutator, heap); block;                             \
         block = block_heap_walk_next(mutator, heap))

/* Calls `visit` for each block that is not empty, as in BLOCK_HEAP_EACH. */
static inline __attribute__((always_inline)) void
block_heap_walk(struct gc_mutator *mutator, struct block_heap *heap,
                void (*visit)(struct gc_mutator *, struct heap_block *))
{
    BLOCK_HEAP_EACH(mutator, heap, block)
        visit(mutator, block);
}

/* Frees an object inside a walk. The header says that its region is free; block_sweep_end() links it. */
static inline void block_sweep_free(struct heap_block *block, struct gc_object *object)
{
    gc_object_released(object);
    block_free_link(object, NULL, 0);
    block->used--;
}

/*
 * Ends the frees of a walk in `block`: links its free list anew, by address, and puts the block where it
 * belongs. O(regions).
 */
void block_sweep_end(struct gc_mutator *mutator, struct block_heap *heap, struct heap_block *block);

#endif
