/* SPDX-License-Identifier: MIT */
/*
 * Memory that a collector goes through at random is asked for in huge pages. An address in one is translated
 * with one entry of the processor's tables where 512 small ones would be needed, and a heap larger than those
 * tables hold otherwise waits for two misses an object, of which prefetching hides one. It is faulted in at
 * once, too, where a small page takes 512 faults.
 *
 * They are asked for, no more: where /sys/kernel/mm/transparent_hugepage/enabled is `never` nothing happens.
 */
#ifndef COLLECTORS_SUPPORT_HUGE_PAGES_H
#define COLLECTORS_SUPPORT_HUGE_PAGES_H

#include <stdint.h>
#include <sys/mman.h>

enum { HUGE_PAGE_BYTES = 1 << 21 };

/* Asks for those huge pages that lie wholly in `memory`, which is whole pages. What is there stays as it is.
 * The wish goes with the addresses, and outlives a free(). */
static inline void huge_pages_ask(void *memory, uint64_t bytes)
{
    (void)madvise(memory, bytes, MADV_HUGEPAGE);
}

#endif
