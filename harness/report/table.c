/* SPDX-License-Identifier: MIT */
#include "harness/report/table.h"

#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/results/csv.h"

struct table *table_add(struct table_set *set, const char *name, const char *header)
{
    assert(set->count < TABLE_MOST);
    struct table *table = &set->tables[set->count++];
    *table = (struct table){.name = name};
    table->stream = memory_stream(&table->text, &table->size);
    fprintf(table->stream, "%s\n", header);
    return table;
}

struct table *table_add_file(struct table_set *set, const struct dictionary_file *file)
{
    char *header = dictionary_header(file);
    struct table *table = table_add(set, file->name, header);
    table->file = file;
    free(header);
    return table;
}

static FILE *table_field(struct table *table)
{
    if (table->fields++)
        putc(',', table->stream);
    return table->stream;
}

/* Whether a text stands in a field as it is: it is plain, short, and of no character that asks for quotes. */
static bool text_is_field(const char *text)
{
    size_t length = 0;
    for (; text[length]; length++)
        if (text[length] < ' ' || text[length] > '~' || text[length] == '"' || text[length] == ',')
            return false;
    return length <= TABLE_TEXT_MOST;
}

void table_text(struct table *table, const char *text)
{
    if (!text || text_is_field(text)) {
        fputs(text ? text : "", table_field(table));
        return;
    }
    char *plain = escape_plain(text, TABLE_TEXT_MOST);
    for (char *quote = plain; (quote = strchr(quote, '"'));)
        *quote = '\'';
    csv_field_write(table_field(table), plain);
    free(plain);
}

/* Writes a number that is not below 0. Most fields of large tables are such, and printf() takes five times as long. */
static void count_write(FILE *stream, int64_t number)
{
    char digits[24];
    size_t first = sizeof(digits);
    do
        digits[--first] = (char)('0' + number % 10);
    while ((number /= 10));
    fwrite(digits + first, 1, sizeof(digits) - first, stream);
}

void table_number(struct table *table, double number)
{
    FILE *stream = table_field(table);
    if (isnan(number))
        return;
    /* Times and sizes are whole or end in .5 and are written exactly. Only ratios are rounded. */
    if (fabs(number) < 1e15 && number == floor(number) && !signbit(number)) {
        count_write(stream, (int64_t)number);
        return;
    }
    bool whole = fabs(number) < 1e15 && number * 2 == floor(number * 2);
    fprintf(stream, whole ? "%.16g" : "%.9g", number);
}

void table_count(struct table *table, int64_t number)
{
    if (number >= 0)
        count_write(table_field(table), number);
    else
        fprintf(table_field(table), "%" PRId64, number);
}

void table_interval(struct table *table, struct bootstrap_interval interval)
{
    table_number(table, interval.low);
    table_number(table, interval.high);
}

void table_end(struct table *table)
{
    assert(!table->file || (size_t)table->fields == table->file->count);
    putc('\n', table->stream);
    table->fields = 0;
    table->rows++;
}

struct table *table_find(struct table_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->tables[i].name, name) == 0)
            return &set->tables[i];
    return NULL;
}

size_t table_rows(const struct table_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->tables[i].name, name) == 0)
            return set->tables[i].rows;
    return 0;
}

/* Whether a line after the header begins with `start`. */
static bool table_has_line(const char *text, const char *start)
{
    size_t length = strlen(start);
    for (const char *line = strchr(text, '\n'); line; line = strchr(line + 1, '\n'))
        if (strncmp(line + 1, start, length) == 0)
            return true;
    return false;
}

bool table_has(const struct table_set *set, const char *name, const char *first)
{
    char *start = NULL;
    size_t size;
    bool found = false;
    FILE *stream = memory_stream(&start, &size);
    csv_field_write(stream, first);
    putc(',', stream);
    memory_stream_close(stream);
    for (size_t i = 0; i < set->count; i++) {
        if (strcmp(set->tables[i].name, name) != 0)
            continue;
        if (set->tables[i].stream)
            fflush(set->tables[i].stream);
        found = table_has_line(set->tables[i].text, start);
    }
    free(start);
    return found;
}

static size_t table_count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

/* The columns of a file, by the fields of a table: the place of each in the file, or -1 where it lacks it. */
enum { TABLE_COLUMNS = 32 };
struct table_columns {
    int places[TABLE_COLUMNS];
    size_t count;
};

/* Finds the column of each name of `header`, a line. Returns false where the file has a column besides. */
static bool table_match(const char *header, char *const *fields, size_t field_count,
                        struct table_columns *ret_columns)
{
    size_t found = 0;
    ret_columns->count = 0;
    for (const char *name = header; ret_columns->count < TABLE_COLUMNS;) {
        size_t length = strcspn(name, ",\n"), place = 0;
        while (place < field_count &&
               (strlen(fields[place]) != length || strncmp(fields[place], name, length) != 0))
            place++;
        found += place < field_count;
        ret_columns->places[ret_columns->count++] = place < field_count ? (int)place : -1;
        if (name[length] != ',')
            break;
        name += length + 1;
    }
    return found == field_count;
}

/* Returns the rows of `text` under the header of the table, or NULL where they do not fit. */
static char *table_renew(const char *header, char *text, size_t size)
{
    struct csv_reader reader;
    struct table_columns columns;
    char *renewed = NULL;
    size_t renewed_size;
    csv_reader_start(&reader, text, size);
    if (csv_record_next(&reader) == CSV_RECORD &&
        table_match(header, reader.fields, reader.field_count, &columns)) {
        FILE *stream = memory_stream(&renewed, &renewed_size);
        size_t fields = reader.field_count;
        fprintf(stream, "%.*s\n", (int)strcspn(header, "\n"), header);
        while (csv_record_next(&reader) == CSV_RECORD && reader.field_count == fields)
            for (size_t i = 0; i < columns.count; i++) {
                csv_field_write(stream, columns.places[i] < 0 ? "" : reader.fields[columns.places[i]]);
                putc(i + 1 < columns.count ? ',' : '\n', stream);
            }
        memory_stream_close(stream);
    }
    csv_reader_stop(&reader);
    return renewed;
}

static char *table_read(const char *name, const char *folder, size_t *ret_size)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/tables/%s.csv", folder, name);
    FILE *file = NULL;
    input_open_own(path, 2, &file);
    char *text = file ? text_read(file, ret_size) : NULL;
    if (file)
        fclose(file);
    return text;
}

/* Whether every line is plain: gnuplot would draw the rest of it as it is. */
static bool table_is_text(const char *text, size_t size)
{
    if (strlen(text) != size)
        return false;
    for (size_t length; *text; text += length)
        if ((length = *text == '\n' ? 1 : escape_character(text)) == 0)
            return false;
    return true;
}

bool table_keep(struct table *table, const char *folder)
{
    size_t size = 0;
    char *text = table_read(table->name, folder, &size);
    fflush(table->stream);
    size_t header = strcspn(table->text, "\n") + 1;
    bool renewed = text && strncmp(text, table->text, header) != 0;
    if (renewed) {
        char *old = text;
        text = table_renew(table->text, old, size);
        free(old);
        size = text ? strlen(text) : 0;
    }
    if (!text || !table_is_text(text, size) || table_count_lines(text) < 2) {
        free(text);
        return false;
    }
    fclose(table->stream);
    free(table->text);
    table->stream = NULL;
    table->text = text;
    table->size = size;
    table->rows = table_count_lines(text) - 1;
    table->kept = true;
    table->renewed = renewed;
    return true;
}

static int table_write(struct table *table, const struct writing_folder *tables)
{
    if (table->stream)
        fflush(table->stream);
    char *name = text_format("%s.csv", table->name);
    int status = writing_text(tables, name, table->text, table->size);
    free(name);
    return status;
}

int table_set_write(struct table_set *set, const char *folder)
{
    struct writing_folder run, tables = {.at = -1};
    int status = writing_folder_open(folder, &run);
    if (status == 0)
        status = writing_folder_make(&run, "tables", &tables);
    for (size_t i = 0; i < set->count && status == 0; i++)
        if (!table_stays(&set->tables[i]))
            status = table_write(&set->tables[i], &tables);
    writing_folder_close(&tables);
    writing_folder_close(&run);
    return status;
}

void table_set_free(struct table_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->tables[i].stream)
            fclose(set->tables[i].stream);
        free(set->tables[i].text);
    }
    set->count = 0;
}
