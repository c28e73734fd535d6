/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

char *text_format(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return memory_need(length < 0 ? NULL : text);
}

void text_list_take(struct text_list *list, char *text)
{
    if (list->count + 2 > list->capacity) {
        list->capacity = list->capacity ? 2 * list->capacity : 16;
        list->items = memory_grow(list->items, list->capacity, sizeof(*list->items));
    }
    list->items[list->count++] = text;
    list->items[list->count] = NULL;
}

void text_list_free(struct text_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct text_list){0};
}

char *text_read(FILE *file, size_t *ret_size)
{
    char *text = NULL, chunk[16384];
    size_t got;
    FILE *memory = memory_stream(&text, ret_size);
    rewind(file);
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
        fwrite(chunk, 1, got, memory);
    memory_stream_close(memory);
    if (ferror(file)) {
        free(text);
        return NULL;
    }
    return text;
}

char *text_scratch(const char *name)
{
    const char *folder = getenv("TMPDIR");
    bool dash = folder && *folder == '-';
    return text_format("%s%s/%s-XXXXXX", dash ? "./" : "", folder && *folder ? folder : "/tmp", name);
}

char *text_shell_quote(const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
    if (*text && text[strspn(text, plain)] == '\0')
        return text_format("%s", text);
    char *quoted = memory_new(4 * strlen(text) + 3, 1), *to = quoted;
    *to++ = '\'';
    for (; *text; text++) {
        if (*text == '\'')
            to = stpcpy(to, "'\\'");
        *to++ = *text;
    }
    *to = '\'';
    return quoted;
}
