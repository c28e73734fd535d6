/* SPDX-License-Identifier: MIT */
/*
 * Huge pages for memory that a collector reads in random order. One entry of the processor's address
 * translation covers a huge page as it covers one of 512 small pages. In a large heap a cache miss therefore
 * seldom comes with a translation miss. A huge page is also faulted in at once.
 *
 * The functions only ask. Where /sys/kernel/mm/transparent_hugepage/enabled is `never`, they change nothing.
 */
#ifndef BASE_HUGE_PAGES_H
#define BASE_HUGE_PAGES_H

#include <stdint.h>
#include <sys/mman.h>

enum { HUGE_PAGE_BYTES = 1 << 21 };

/* Asks for the huge pages that lie wholly in `memory`. The contents of the memory stay. The request belongs to
 * the addresses and outlives a free(). */
static inline void huge_pages_ask(void *memory, uint64_t bytes)
{
    uintptr_t begin = ((uintptr_t)memory + HUGE_PAGE_BYTES - 1) & ~(uintptr_t)(HUGE_PAGE_BYTES - 1);
    uintptr_t end = ((uintptr_t)memory + bytes) & ~(uintptr_t)(HUGE_PAGE_BYTES - 1);
    if (begin < end)
        (void)madvise((void *)begin, end - begin, MADV_HUGEPAGE);
}

#endif
