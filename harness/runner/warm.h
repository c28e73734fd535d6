/* SPDX-License-Identifier: MIT */
/*
 * Warm memory: the pages that the workload will use are there before its clock starts. They wait in a pool.
 * When the process gets memory from the kernel, pages of the pool are moved to the new addresses (mremap(2)).
 * When it gives memory back, its pages move back to the pool. So each address and each size is that of a cold
 * process, and no page is faulted in.
 *
 *      before the clock    the pool is mapped and touched; so are the C stack, code, data, and what is mapped
 *                          already, as far as the rehearsal saw it touched
 *      while it runs       mmap, brk up        the call; then pool pages move onto the new range
 *                          munmap, brk down    the pages move back; then the call
 *                          MADV_DONTNEED       the pages are zeroed and stay
 *                          MADV_HUGEPAGE       the call; then huge pages move onto what is empty
 *      afterwards          new ranges get no pages any more
 *
 * A page that comes from the pool a second time is zeroed first, as the kernel would do.
 */
#ifndef HARNESS_RUNNER_WARM_H
#define HARNESS_RUNNER_WARM_H

#include <stdint.h>

#include "harness/runner/memory-calls.h"

/* Makes memory present as `plan` says, and begins to catch calls. Returns 0; -1 with errno set: ENOMEM
 * when there is no memory, otherwise when the kernel cannot do it; 1 when the plan is none. */
int warm_begin(const char *plan);

/* The workload has ended. */
void warm_end(void);

struct warm_report {
    uint64_t warmed_bytes; /* made present before the clock started */
    uint64_t short_bytes;  /* would have been moved, but the pool was empty */
    uint64_t calls;        /* caught while the workload ran */
    uint64_t calls_ns;     /* spent in them: what a cold process spends in the same calls is in it */
    uint64_t addresses;    /* a digest of the addresses that they gave */
};
struct warm_report warm_report(void);

#endif
