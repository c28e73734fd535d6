/* SPDX-License-Identifier: MIT */
/*
 * Keeps the worker's own mappings, for the walks at checkpoints, instead of giving them back. The system
 * calls and page faults of a dozen mappings cost more than a short program. The collector's mappings, made
 * while the guard is on, go through, so that a use after their end still traps. They fail where a program has
 * to see that.
 */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>

#include "harness/stress/guard.h"

/* Meson compiles with 64-bit file offsets. glibc then calls mmap by its other name. */
static_assert(sizeof(off_t) == 8, "offsets are 64 bits wide");

enum { KEPT = 16, KEPT_BYTES = 1 << 18 };

static struct {
    void *memory;
    size_t bytes;
} kept[KEPT];

void *__real_mmap64(void *address, size_t bytes, int protection, int flags, int file, off_t offset);
int __real_munmap(void *memory, size_t bytes);
void *__wrap_mmap64(void *address, size_t bytes, int protection, int flags, int file, off_t offset);
int __wrap_munmap(void *memory, size_t bytes);
void *__real_mremap(void *memory, size_t old_bytes, size_t bytes, int flags);
void *__wrap_mremap(void *memory, size_t old_bytes, size_t bytes, int flags);

void *__wrap_mmap64(void *address, size_t bytes, int protection, int flags, int file, off_t offset)
{
    if (guard_is_on() && guard_mapping_fails()) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    bool plain = !address && protection == (PROT_READ | PROT_WRITE) && flags & MAP_ANONYMOUS;
    for (int i = 0; i < KEPT && plain && !guard_is_on(); i++) {
        if (!kept[i].memory || kept[i].bytes != bytes)
            continue;
        void *memory = kept[i].memory;
        kept[i].memory = NULL;
        return memset(memory, 0, bytes);
    }
    void *memory = __real_mmap64(address, bytes, protection, flags, file, offset);
    if (guard_is_on() && memory != MAP_FAILED)
        guard_mapping_note((int64_t)bytes);
    return memory;
}

/* No caller here names a new address. */
void *__wrap_mremap(void *memory, size_t old_bytes, size_t bytes, int flags)
{
    if (guard_is_on() && guard_mapping_fails()) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    void *moved = __real_mremap(memory, old_bytes, bytes, flags);
    if (guard_is_on() && moved != MAP_FAILED)
        guard_mapping_note((int64_t)bytes - (int64_t)old_bytes);
    return moved;
}

int __wrap_munmap(void *memory, size_t bytes)
{
    for (int i = 0; i < KEPT && bytes <= KEPT_BYTES && !guard_is_on(); i++) {
        if (kept[i].memory)
            continue;
        kept[i].memory = memory;
        kept[i].bytes = bytes;
        return 0;
    }
    if (guard_is_on())
        guard_mapping_note(-(int64_t)bytes);
    return __real_munmap(memory, bytes);
}
