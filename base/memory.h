/* SPDX-License-Identifier: MIT */
/*
 * Memory of the harness's own processes: gcmatrix, and the watchers of lifetimes.
 *
 * Such a process ends at the first allocation that fails. It prints one line and exits with MESSAGE_STORAGE
 * (3). These functions therefore never return NULL, and no caller has a branch for it. Rows that are on disk
 * stay there, and `--resume` goes on after them.
 *
 * Two kinds of memory do not come from here:
 *
 *   by the size of input    A file from elsewhere can name any size. Such are a program (.gcp), with all
 *                           that is kept for each of its operations, the text of a CSV file, and a manifest
 *                           with its cells times its blocks. The reader calls malloc() itself. It refuses the
 *                           file with MESSAGE_BAD_INPUT (2), in one line that names the file.
 *   in a measured process   In a pair, and in a worker of the stress suite, an allocation that fails is a
 *                           result. harness/runner maps its memory before the clock starts. A collector calls
 *                           the mutator's `exhausted`.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>
#include <stdio.h>

/* Returns `count` elements of `size` bytes, all zero. The caller frees them. A count of 0 does not give NULL
 * either. */
void *memory_new(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/* Makes `memory`, which may be NULL, `count` elements of `size` bytes long. The content of new elements is
 * undefined. */
void *memory_grow(void *memory, size_t count, size_t size)
    __attribute__((returns_nonnull, warn_unused_result));

/* Returns a stream that writes into memory, as open_memstream() does. The caller frees the text after
 * memory_stream_close(). */
FILE *memory_stream(char **ret_text, size_t *ret_size) __attribute__((returns_nonnull));

/* Closes the stream. The text is complete after it. */
void memory_stream_close(FILE *stream);

/* Returns `memory`, which another function allocated. Ends the process when it is NULL. */
void *memory_need(void *memory) __attribute__((returns_nonnull));

/* Ends the process, for a function that reports in another way that memory is out. */
__attribute__((noreturn)) void memory_exhausted(void);

#endif
