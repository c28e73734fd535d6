/* SPDX-License-Identifier: MIT */
/*
 * It is put in front of every source of a fuzz target. It lists what that source allocates. So rightly leaked
 * garbage can be given back between inputs, and wrong leaks show. Each piece still comes from malloc, between
 * the sanitizer's red zones.
 */
#ifndef TESTS_TRUTH_FUZZ_ARENA_H
#define TESTS_TRUTH_FUZZ_ARENA_H

#include <stdlib.h>

void *arena_malloc(size_t bytes);
void *arena_calloc(size_t count, size_t bytes);
void *arena_realloc(void *memory, size_t bytes);
int arena_posix_memalign(void **ret_memory, size_t alignment, size_t bytes);
void arena_free(void *memory);

/* Gives back all that is left; returns how many pieces there were. */
size_t arena_clear(void);

#define malloc arena_malloc
#define calloc arena_calloc
#define realloc arena_realloc
#define posix_memalign arena_posix_memalign
#define free arena_free

#endif
