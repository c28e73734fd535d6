/* SPDX-License-Identifier: MIT */
/*
 * Memory of the harness's own processes: gcmatrix, and the watchers of lifetimes.
 *
 * The rule. Such a process ends at the first allocation that fails: it prints one line and exits with
 * MESSAGE_STORAGE (3). So these functions never return NULL, and no caller has a branch for it. Rows that are on
 * disk stay there, and `--resume` goes on after them.
 *
 * Two kinds of memory are not asked for here:
 *
 *   by the size of input    A file from elsewhere can say any size: a program (.gcp), the text of a CSV file, the
 *                           cells times the blocks of a manifest. Its reader asks malloc() itself, and refuses the
 *                           file in one line that names it, with MESSAGE_BAD_INPUT (2).
 *   in a measured process   Everything in a pair, and in a worker of the stress suite. There an allocation that fails
 *                           is a result: harness/runner maps what it needs before the clock starts, and a collector
 *                           calls the mutator's `exhausted`.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>
#include <stdio.h>

/* `count` elements of `size` bytes, all zero, the caller's to free. Also of a count of 0 not NULL. */
void *memory_new(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/* Makes `memory`, which may be NULL, `count` elements of `size` bytes long. What is new in it is undefined. */
void *memory_grow(void *memory, size_t count, size_t size)
    __attribute__((returns_nonnull, warn_unused_result));

/* A stream that writes into memory, as open_memstream() makes it. The text is the caller's to free once
 * memory_stream_close() has closed the stream. */
FILE *memory_stream(char **ret_text, size_t *ret_size) __attribute__((returns_nonnull));

/* Closes the stream. The text is whole then. */
void memory_stream_close(FILE *stream);

/* `memory`, which another function asked for, when there was any; ends the process when it is NULL. */
void *memory_need(void *memory) __attribute__((returns_nonnull));

/* Ends the process. For a function that says in another way that it had no memory. */
__attribute__((noreturn)) void memory_exhausted(void);

#endif
