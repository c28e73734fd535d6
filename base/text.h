/* SPDX-License-Identifier: MIT */
/*
 * Strings on the heap of the harness's own processes. Where memory is short, the process ends (base/memory.h): no
 * caller has a branch for it. Not for what runs inside a measured process.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* A formatted string, the caller's to free. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2), malloc));

/* Strings in order; `items[count]` is NULL. Start with all zero. */
struct text_list {
    char **items;
    size_t count, capacity;
};

/* Appends a string that the list then owns. O(1) amortised. */
void text_list_take(struct text_list *list, char *text);

/* Frees the list and its strings; it is empty afterwards. */
void text_list_free(struct text_list *list);

/* All that `file` holds from its start, NUL-terminated, and its length; the caller frees it. NULL on a read
 * error. */
char *text_read(FILE *file, size_t *ret_size);

/* A template for mkstemp() or mkdtemp() that begins with `name`, in the folder for what is temporary: TMPDIR,
 * or /tmp where that is not set. The caller frees it. */
char *text_scratch(const char *name);

/* `text` quoted for a POSIX shell if it needs to be; the caller frees it. */
char *text_shell_quote(const char *text);

#endif
