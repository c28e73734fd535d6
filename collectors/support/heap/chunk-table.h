/* SPDX-License-Identifier: MIT */
/*
 * A set of chunks, as a hash table: has the chunk around an address side metadata?
 *
 * A chunk with side metadata is aligned to BLOCK_CHUNK_BYTES, so an object's address says where its mark bit
 * would be. A large object has no such chunk around it. The table tells the two apart with one load in most
 * cases, and without a look at the object.
 *
 * An entry is a chunk's number: its address divided by BLOCK_CHUNK_BYTES. The number is its own hash, and
 * collisions are resolved by linear probing. The table is a quarter full at most.
 */
#ifndef COLLECTORS_SUPPORT_HEAP_CHUNK_TABLE_H
#define COLLECTORS_SUPPORT_HEAP_CHUNK_TABLE_H

#include "collectors/boundaries.h"
#include "collectors/mutator.h"
#include "collectors/support/heap/block-layout.h"

extern const struct gc_boundary chunk_table_boundaries[];

struct chunk_table {
    uint64_t *chunk_numbers; /* `capacity` entries; 0: the entry is free */
    uint64_t capacity;       /* a power of two */
    uint64_t count;          /* chunks in the table */
};

/* An empty table. It has no memory of its own before the first chunk. */
void chunk_table_open(struct chunk_table *table);

/* Gives the table's memory back; the table is empty and may be used again. */
void chunk_table_close(struct gc_mutator *mutator, struct chunk_table *table);

/* Makes room for one more chunk; false when there is no memory for it. Comes before chunk_table_add(). */
bool chunk_table_make_room(struct gc_mutator *mutator, struct chunk_table *table);

/* Adds a chunk that is not in the table. O(1) on average. */
void chunk_table_add(struct chunk_table *table, const struct block_chunk *chunk);

/* Removes a chunk that is in the table. O(1) on average. */
void chunk_table_remove(struct chunk_table *table, const struct block_chunk *chunk);

/* Whether the chunk around `address` is in the table. O(1) on average. */
static inline bool chunk_table_has(const struct chunk_table *table, const void *address)
{
    uint64_t number = (uintptr_t)address / BLOCK_CHUNK_BYTES;
    uint64_t place = number;
    for (;;) {
        uint64_t found = table->chunk_numbers[place++ & (table->capacity - 1)];
        if (GC_LIKELY(found == number))
            return true;
        if (found == 0)
            return false;
    }
}

#endif
