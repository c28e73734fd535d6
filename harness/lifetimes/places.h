/* SPDX-License-Identifier: MIT */
/* The places of objects: a hash table from addresses to numbers, by linear probing. It lies in mapped memory
 * that is not the allocator's. */
#ifndef HARNESS_LIFETIMES_PLACES_H
#define HARNESS_LIFETIMES_PLACES_H

#include <stdint.h>

struct places_entry {
    uintptr_t address; /* 0: the entry is free */
    uint32_t number;
};

struct places {
    struct places_entry *entries;
    uint64_t capacity; /* a power of two, more than twice the number of entries in use */
    uint64_t count;
};

/* Puts an object at a free address, or at that of an object that went unnoticed. Returns 0, or -1 without
 * memory. */
int places_put(struct places *places, uintptr_t address, uint32_t number);

/* Takes the object at an address out of the table. Returns its number, or 0 when there is none. */
uint32_t places_take(struct places *places, uintptr_t address);

void places_close(struct places *places);

#endif
