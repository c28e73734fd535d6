/* SPDX-License-Identifier: MIT */
#include "harness/stress/boundaries.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"

const char *const boundary_words[GC_BOUNDARY_KIND_COUNT] = {
#define BOUNDARY_WORD(kind, word) [GC_BOUNDARY_##kind] = word,
    GC_BOUNDARY_KINDS(BOUNDARY_WORD)
#undef BOUNDARY_WORD
};

void boundaries_add(struct boundaries *boundaries, enum gc_boundary_kind kind, uint64_t value,
                    const char *name)
{
    size_t place = 0;
    const struct boundary *items = boundaries->items;
    while (place < boundaries->count &&
           (items[place].kind < kind || (items[place].kind == kind && items[place].value < value)))
        place++;
    if (place < boundaries->count && items[place].kind == kind && items[place].value == value)
        return;
    boundaries->items = memory_grow(boundaries->items, boundaries->count + 1, sizeof *boundaries->items);
    memmove(&boundaries->items[place + 1], &boundaries->items[place],
            (boundaries->count - place) * sizeof *boundaries->items);
    boundaries->items[place] =
        (struct boundary){.kind = kind, .value = value, .name = name ? text_format("%s", name) : NULL};
    boundaries->count++;
}

void boundaries_add_table(struct boundaries *boundaries, const struct gc_boundary *table)
{
    for (; table->name; table++) {
        boundaries_add(boundaries, table->kind, table->value, table->name);
        for (uint64_t value = table->value + table->step; table->step && value <= table->last;
             value += table->step)
            boundaries_add(boundaries, table->kind, value, table->name);
    }
}

void boundaries_cut(struct boundaries *boundaries, enum gc_boundary_kind kind, uint64_t most)
{
    size_t kept = 0;
    for (size_t i = 0; i < boundaries->count; i++) {
        if (boundaries->items[i].kind == kind && boundaries->items[i].value > most)
            free(boundaries->items[i].name);
        else
            boundaries->items[kept++] = boundaries->items[i];
    }
    boundaries->count = kept;
}

char *boundaries_text(const struct boundaries *boundaries)
{
    char *text;
    size_t size;
    FILE *stream = memory_stream(&text, &size);
    for (size_t i = 0; i < boundaries->count; i++) {
        const struct boundary *item = &boundaries->items[i];
        if (i && item->kind == item[-1].kind)
            fprintf(stream, ",%" PRIu64, item->value);
        else
            fprintf(stream, "%s%s=%" PRIu64, i ? " " : "", boundary_words[item->kind], item->value);
    }
    memory_stream_close(stream);
    return text;
}

bool boundaries_kind_read(const char *word, size_t length, enum gc_boundary_kind *ret_kind)
{
    for (int kind = 0; kind < GC_BOUNDARY_KIND_COUNT; kind++) {
        *ret_kind = (enum gc_boundary_kind)kind;
        if (strlen(boundary_words[kind]) == length && strncmp(boundary_words[kind], word, length) == 0)
            return true;
    }
    return false;
}

/* Reads the number at `*text`, up to a comma, a blank or the end, and steps over it. One is below it and one above. */
static bool value_take(const char **text, uint64_t *ret_value)
{
    char number[32] = "";
    size_t length = strcspn(*text, ", ");
    if (length >= sizeof number)
        return false;
    memcpy(number, *text, length);
    *text += length;
    return number_integer_read(number, UINT64_MAX - 1, ret_value) == 0 && *ret_value > 0;
}

int boundaries_read(const char *text, struct boundaries *ret_boundaries)
{
    *ret_boundaries = (struct boundaries){0};
    while (*text) {
        enum gc_boundary_kind kind;
        size_t length = strcspn(text, "=");
        if (!text[length] || !boundaries_kind_read(text, length, &kind))
            return -1;
        text += length;
        do {
            uint64_t value;
            text++;
            if (!value_take(&text, &value))
                return -1;
            boundaries_add(ret_boundaries, kind, value, NULL);
        } while (*text == ',');
        text += *text == ' ';
    }
    return 0;
}

void boundaries_free(struct boundaries *boundaries)
{
    for (size_t i = 0; i < boundaries->count; i++)
        free(boundaries->items[i].name);
    free(boundaries->items);
    *boundaries = (struct boundaries){0};
}

size_t boundaries_of(const struct boundaries *boundaries, enum gc_boundary_kind kind,
                     const struct boundary **ret_first)
{
    size_t first = 0;
    while (first < boundaries->count && boundaries->items[first].kind < kind)
        first++;
    size_t end = first;
    while (end < boundaries->count && boundaries->items[end].kind == kind)
        end++;
    *ret_first = boundaries->items + first;
    return end - first;
}
