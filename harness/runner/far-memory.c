/* SPDX-License-Identifier: MIT */
#include "harness/runner/far-memory.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "base/pages.h"
#include "harness/runner/memory-trap.h"

static const uint64_t begin = UINT64_C(1) << 46;
static const uint64_t end = (UINT64_C(1) << 46) + (UINT64_C(1) << 43);

void *far_memory_map(uint64_t bytes)
{
    static uint64_t used;
    uint64_t place = begin + used;
    uint64_t length = (bytes + HUGE_PAGE_BYTES) & ~(uint64_t)(HUGE_PAGE_BYTES - 1);
    if (length < bytes || length > end - place) {
        errno = ENOMEM;
        return NULL;
    }
    long got =
        memory_trap_pass(SYS_mmap, place, length, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, (uint64_t)-1, 0);
    if (got < 0) {
        errno = (int)-got;
        return NULL;
    }
    used += length;
    return (void *)got;
}

bool far_memory_has(uint64_t address)
{
    return address >= begin && address < end;
}
