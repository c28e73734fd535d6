/* SPDX-License-Identifier: MIT */
/*
 * Memory of the harness's own processes: gcmatrix, and the watchers of lifetimes.
 *
 * The rule. Such a process ends at the first allocation that fails: it prints one line and exits with
 * MESSAGE_STORAGE (3). So these functions never return NULL, and no caller has a branch for it. Rows that are
 * on disk stay there, and `--resume` goes on after them.
 *
 * Two kinds of memory are asked for in another way:
 *
 *   by the size of input    A file from elsewhere can say any size. So its reader asks malloc() itself, and
 *                           refuses the file in one line that names it, with MESSAGE_BAD_INPUT (2). Such
 *                           are a program (.gcp) with all that is kept for each of its operations, the text
 *                           of a CSV file, and the cells times the blocks of a manifest.
 *   in a measured process   In a pair and in a worker of the stress suite, an allocation that fails is a
 *                           result. harness/runner maps what it needs before the clock starts. A collector
 *                           calls the mutator's `exhausted`.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>
#include <stdio.h>

/* `count` elements of `size` bytes, all zero, the caller's to free. A count of 0 gives a place too. */
void *memory_new(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/*
 * Makes `memory`, which may be NULL, `count` elements of `size` bytes long. Its new elements are undefined.
 */
void *memory_grow(void *memory, size_t count, size_t size)
    __attribute__((returns_nonnull, warn_unused_result));

/* A stream that writes into memory, as open_memstream() makes it. The text is the caller's to free once
 * memory_stream_close() has closed the stream. */
FILE *memory_stream(char **ret_text, size_t *ret_size) __attribute__((returns_nonnull));

/* Closes the stream, which makes the text whole. */
void memory_stream_close(FILE *stream);

/* Returns `memory`, which another function asked for; ends the process when it is NULL. */
void *memory_need(void *memory) __attribute__((returns_nonnull));

/* Ends the process. For a function that says in another way that it had no memory. */
__attribute__((noreturn)) void memory_exhausted(void);

#endif
