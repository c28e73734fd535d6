/* SPDX-License-Identifier: MIT */
#include "harness/stress/worker/work.h"

#include <stddef.h>

#include "collectors/mutator.h"

uint64_t work_steps;
uint64_t work_steps_at = UINT64_MAX;

static void steps_add(uint64_t steps)
{
    work_steps += steps;
    if (GC_UNLIKELY(work_steps >= work_steps_at)) {
        work_steps_at = UINT64_MAX;
        work_spent();
    }
}

/* The compiler's name for the call that it puts everywhere. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    steps_add(1);
}

/* ---- what the C library clears and copies for the collector ---- */

void *__real_memset(void *memory, int byte, size_t bytes);
void *__wrap_memset(void *memory, int byte, size_t bytes);
void *__real_memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *__wrap_memcpy(void *restrict to, const void *restrict from, size_t bytes);

void *__wrap_memset(void *memory, int byte, size_t bytes)
{
    steps_add(bytes / GC_CACHE_LINE);
    return __real_memset(memory, byte, bytes);
}

void *__wrap_memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    steps_add(bytes / GC_CACHE_LINE);
    return __real_memcpy(to, from, bytes);
}
