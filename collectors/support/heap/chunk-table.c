/* SPDX-License-Identifier: MIT */
#include "collectors/support/heap/chunk-table.h"

#include <stdlib.h>

#include "collectors/boundaries.h"

enum { FIRST_CAPACITY = 16, EMPTINESS = 4 }; /* entries; entries for each chunk, at least */

const struct gc_boundary chunk_table_boundaries[] = {
    GC_BOUNDARY(FILL, FIRST_CAPACITY / EMPTINESS * BLOCK_CHUNK_BYTES),
    GC_BOUNDARY_END,
};

static uint64_t no_number; /* the one entry of an empty table. Read only */

void chunk_table_open(struct chunk_table *table)
{
    *table = (struct chunk_table){.chunk_numbers = &no_number, .capacity = 1};
}

void chunk_table_close(struct gc_mutator *mutator, struct chunk_table *table)
{
    if (table->chunk_numbers == &no_number)
        return;
    gc_metadata_grow(mutator, -(int64_t)(table->capacity * sizeof *table->chunk_numbers));
    free(table->chunk_numbers);
    chunk_table_open(table);
}

/* The entry of `number`, or the free one where it would be. */
static uint64_t *entry_of(const struct chunk_table *table, uint64_t number)
{
    uint64_t mask = table->capacity - 1;
    uint64_t place = number;
    while (table->chunk_numbers[place & mask] != 0 && table->chunk_numbers[place & mask] != number)
        place++;
    return &table->chunk_numbers[place & mask];
}

static uint64_t chunk_number(const struct block_chunk *chunk)
{
    return (uintptr_t)chunk->memory / BLOCK_CHUNK_BYTES;
}

bool chunk_table_make_room(struct gc_mutator *mutator, struct chunk_table *table)
{
    if ((table->count + 1) * EMPTINESS <= table->capacity)
        return true;
    struct chunk_table old = *table;
    uint64_t capacity = old.capacity < FIRST_CAPACITY ? FIRST_CAPACITY : old.capacity * 2;
    uint64_t *chunk_numbers = calloc(capacity, sizeof *chunk_numbers);
    if (!chunk_numbers)
        return false;
    table->chunk_numbers = chunk_numbers;
    table->capacity = capacity;
    for (uint64_t i = 0; i < old.capacity; i++) {
        if (old.chunk_numbers[i] != 0)
            *entry_of(table, old.chunk_numbers[i]) = old.chunk_numbers[i];
    }
    chunk_table_close(mutator, &old);
    gc_metadata_grow(mutator, (int64_t)(capacity * sizeof *chunk_numbers));
    return true;
}

void chunk_table_add(struct chunk_table *table, const struct block_chunk *chunk)
{
    *entry_of(table, chunk_number(chunk)) = chunk_number(chunk);
    table->count++;
}

void chunk_table_remove(struct chunk_table *table, const struct block_chunk *chunk)
{
    uint64_t mask = table->capacity - 1;
    uint64_t *freed = entry_of(table, chunk_number(chunk));
    *freed = 0;
    table->count--;
    /* An entry between the freed one and the next free one may stand there because this one was taken. */
    for (uint64_t place = (uint64_t)(freed - table->chunk_numbers) + 1;
         table->chunk_numbers[place & mask] != 0; place++) {
        uint64_t number = table->chunk_numbers[place & mask];
        table->chunk_numbers[place & mask] = 0;
        *entry_of(table, number) = number;
    }
}
