/* SPDX-License-Identifier: MIT */
/*
 * Which allocator this process runs on, proven from inside: a preload that did not take leaves only a
 * loader's warning and runs on glibc, so the process asks which shared object owns `malloc`.
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

void loaded_allocator_identify(struct loaded_allocator *ret_identity);

/*
 * Holds the process to what was asked for: `name` one of the above or NULL, `object` a path or NULL. Returns
 * 0, or -1 with one line in `ret_error`.
 */
int loaded_allocator_verify(const struct loaded_allocator *identity, const char *name, const char *object,
                            char *ret_error, size_t size);

#endif
