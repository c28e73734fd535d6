/* SPDX-License-Identifier: MIT */
#include "tests/truth/fuzz/arena.h"

#undef malloc
#undef calloc
#undef realloc
#undef free
#undef posix_memalign

#include <string.h>

/* In front of the memory given out. */
struct piece {
    struct piece *next;
    struct piece *previous;
    void *whole; /* what malloc gave */
    void *padding;
};

static struct piece pieces = {&pieces, &pieces, NULL, NULL};

static void *link_in(struct piece *piece, void *whole)
{
    if (!piece)
        return NULL;
    piece->whole = whole;
    piece->next = pieces.next;
    piece->previous = &pieces;
    pieces.next->previous = piece;
    pieces.next = piece;
    return piece + 1;
}

static struct piece *unlink_from(void *memory)
{
    struct piece *piece = (struct piece *)memory - 1;
    piece->previous->next = piece->next;
    piece->next->previous = piece->previous;
    return piece;
}

void *arena_malloc(size_t bytes)
{
    struct piece *piece = malloc(sizeof *piece + bytes);
    return link_in(piece, piece);
}

void *arena_calloc(size_t count, size_t bytes)
{
    size_t all;
    if (__builtin_mul_overflow(count, bytes, &all))
        return NULL;
    struct piece *piece = calloc(1, sizeof *piece + all);
    return link_in(piece, piece);
}

/* Only of what was not aligned, as the standard has it. */
void *arena_realloc(void *memory, size_t bytes)
{
    if (!memory)
        return arena_malloc(bytes);
    struct piece *piece = unlink_from(memory);
    struct piece *moved = realloc(piece, sizeof *piece + bytes);
    struct piece *kept = moved ? moved : piece;
    void *again = link_in(kept, kept);
    return moved ? again : NULL;
}

int arena_posix_memalign(void **ret_memory, size_t alignment, size_t bytes)
{
    size_t front = alignment > sizeof(struct piece) ? alignment : sizeof(struct piece);
    void *whole;
    int reason = posix_memalign(&whole, front, front + bytes);
    if (reason == 0)
        *ret_memory = link_in((struct piece *)((char *)whole + front) - 1, whole);
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
    for (; pieces.next != &pieces; count++)
        arena_free(pieces.next + 1);
    return count;
}
