/* SPDX-License-Identifier: MIT */
/*
 * The plain memory in which a floor has its structure. It asks for huge pages, as the engineered collectors
 * do for their heaps, because a floor is the least that the machine needs. Without them, a mark loop waits
 * for the translation of its addresses, and it waits longer in one process than in another.
 */
#ifndef TESTS_MEASURING_LIMITS_FLOOR_MEMORY_H
#define TESTS_MEASURING_LIMITS_FLOOR_MEMORY_H

#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

/* Zeroed, and faulted in. The caller's, to be given to free(). Ends the program when there is none. */
static inline void *floor_memory(uint64_t bytes)
{
    uint64_t whole = (bytes + HUGE_PAGE_BYTES - 1) / HUGE_PAGE_BYTES * HUGE_PAGE_BYTES;
    void *memory = aligned_alloc(HUGE_PAGE_BYTES, whole);
    if (!memory)
        exit(1);
    huge_pages_ask(memory, whole);
    memset(memory, 0, whole);
    return memory;
}

#endif
