/* SPDX-License-Identifier: MIT */
/*
 * How the memory of a block heap is laid out.
 *
 *      chunk        2 MiB, aligned to 2 MiB, from one aligned allocation: side metadata, then heap blocks
 *      heap block   32 KiB, aligned to 32 KiB: a header, then regions of one size and one kind
 *      region       the memory of one object, aligned to 8 bytes
 *
 * A chunk is divided into 64 places of 32 KiB. The collector chooses the side metadata when it opens the
 * heap:
 *
 *      place     BLOCK_SIDE_NONE     BLOCK_SIDE_MARKS     BLOCK_SIDE_TALLIES
 *      0         heap block 0        mark bits            mark bits
 *      1         heap block 1        heap block 0         tallies
 *      2 .. 4    heap blocks         heap blocks          tallies
 *      5         heap block 5        heap block 4         heap block 0
 *      6 .. 63   heap blocks         heap blocks          heap blocks
 *
 *      mark bit     one for each 8 bytes of the chunk: an object may begin there (heap/block-marks.h)
 *      tally        one byte for each 16 bytes of the chunk: the smallest region (heap/block-tallies.h)
 *
 * So an object's address alone leads to its heap block, its mark bit and its tally.
 *
 * A heap block:
 *
 *      offset         content
 *      0              struct heap_block, one cache line
 *      64             region 0, then region 1 and so on
 *      fresh          regions that have never been used; nothing may read them
 *      end            a remainder that is smaller than a region
 *
 * A region comes in two kinds. The shape of its object decides which, for all but large objects:
 *
 *      header_offset 0     header (8 bytes) | references | payload | unused
 *      header_offset 8     length (8 bytes) | header (8 bytes) | references | payload | unused
 *
 * The header of a region says whether the region is free:
 *
 *      bits        region with an object (collectors/object.h)      free region
 *      0 .. 15     shape                                            BLOCK_FREE_SHAPE
 *      16, 17      length word, acyclic                             0
 *      18, 19      the region's own, see heap/region-table.h        the region's own
 *      20 .. 31    the collector's; bit 30: a large object          next free region of the block:
 *      32 .. 63    reference count                                  its address / 8, or 0
 *
 * A large object has more than BLOCK_REGION_MAX bytes. It has an allocation of its own, without alignment and
 * without side metadata, so that malloc keeps its memory and uses it again:
 *
 *      struct block_chunk | struct heap_block | length (8 bytes) | header (8 bytes) | references | payload
 *
 * Its header says so, in bit 30. Bits 20 to 31 are gone when an object waits on a zero list. So every large
 * object has the length word and the bit for it too; the word is 0 when the shape fixes the size. An object
 * without a length word is not large, whatever its shape.
 */
#ifndef COLLECTORS_SUPPORT_HEAP_BLOCK_LAYOUT_H
#define COLLECTORS_SUPPORT_HEAP_BLOCK_LAYOUT_H

#include <string.h>

#include "collectors/object.h"

enum {
    BLOCK_BYTES = 1 << 15,
    BLOCK_CHUNK_BLOCKS = 64, /* places in a chunk, those of its side metadata included */
    BLOCK_CHUNK_BYTES = BLOCK_CHUNK_BLOCKS * BLOCK_BYTES,
    BLOCK_HEADER_BYTES = 64,
    BLOCK_FREE_SHAPE = 0xffff, /* a workload has fewer shapes than this */
    BLOCK_LINK_SHIFT = 20,     /* of the link in a free region's header */
    BLOCK_PIN_SHIFT = 18,      /* of GC_BIT_KEPT_A, to bit 0 of `pins` */
    BLOCK_LARGE = 1 << 30,     /* in the header of a large object */
};

/* ---- size classes ---- */

enum {
    BLOCK_REGION_MIN = 16,   /* bytes */
    BLOCK_REGION_MAX = 4096, /* bytes */
    BLOCK_EXACT_MAX = 512,   /* bytes: up to here there is a size for each multiple of 8 */
    BLOCK_EXACT_SIZES = BLOCK_EXACT_MAX / 8 + 1,
    BLOCK_STEPS = 8, /* sizes in each doubling above BLOCK_EXACT_MAX */
    BLOCK_SIZES = BLOCK_EXACT_SIZES + 3 * BLOCK_STEPS,
    BLOCK_CLASSES = 2 * BLOCK_SIZES, /* each size without a length word, then each size with one */
};

/* The size class for an object of `bytes`, at most BLOCK_REGION_MAX. Folds for a constant. */
static inline uint32_t block_class(uint64_t bytes, bool has_length)
{
    uint32_t size;
    if (bytes <= BLOCK_REGION_MIN) {
        size = BLOCK_REGION_MIN / 8;
    } else if (bytes <= BLOCK_EXACT_MAX) {
        size = (uint32_t)(bytes + 7) / 8;
    } else {
        uint32_t doublings = 63 - (uint32_t)__builtin_clzll(bytes - 1) - 9; /* 513..1024: 0 */
        size = BLOCK_EXACT_SIZES + doublings * BLOCK_STEPS + ((uint32_t)(bytes - 1) >> (doublings + 6)) -
               BLOCK_STEPS;
    }
    return size + (has_length ? BLOCK_SIZES : 0);
}

/* The bytes of a region of the class. */
static inline uint32_t block_class_bytes(uint32_t class)
{
    uint32_t size = class < BLOCK_SIZES ? class : class - BLOCK_SIZES;
    if (size < BLOCK_EXACT_SIZES)
        return size * 8;
    uint32_t step = size - BLOCK_EXACT_SIZES;
    return (BLOCK_STEPS + step % BLOCK_STEPS + 1) << (step / BLOCK_STEPS + 6);
}

/* ---- heap blocks ---- */

struct block_chunk;

struct heap_block {
    struct gc_object *free; /* the block's free list: regions that have held objects before, or NULL */
    char *fresh;            /* the first region that has never been used; NULL: the block is empty */
    char *end;              /* one past the last region */
    union {
        /* In the list of its class's partial blocks, or of empty blocks. */
        struct heap_block *next;
        /* Of a large object, whose block is in no list: the collector's, 0 at first. */
        uint64_t collector_word;
    };
    struct heap_block *previous; /* in the list of its class's partial blocks */
    struct block_chunk *chunk;
    uint32_t region_bytes;
    /* Regions with objects, plus 1 while the block is its class's current block, and 1 while it is pinned. */
    uint32_t used;
    uint16_t class;        /* BLOCK_CLASSES: one large object */
    uint8_t header_offset; /* of the object's header in its region: 0 or 8 bytes */
    bool listed;           /* true of a partial, a current and a large block, false of a full one */
    uint8_t pins;          /* a bit for each table that pins the block: block_pin() */
    bool unswept; /* a region holds an object if its mark bit is set, and is garbage or free if not */
    bool present; /* objects have used its pages, or these are a part of a huge one */
};
static_assert(sizeof(struct heap_block) <= BLOCK_HEADER_BYTES, "a block's header is a cache line");

/* Whether the block holds one large object. */
static inline bool block_is_large(const struct heap_block *block)
{
    return block->class == BLOCK_CLASSES;
}

/* The heap block that holds `object`, which is not large. */
static inline struct heap_block *block_of(const struct gc_object *object)
{
    return (struct heap_block *)((uintptr_t)object & ~(uintptr_t)(BLOCK_BYTES - 1));
}

/* The heap block of a large object. */
static inline struct heap_block *block_of_large(const struct gc_object *object)
{
    return (struct heap_block *)((char *)object - sizeof(uint64_t) - BLOCK_HEADER_BYTES);
}

/* ---- free regions ---- */

static inline bool block_region_is_free(const struct gc_object *header)
{
    return (header->bits & GC_BITS_SHAPE) == BLOCK_FREE_SHAPE;
}

/* The free region after `region` in its block's free list, or NULL. */
static inline struct gc_object *block_free_next(const struct gc_object *region)
{
    uint64_t header;
    memcpy(&header, region, sizeof header);
    return (struct gc_object *)(uintptr_t)(header >> BLOCK_LINK_SHIFT << 3);
}

/* Whether an object is large that is on no zero list. */
static inline bool block_holds_large(const struct gc_object *object)
{
    return GC_UNLIKELY(object->bits & BLOCK_LARGE);
}

/* Whether an object of `bytes` is large, which may be on a zero list. */
static inline bool block_object_is_large(const struct gc_object *object, uint64_t bytes)
{
    return GC_UNLIKELY(object->bits & GC_BIT_LENGTH) && GC_UNLIKELY(bytes > BLOCK_REGION_MAX);
}

/* Makes `region` a free region in front of `next`, with the region's own `bits`. */
static inline void block_free_link(struct gc_object *region, struct gc_object *next, uint32_t bits)
{
    uint64_t header = (uint64_t)(uintptr_t)next >> 3 << BLOCK_LINK_SHIFT | bits | BLOCK_FREE_SHAPE;
    memcpy(region, &header, sizeof header);
}

/* `object` is each object of a swept block in turn, by address. The body may overwrite the object. */
#define BLOCK_EACH_OBJECT(block, object)                                                                     \
    for (char *block_at = (char *)(block) + BLOCK_HEADER_BYTES + (block)->header_offset;                     \
         block_at < (block)->fresh; block_at += (block)->region_bytes)                                       \
        if (object = (struct gc_object *)block_at, !block_region_is_free(object))

/* ---- chunks and their side metadata ---- */

/* The side metadata of a heap's chunks, by the places that they take at the front of each chunk. */
enum block_side { BLOCK_SIDE_NONE = 0, BLOCK_SIDE_MARKS = 1, BLOCK_SIDE_TALLIES = 5 };

enum {
    BLOCK_MARK_WORD_SPAN = 8 * 64, /* bytes of a chunk whose mark bits are in one word */
    BLOCK_MARK_WORDS = BLOCK_BYTES / BLOCK_MARK_WORD_SPAN, /* of a heap block */
    BLOCK_MARK_BYTES = BLOCK_MARK_WORDS * 8,
    BLOCK_CHUNK_MARK_BYTES = BLOCK_CHUNK_BLOCKS * BLOCK_MARK_BYTES, /* all mark bits of a chunk */
    BLOCK_TALLIES = BLOCK_BYTES / BLOCK_REGION_MIN,                 /* of a heap block, a byte each */
    BLOCK_CHUNK_TALLIES = BLOCK_CHUNK_BLOCKS * BLOCK_TALLIES,       /* of a chunk */
};
static_assert(BLOCK_CHUNK_MARK_BYTES <= BLOCK_SIDE_MARKS * BLOCK_BYTES, "the mark bits have room in front");
static_assert(BLOCK_CHUNK_MARK_BYTES + BLOCK_CHUNK_TALLIES <= BLOCK_SIDE_TALLIES * BLOCK_BYTES,
              "the tallies have room behind the mark bits");

struct block_chunk {
    struct block_chunk *next; /* in the heap's list of chunks */
    struct block_chunk *previous;
    char *memory;        /* aligned to BLOCK_CHUNK_BYTES; of a large object, right behind this struct */
    uint64_t mark;       /* of a large object: not 0 when it is marked */
    uint64_t filled;     /* a bit for each place whose block is neither empty nor unused */
    uint64_t marked;     /* a bit for each place whose mark bits are perhaps not all clear */
    uint32_t blocks;     /* heap blocks in the chunk; 1: a large object, whatever its size */
    uint32_t begun;      /* those that were ever in a list: the pages of the others are not touched */
    uint8_t tally;       /* of a large object */
    uint8_t side_places; /* places that the side metadata takes: see block_side_clear() */
    bool huge;           /* it was asked for in huge pages */
    bool closing;        /* the chunk is about to be given back */
    bool frozen;         /* it is set aside: heap/block-freeze.h */
};
static_assert(BLOCK_CHUNK_BLOCKS <= 64, "a word has a bit for each place of a chunk");

static inline bool block_chunk_is_large(const struct block_chunk *chunk)
{
    return chunk->blocks == 1;
}

static inline struct heap_block *block_chunk_block(const struct block_chunk *chunk, uint32_t index)
{
    return (struct heap_block *)(chunk->memory + (uint64_t)(chunk->side_places + index) * BLOCK_BYTES);
}

/* The bit of a block's place in the `filled` of its chunk, which has many blocks. */
static inline uint64_t block_place_bit(const struct heap_block *block)
{
    return (uint64_t)1 << (uintptr_t)block % BLOCK_CHUNK_BYTES / BLOCK_BYTES;
}

/* The side metadata of the chunk around `address`, which is in no large object: first the mark bits. */
static inline uint64_t *block_side_around(const void *address)
{
    return (uint64_t *)((uintptr_t)address & ~(uintptr_t)(BLOCK_CHUNK_BYTES - 1));
}

/*
 * Clears `bytes` of side metadata for each of `places`, which are bits as in `filled`: neighbours together. `side` is where
 * those of place 0 are, which is never among them. What belongs to a block is undefined until it is cleared, and what belongs
 * to blocks that were never filled is not touched. O(places).
 */
static inline void block_side_clear(char *side, uint64_t places, uint64_t bytes)
{
    while (places) {
        uint64_t first = (uint64_t)__builtin_ctzll(places);
        uint64_t run = (uint64_t)__builtin_ctzll(~(places >> first));
        memset(side + first * bytes, 0, run * bytes);
        places &= places + (UINT64_C(1) << first);
    }
}

/* The bit of an object's mark in its word of marks. */
static inline uint64_t block_mark_bit(const struct gc_object *object)
{
    return (uint64_t)1 << (uintptr_t)object / 8 % 64;
}

/* The mark bits of a heap block: BLOCK_MARK_WORDS words, or one word for a large object. */
static inline const uint64_t *block_marks(const struct heap_block *block)
{
    if (block_is_large(block))
        return &block->chunk->mark;
    return block_side_around(block) + (uintptr_t)block % BLOCK_CHUNK_BYTES / BLOCK_MARK_WORD_SPAN;
}

/* Whether the object with this `header` is marked. `marks` are the mark bits of its block. */
static inline bool block_is_marked(const uint64_t *marks, const struct heap_block *block,
                                   const struct gc_object *header)
{
    uint64_t word = block_is_large(block) ? 0 : (uintptr_t)header % BLOCK_BYTES / BLOCK_MARK_WORD_SPAN;
    return marks[word] & block_mark_bit(header);
}

/* Returns the tallies of the chunk around `address`, which is in no large object. */
static inline uint8_t *block_tallies_around(const void *address)
{
    return (uint8_t *)block_side_around(address) + BLOCK_CHUNK_MARK_BYTES;
}

/* Returns the tallies of a heap block: one for each BLOCK_REGION_MIN bytes, or one for a large object. */
static inline const uint8_t *block_tallies(const struct heap_block *block)
{
    if (block_is_large(block))
        return &block->chunk->tally;
    return block_tallies_around(block) + (uintptr_t)block % BLOCK_CHUNK_BYTES / BLOCK_REGION_MIN;
}

#endif
