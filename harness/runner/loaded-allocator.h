/* SPDX-License-Identifier: MIT */
/*
 * The allocator that this process runs on, proven from inside. When a preload fails, the loader only warns,
 * and the process runs on glibc. So the process looks which shared object owns `malloc`.
 */
#ifndef HARNESS_RUNNER_LOADED_ALLOCATOR_H
#define HARNESS_RUNNER_LOADED_ALLOCATOR_H

#include <limits.h>
#include <stddef.h>

struct loaded_allocator {
    const char *name;      /* "glibc", "jemalloc", "mimalloc", "tcmalloc", "sanitizer", or "other" */
    char object[PATH_MAX]; /* the file, with every link resolved */
    char version[64];      /* what the allocator itself says, or "" */
};

/* Finds the allocator of this process. */
void loaded_allocator_identify(struct loaded_allocator *ret_identity);

/*
 * Compares the allocator with the one that was asked for. `name` is one of the names above, `object` the path
 * of the allocator's object. Either may be NULL for any. Returns 0, or -1 with one line in `ret_error`.
 */
int loaded_allocator_verify(const struct loaded_allocator *identity, const char *name, const char *object,
                            char *ret_error, size_t size);

#endif
