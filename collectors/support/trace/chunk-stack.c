/* SPDX-License-Identifier: MIT */
#include "collectors/support/trace/chunk-stack.h"

#include <sys/mman.h>

/*
 * Maps a chunk. A chunk above others will most likely be filled, so its pages come in the same call and not
 * by a fault for each.
 */
static struct chunk_stack_chunk *chunk_map(struct gc_mutator *mutator, bool above)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | (above ? MAP_POPULATE : 0);
    void *memory = mmap(NULL, CHUNK_STACK_BYTES, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED)
        mutator->exhausted(mutator, GC_EXHAUSTED_METADATA);
    gc_metadata_grow(mutator, CHUNK_STACK_BYTES);
    return memory;
}

static void chunk_unmap(struct gc_mutator *mutator, struct chunk_stack_chunk *chunk)
{
    munmap(chunk, CHUNK_STACK_BYTES);
    gc_metadata_grow(mutator, -(int64_t)CHUNK_STACK_BYTES);
}

/* Takes the first chunk off a list. */
static struct chunk_stack_chunk *chunk_unlink(struct chunk_stack_chunk **list)
{
    struct chunk_stack_chunk *chunk = *list;
    *list = chunk->below;
    return chunk;
}

static void chunk_link(struct chunk_stack_chunk **list, struct chunk_stack_chunk *chunk)
{
    chunk->below = *list;
    *list = chunk;
}

static void limits_set(struct chunk_stack *stack)
{
    stack->begin = stack->top->entries;
    stack->end = stack->top->entries + stack->chunk_entries;
}

void chunk_stack_rise(struct gc_mutator *mutator, struct chunk_stack *stack)
{
    bool above = stack->top != NULL;
    struct chunk_stack_chunk *chunk;
    if (!above)
        stack->chunk_entries = mutator->test.returns_memory ? CHUNK_STACK_TEST_ENTRIES : CHUNK_STACK_ENTRIES;
    if (stack->spare_count > 0) {
        chunk = chunk_unlink(&stack->spares);
        stack->spare_count--;
    } else {
        chunk = chunk_map(mutator, above);
    }
    chunk_link(&stack->top, chunk);
    limits_set(stack);
    stack->next = stack->begin;
    stack->full_chunks += above;
    if (stack->most_chunks < chunk_stack_used(stack))
        stack->most_chunks = chunk_stack_used(stack);
}

bool chunk_stack_sink(struct chunk_stack *stack)
{
    if (stack->full_chunks == 0)
        return false;
    chunk_link(&stack->spares, chunk_unlink(&stack->top));
    stack->spare_count++;
    limits_set(stack);
    stack->next = stack->end;
    stack->full_chunks--;
    return true;
}

void chunk_stack_trim(struct gc_mutator *mutator, struct chunk_stack *stack)
{
    uint64_t used = chunk_stack_used(stack);
    uint64_t kept = stack->most_chunks > CHUNK_STACK_KEPT ? stack->most_chunks : CHUNK_STACK_KEPT;
    for (; used + stack->spare_count > kept && stack->spare_count > 0; stack->spare_count--)
        chunk_unmap(mutator, chunk_unlink(&stack->spares));
    stack->most_chunks = used;
}

void chunk_stack_clear(struct gc_mutator *mutator, struct chunk_stack *stack)
{
    while (stack->top)
        chunk_unmap(mutator, chunk_unlink(&stack->top));
    while (stack->spares)
        chunk_unmap(mutator, chunk_unlink(&stack->spares));
    *stack = (struct chunk_stack){0};
}
