/* SPDX-License-Identifier: MIT */
/*
 * The pages of memory that is about to be used: huge ones for what a collector reads in random order, small ones
 * all at once.
 *
 * One entry of the processor's address translation covers a huge page as it covers one of 512 small pages. In a
 * large heap a cache miss therefore seldom comes with a translation miss. A huge page is also faulted in at once,
 * and is resident as a whole.
 *
 * The functions only ask. Where /sys/kernel/mm/transparent_hugepage/enabled is `never`, there are no huge pages.
 * Before Linux 5.14, and where no page is left, small ones are faulted in one by one as they are touched.
 */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stdint.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* since Linux 5.14; the system's headers may be older than its kernel */
#endif

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

/* Has the small pages of `memory` faulted in by one call. Each of them would else be a fault of its own, which
 * takes several times as long. `memory` begins with a page. The contents of the memory stay. */
static inline void pages_fault_in(void *memory, uint64_t bytes)
{
    (void)madvise(memory, bytes, MADV_POPULATE_WRITE);
}

#endif
