/* SPDX-License-Identifier: MIT */
/* Strings on the heap of the harness's own processes. When memory is out, the process ends (base/memory.h),
 * so that no caller has a branch for it. Measured processes do not use them. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* Returns a formatted string. The caller frees it. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2), malloc));

/* A list of strings in order. `items[count]` is NULL. A list of all zeros is empty. */
struct text_list {
    char **items;
    size_t count, capacity;
};

/* Appends a string, which the list then owns. O(1) amortised. */
void text_list_take(struct text_list *list, char *text);

/* Frees the list and its strings. The list is empty afterwards. */
void text_list_free(struct text_list *list);

/* Returns the contents of `file` from its start, NUL-terminated, and their length. The caller frees them.
 * Returns NULL on a read error. */
char *text_read(FILE *file, size_t *ret_size);

/* Returns a template for mkstemp() or mkdtemp() that begins with `name`, in the folder TMPDIR, or in /tmp
 * where TMPDIR is not set. No program takes it for an option. The caller frees it. */
char *text_scratch(const char *name);

/* Returns `text`, quoted for a POSIX shell if it needs quotes. The caller frees it. */
char *text_shell_quote(const char *text);

#endif
