/* SPDX-License-Identifier: MIT */
/*
 * Memory that a collector goes through at random is asked for in huge pages. One entry of the processor's
 * tables translates as many addresses as 512 entries for small pages do, so that a large heap does not wait
 * for a miss of the translation beside each miss of the cache; and it is faulted in at once.
 *
 * They are asked for, no more: where /sys/kernel/mm/transparent_hugepage/enabled is `never` nothing happens.
 */
#ifndef BASE_HUGE_PAGES_H
#define BASE_HUGE_PAGES_H

#include <stdint.h>
#include <sys/mman.h>

enum { HUGE_PAGE_BYTES = 1 << 21 };

/* Asks for those huge pages that lie wholly in `memory`, which begins with a page. What is there stays as it
 * is. The wish goes with the addresses, and outlives a free(). */
static inline void huge_pages_ask(void *memory, uint64_t bytes)
{
    if (bytes >= HUGE_PAGE_BYTES)
        (void)madvise(memory, bytes, MADV_HUGEPAGE);
}

#endif
