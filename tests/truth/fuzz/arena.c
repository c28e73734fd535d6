/* SPDX-License-Identifier: MIT */
#include "tests/truth/fuzz/arena.h"

#undef malloc
#undef calloc
#undef realloc
#undef free
#undef posix_memalign

#include <string.h>

/* In front of the memory given out. */
struct heap_block {
    struct heap_block *next;
    struct heap_block *previous;
    void *whole; /* what malloc gave */
    void *padding;
};

static struct heap_block blocks = {&blocks, &blocks, NULL, NULL};

static void *link_in(struct heap_block *block, void *whole)
{
    if (!block)
        return NULL;
    block->whole = whole;
    block->next = blocks.next;
    block->previous = &blocks;
    blocks.next->previous = block;
    blocks.next = block;
    return block + 1;
}

static struct heap_block *unlink_from(void *memory)
{
    struct heap_block *block = (struct heap_block *)memory - 1;
    block->previous->next = block->next;
    block->next->previous = block->previous;
    return block;
}

void *arena_malloc(size_t bytes)
{
    struct heap_block *block = malloc(sizeof *block + bytes);
    return link_in(block, block);
}

void *arena_calloc(size_t count, size_t bytes)
{
    size_t all;
    if (__builtin_mul_overflow(count, bytes, &all))
        return NULL;
    struct heap_block *block = calloc(1, sizeof *block + all);
    return link_in(block, block);
}

/* Only of what was not aligned, as the standard has it. */
void *arena_realloc(void *memory, size_t bytes)
{
    if (!memory)
        return arena_malloc(bytes);
    struct heap_block *block = unlink_from(memory);
    struct heap_block *moved = realloc(block, sizeof *block + bytes);
    struct heap_block *kept = moved ? moved : block;
    void *again = link_in(kept, kept);
    return moved ? again : NULL;
}

int arena_posix_memalign(void **ret_memory, size_t alignment, size_t bytes)
{
    size_t front = alignment > sizeof(struct heap_block) ? alignment : sizeof(struct heap_block);
    void *whole;
    int reason = posix_memalign(&whole, front, front + bytes);
    if (reason == 0)
        *ret_memory = link_in((struct heap_block *)((char *)whole + front) - 1, whole);
    return reason;
}

void arena_free(void *memory)
{
    if (memory)
        free(unlink_from(memory)->whole);
}

size_t arena_clear(void)
{
    size_t count = 0;
    for (; blocks.next != &blocks; count++)
        arena_free(blocks.next + 1);
    return count;
}
