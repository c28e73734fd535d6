/* SPDX-License-Identifier: MIT */
#include "harness/results/csv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void csv_reader_start(struct csv_reader *reader, char *text, size_t size)
{
    *reader = (struct csv_reader){.next = text, .end = text + size};
}

static void field_add(struct csv_reader *reader, char *field)
{
    if (reader->field_count == reader->field_capacity) {
        reader->field_capacity = reader->field_capacity ? 2 * reader->field_capacity : 64;
        reader->fields = memory_grow(reader->fields, reader->field_capacity, sizeof(*reader->fields));
    }
    reader->fields[reader->field_count++] = field;
}

/*
 * Unquotes in place, from the byte after the opening quote. Returns the byte after the closing quote; a NUL
 * before it; or NULL where nothing closes it.
 */
static char *quoted_read(struct csv_reader *reader, char *from)
{
    char *to = from;
    for (; from < reader->end; from++) {
        if (*from == '"' && from[1] == '"') {
            from++;
        } else if (*from == '"') {
            *to = '\0';
            return from + 1;
        }
        if (*from == '\0')
            return from;
        reader->lines_read += *from == '\n';
        *to++ = *from;
    }
    return NULL;
}

/*
 * Reads one field from `*cursor`, and moves the cursor past the separator after the field. Overwrites the
 * separator with the field's end, and returns it in `*ret_separator`.
 */
static enum csv_outcome field_read(struct csv_reader *reader, char **cursor, char *ret_separator)
{
    char *start = *cursor, *stop;
    bool quoted = *start == '"';
    if (quoted) {
        stop = quoted_read(reader, ++start);
        if (!stop)
            return CSV_TORN;
    } else {
        stop = start;
        while (stop < reader->end && *stop != ',' && *stop != '\n' && *stop != '"' && *stop)
            stop++;
    }
    char *cut = stop;
    if (quoted && stop[0] == '\r' && stop[1] == '\n')
        stop++;
    else if (!quoted && *stop == '\n' && stop > start && stop[-1] == '\r')
        cut--;
    if (stop >= reader->end)
        return CSV_TORN;
    if (*stop != ',' && *stop != '\n')
        return *stop ? CSV_BAD_QUOTE : CSV_NUL;
    *ret_separator = *stop;
    *cursor = stop + 1;
    *cut = '\0';
    field_add(reader, start);
    return CSV_RECORD;
}

enum csv_outcome csv_record_next(struct csv_reader *reader)
{
    char separator = ',';
    if (reader->next >= reader->end)
        return CSV_END;
    reader->field_count = 0;
    reader->line = reader->lines_read + 1;
    while (separator == ',') {
        enum csv_outcome outcome = field_read(reader, &reader->next, &separator);
        if (outcome == CSV_TORN && reader->lines_read >= reader->line)
            return CSV_OPEN_QUOTE; /* lines came after it */
        if (outcome != CSV_RECORD)
            return outcome;
    }
    reader->lines_read++;
    return CSV_RECORD;
}

const char *csv_outcome_words(enum csv_outcome outcome)
{
    switch (outcome) {
    case CSV_BAD_QUOTE:
        return "a misplaced quote";
    case CSV_OPEN_QUOTE:
        return "a quote that nothing closes";
    case CSV_NUL:
        return "a byte that is 0";
    default:
        return "the file ends inside a row";
    }
}

bool csv_count_parse(const char *text, int64_t most, int64_t *ret_count)
{
    uint64_t count = 0;
    const char *next = text;
    for (; *next >= '0' && *next <= '9' && next - text < 19; next++) /* 19 nines are below 2^64 */
        count = count * 10 + (uint64_t)(*next - '0');
    if (next == text || *next || count > (uint64_t)most)
        return false;
    *ret_count = (int64_t)count;
    return true;
}

void csv_reader_stop(struct csv_reader *reader)
{
    free(reader->fields);
    *reader = (struct csv_reader){0};
}

void csv_field_write(FILE *file, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, file);
        return;
    }
    putc('"', file);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', file);
        putc(*text, file);
    }
    putc('"', file);
}
