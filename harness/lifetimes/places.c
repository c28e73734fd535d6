/* SPDX-License-Identifier: MIT */
#include "harness/lifetimes/places.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>

enum { FIRST_CAPACITY = 1 << 12 };

/* Fibonacci hashing: it puts neighbours in memory far apart in the table. */
static uint64_t home_of(const struct places *places, uintptr_t address)
{
    return (address >> 3) * 0x9e3779b97f4a7c15u >> (64 - __builtin_ctzll(places->capacity));
}

static uint64_t next_of(const struct places *places, uint64_t place)
{
    return (place + 1) & (places->capacity - 1);
}

/* Returns the place of the address, or the free place where it would go. */
static uint64_t find(const struct places *places, uintptr_t address)
{
    uint64_t place = home_of(places, address);
    while (places->entries[place].address && places->entries[place].address != address)
        place = next_of(places, place);
    return place;
}

static int grow(struct places *places)
{
    struct places old = *places;
    uint64_t capacity = old.capacity ? old.capacity * 2 : FIRST_CAPACITY;
    void *entries = mmap(NULL, capacity * sizeof *old.entries, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (entries == MAP_FAILED)
        return -1;
    places->entries = entries;
    places->capacity = capacity;
    for (uint64_t i = 0; i < old.capacity; i++) {
        if (old.entries[i].address)
            places->entries[find(places, old.entries[i].address)] = old.entries[i];
    }
    places_close(&old);
    return 0;
}

int places_put(struct places *places, uintptr_t address, uint32_t number)
{
    if (places->count * 2 >= places->capacity && grow(places) < 0)
        return -1;
    struct places_entry *entry = &places->entries[find(places, address)];
    places->count += !entry->address;
    *entry = (struct places_entry){address, number};
    return 0;
}

/* Closes the gap at `gap`: entries that a probe would no longer find move up (Knuth, 6.4, algorithm R). */
static void close_gap(struct places *places, uint64_t gap)
{
    for (uint64_t place = next_of(places, gap); places->entries[place].address;
         place = next_of(places, place)) {
        uint64_t home = home_of(places, places->entries[place].address);
        bool reachable = gap <= place ? gap < home && home <= place : gap < home || home <= place;
        if (reachable)
            continue;
        places->entries[gap] = places->entries[place];
        gap = place;
    }
    places->entries[gap] = (struct places_entry){0};
}

uint32_t places_take(struct places *places, uintptr_t address)
{
    if (!places->capacity || !address)
        return 0;
    uint64_t place = find(places, address);
    uint32_t number = places->entries[place].number;
    if (!places->entries[place].address)
        return 0;
    close_gap(places, place);
    places->count--;
    return number;
}

void places_close(struct places *places)
{
    if (places->capacity)
        munmap(places->entries, places->capacity * sizeof *places->entries);
    *places = (struct places){0};
}
