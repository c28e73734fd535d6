/* SPDX-License-Identifier: MIT */
/*
 * A stack of edges in chunks: the queue of a tracing kernel, which can come to hold an edge for each
 * reference of the heap. A chunk is an array of fixed size with a link to the one below it. So the stack
 * grows without moving what it holds and takes no more than one chunk too much, and what a large heap made it
 * take is given back by and by; an array that doubles does neither. After HotSpot's Stack
 * (utilities/stack.hpp), which keeps emptied segments too.
 *
 * Its memory is mapped, not taken from malloc, so it grows while the allocator is out of memory or busy, and
 * what it holds counts as the collector's metadata. Whoever makes the stack owns that memory until
 * chunk_stack_clear(). One that is all zero is empty and has none.
 *
 * Invariant: all chunks below the top one are full. The top one may be empty above a full one, for a chunk is
 * left only when an entry of the one below is wanted. One that was left is kept until chunk_stack_trim(): a
 * stack that rises and falls in a collection, or at a boundary, maps nothing twice.
 */
#ifndef COLLECTORS_SUPPORT_TRACE_CHUNK_STACK_H
#define COLLECTORS_SUPPORT_TRACE_CHUNK_STACK_H

#include "collectors/mutator.h"

enum {
    CHUNK_STACK_BYTES = 1 << 16, /* of a chunk */
    CHUNK_STACK_ENTRIES = CHUNK_STACK_BYTES / 8 - 1,
    CHUNK_STACK_KEPT = 16,         /* chunks that are never given back: 1 MiB */
    CHUNK_STACK_TEST_ENTRIES = 48, /* that are used of a chunk, for tests whose heaps are small */
};

struct chunk_stack_chunk {
    struct chunk_stack_chunk *below; /* or NULL */
    struct gc_object *entries[CHUNK_STACK_ENTRIES];
};
static_assert(sizeof(struct chunk_stack_chunk) == CHUNK_STACK_BYTES, "a chunk is whole pages");

struct chunk_stack {
    struct gc_object **next;          /* where the next entry goes */
    struct gc_object **begin;         /* of the top chunk's entries */
    struct gc_object **end;           /* and one past the last place for one */
    uint64_t full_chunks;             /* chunks below the top one */
    uint64_t chunk_entries;           /* for entries, in each chunk */
    struct chunk_stack_chunk *top;    /* or NULL: no memory yet */
    struct chunk_stack_chunk *spares; /* chunks that were left, by the same link */
    uint64_t spare_count;             /* how many */
    uint64_t most_chunks;             /* chunks in use at once since the last trim */
};

/* The slow path of a push: puts an empty chunk on top. Ends the run with GC_EXHAUSTED_METADATA when the
 * system has no memory. O(1). */
__attribute__((cold, noinline)) void chunk_stack_rise(struct gc_mutator *mutator, struct chunk_stack *stack);

/* The slow path of a pop: leaves the top chunk, which is empty, for the full one below it; false when there
 * is none. O(1). */
__attribute__((cold, noinline)) bool chunk_stack_sink(struct chunk_stack *stack);

/* Gives back chunks that were not needed since it was called last, but for a mebibyte: at the end of a
 * collection. What one needed the next will need too, and to have a chunk mapped and zeroed costs as much as
 * to fill it. O(chunks). */
void chunk_stack_trim(struct gc_mutator *mutator, struct chunk_stack *stack);

/* Gives all memory back; the stack is empty and may be used again. O(chunks). */
void chunk_stack_clear(struct gc_mutator *mutator, struct chunk_stack *stack);

/* O(1), as are those below. */
static inline bool chunk_stack_is_empty(const struct chunk_stack *stack)
{
    return stack->next == stack->begin && stack->full_chunks == 0;
}

/* Chunks. */
static inline uint64_t chunk_stack_used(const struct chunk_stack *stack)
{
    return stack->full_chunks + (stack->top != NULL);
}

/* Entries. */
static inline uint64_t chunk_stack_count(const struct chunk_stack *stack)
{
    return stack->full_chunks * stack->chunk_entries + (uint64_t)(stack->next - stack->begin);
}

/* Amortised O(1), as is chunk_stack_pop(). Ends the run when the system has no memory. */
static inline void chunk_stack_push(struct gc_mutator *mutator, struct chunk_stack *stack,
                                    struct gc_object *object)
{
    if (GC_UNLIKELY(stack->next == stack->end))
        chunk_stack_rise(mutator, stack);
    *stack->next++ = object;
}

/* The object pushed last, or NULL. */
static inline struct gc_object *chunk_stack_pop(struct chunk_stack *stack)
{
    if (GC_UNLIKELY(stack->next == stack->begin) && !chunk_stack_sink(stack))
        return NULL;
    return *--stack->next;
}

#endif
