/* SPDX-License-Identifier: MIT */
/*
 * Which object is where: a hash table from addresses to numbers, by linear probing, in mapped memory that is
 * not the allocator's.
 */
#ifndef HARNESS_LIFETIMES_PLACES_H
#define HARNESS_LIFETIMES_PLACES_H

#include <stdint.h>

struct places_entry {
    uintptr_t address; /* 0: free */
    uint32_t number;
};

struct places {
    struct places_entry *entries;
    uint64_t capacity; /* a power of two, more than twice what is in it */
    uint64_t count;
};

/* Puts an object where there is none, or where one was that has gone unnoticed. Returns 0, or -1 without
 * memory. */
int places_put(struct places *places, uintptr_t address, uint32_t number);

/* Takes the object at an address out of the table: its number, or 0 when there is none. */
uint32_t places_take(struct places *places, uintptr_t address);

void places_close(struct places *places);

#endif
