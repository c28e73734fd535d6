/* SPDX-License-Identifier: MIT */
/*
 * The plain memory that a floor has its structure in. It is asked for in huge pages, as the engineered
 * collectors ask for their heaps: a floor is the least that the machine needs, and a mark loop whose
 * addresses are translated page by page takes longer, and not as much longer in one process as in another.
 */
#ifndef TESTS_MEASURING_LIMITS_FLOOR_MEMORY_H
#define TESTS_MEASURING_LIMITS_FLOOR_MEMORY_H

#include <stdlib.h>
#include <string.h>

#include "base/huge-pages.h"

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
