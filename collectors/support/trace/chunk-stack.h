/* SPDX-License-Identifier: MIT */
/*
 * A stack of edges in chunks: the queue of a tracing kernel. It may come to hold an edge for each reference
 * in the heap.
 *
 *      top     ->  chunk, partly full  ->  chunk, full  ->  chunk, full  ->  ...   linked by `below`
 *      spares  ->  chunk  ->  chunk  ->  ...     left, and kept for the next rise
 *
 * A chunk is an array of fixed size with a link to the chunk below. So the stack grows without moving its
 * entries, and has at most one chunk too many. The memory that a large heap made it take is given back
 * little by little. An array that doubles does none of this.
 *
 * The memory is mapped and not taken from malloc. So the stack grows while the allocator is out of memory
 * or busy. The memory counts as the collector's metadata. The owner of the stack gives it back by
 * chunk_stack_clear(). A stack that is all zero is empty and has no memory.
 *
 * Invariant: every chunk below the top one is full. The top chunk may be empty above a full one: the stack
 * leaves it only when a pop wants an entry of the chunk below. A chunk that was left is a spare until
 * chunk_stack_trim(). So a stack that rises and falls in a collection, or at the edge of a chunk, maps no
 * chunk twice.
 *
 * After HotSpot's Stack (utilities/stack.hpp), which keeps emptied segments too.
 */
#ifndef COLLECTORS_SUPPORT_TRACE_CHUNK_STACK_H
#define COLLECTORS_SUPPORT_TRACE_CHUNK_STACK_H

#include "collectors/boundaries.h"
#include "collectors/mutator.h"

enum {
    CHUNK_STACK_BYTES = 1 << 16, /* of a chunk, its link included */
    CHUNK_STACK_ENTRIES = CHUNK_STACK_BYTES / 8 - 1,
    CHUNK_STACK_KEPT = 16,         /* chunks that chunk_stack_trim() keeps in any case: 1 MiB */
    CHUNK_STACK_TEST_ENTRIES = 48, /* entries of a chunk in tests, whose heaps are small */
};

struct chunk_stack_chunk {
    struct chunk_stack_chunk *below; /* the next chunk down, or NULL */
    struct gc_object *entries[CHUNK_STACK_ENTRIES];
};
static_assert(sizeof(struct chunk_stack_chunk) == CHUNK_STACK_BYTES, "a chunk is whole pages");

static const struct gc_boundary chunk_stack_boundaries[] = {
    GC_BOUNDARY(OBJECTS, CHUNK_STACK_TEST_ENTRIES),
    GC_BOUNDARY(ROOTS, CHUNK_STACK_TEST_ENTRIES),
    GC_BOUNDARY(REFERENCES, CHUNK_STACK_TEST_ENTRIES),
    GC_BOUNDARY(OBJECTS, CHUNK_STACK_ENTRIES),
    GC_BOUNDARY(ROOTS, CHUNK_STACK_ENTRIES),
    GC_BOUNDARY(OBJECTS, (CHUNK_STACK_KEPT * CHUNK_STACK_ENTRIES)),
    GC_BOUNDARY_END,
};

struct chunk_stack {
    struct gc_object **next;          /* the place of the next entry */
    struct gc_object **begin;         /* the first place in the top chunk */
    struct gc_object **end;           /* one past the last place in the top chunk */
    uint64_t full_chunks;             /* chunks below the top one */
    uint64_t chunk_entries;           /* places in each chunk */
    struct chunk_stack_chunk *top;    /* NULL: the stack has no memory yet */
    struct chunk_stack_chunk *spares; /* chunks that the stack has left, linked by `below` */
    uint64_t spare_count;             /* chunks in `spares` */
    uint64_t most_chunks;             /* the most chunks in use at once since the last trim */
};

/*
 * The slow path of a push: puts an empty chunk on top. Ends the workload with GC_EXHAUSTED_METADATA when the
 * system has no memory. O(1).
 */
__attribute__((cold, noinline)) void chunk_stack_rise(struct gc_mutator *mutator, struct chunk_stack *stack);

/*
 * The slow path of a pop: leaves the empty top chunk for the full chunk below it. False when there is none.
 * O(1).
 */
__attribute__((cold, noinline)) bool chunk_stack_sink(struct chunk_stack *stack);

/*
 * Gives back spares that were not needed since the last call, and keeps CHUNK_STACK_KEPT chunks in any
 * case. At the end of a collection: the next one needs about as many. To map and clear a chunk costs as
 * much as to fill it. O(chunks).
 */
void chunk_stack_trim(struct gc_mutator *mutator, struct chunk_stack *stack);

/* Gives all memory back. The stack is empty and may be used again. O(chunks). */
void chunk_stack_clear(struct gc_mutator *mutator, struct chunk_stack *stack);

/* Whether the stack is empty. O(1). */
static inline bool chunk_stack_is_empty(const struct chunk_stack *stack)
{
    return stack->next == stack->begin && stack->full_chunks == 0;
}

/* The number of chunks in use. O(1). */
static inline uint64_t chunk_stack_used(const struct chunk_stack *stack)
{
    return stack->full_chunks + (stack->top != NULL);
}

/* The number of entries. O(1). */
static inline uint64_t chunk_stack_count(const struct chunk_stack *stack)
{
    return stack->full_chunks * stack->chunk_entries + (uint64_t)(stack->next - stack->begin);
}

/* Pushes `object`. Ends the workload when the system has no memory. Amortised O(1). */
static inline void chunk_stack_push(struct gc_mutator *mutator, struct chunk_stack *stack,
                                    struct gc_object *object)
{
    if (GC_UNLIKELY(stack->next == stack->end))
        chunk_stack_rise(mutator, stack);
    *stack->next++ = object;
}

/* Takes the object pushed last off the stack, or returns NULL. Amortised O(1). */
static inline struct gc_object *chunk_stack_pop(struct chunk_stack *stack)
{
    if (GC_UNLIKELY(stack->next == stack->begin) && !chunk_stack_sink(stack))
        return NULL;
    return *--stack->next;
}

#endif
