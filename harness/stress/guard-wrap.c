/* SPDX-License-Identifier: MIT */
/* The functions that the linker puts in the place of malloc and its relatives. */
#include <errno.h>
#include <string.h>

#include "harness/stress/guard-pieces.h"

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *memory, size_t bytes);
void *__real_aligned_alloc(size_t alignment, size_t bytes);
int __real_posix_memalign(void **memory, size_t alignment, size_t bytes);
void __real_free(void *memory);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);
void *__wrap_aligned_alloc(size_t alignment, size_t bytes);
int __wrap_posix_memalign(void **memory, size_t alignment, size_t bytes);
void __wrap_free(void *memory);

void *__wrap_malloc(size_t bytes)
{
    return guard_is_on() ? guard_piece_new(bytes, GUARD_GRANULE, false) : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    size_t all;
    if (!guard_is_on())
        return __real_calloc(count, bytes);
    if (__builtin_mul_overflow(count, bytes, &all))
        return NULL;
    return guard_piece_new(all, GUARD_GRANULE, true);
}

void *__wrap_realloc(void *memory, size_t bytes)
{
    if (!guard_is_on())
        return __real_realloc(memory, bytes);
    uint64_t old = memory ? guard_piece_bytes(memory) : 0;
    void *larger = guard_piece_new(bytes, GUARD_GRANULE, false);
    if (larger && memory) {
        memcpy(larger, memory, old < bytes ? old : bytes);
        guard_piece_free(memory);
    }
    return larger;
}

void *__wrap_aligned_alloc(size_t alignment, size_t bytes)
{
    return guard_is_on()
               ? guard_piece_new(bytes, alignment > GUARD_GRANULE ? alignment : GUARD_GRANULE, false)
               : __real_aligned_alloc(alignment, bytes);
}

int __wrap_posix_memalign(void **memory, size_t alignment, size_t bytes)
{
    if (!guard_is_on())
        return __real_posix_memalign(memory, alignment, bytes);
    void *found = __wrap_aligned_alloc(alignment, bytes);
    if (found)
        *memory = found;
    return found ? 0 : ENOMEM;
}

void __wrap_free(void *memory)
{
    if (!guard_is_on() && !guard_owns(memory))
        __real_free(memory);
    else if (memory)
        guard_piece_free(memory);
}
