/* SPDX-License-Identifier: MIT */
#include "harness/report/page-tables.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/report/page-json.h"
#include "harness/results/csv.h"

void page_fields_make(const struct table *table, struct page_fields *ret_fields)
{
    if (table->stream)
        fflush(table->stream);
    struct page_fields made = {.text = memory_new(table->size + 1, 1)};
    struct csv_reader reader;
    size_t capacity = table->rows + 1, rows = 0;
    memcpy(made.text, table->text, table->size);
    csv_reader_start(&reader, made.text, table->size);
    if (csv_record_next(&reader) == CSV_RECORD) {
        made.columns = reader.field_count;
        made.header = memory_new(made.columns, sizeof(*made.header));
        memcpy(made.header, reader.fields, made.columns * sizeof(*made.header));
    }
    made.fields = memory_new(capacity * made.columns + 1, sizeof(*made.fields));
    while (csv_record_next(&reader) == CSV_RECORD && rows < capacity)
        if (reader.field_count == made.columns)
            memcpy(made.fields + rows++ * made.columns, reader.fields, made.columns * sizeof(*made.fields));
    made.rows = rows;
    csv_reader_stop(&reader);
    *ret_fields = made;
}

void page_fields_free(struct page_fields *fields)
{
    free(fields->text);
    free(fields->fields);
    free(fields->header);
    *fields = (struct page_fields){0};
}

size_t page_fields_column(const struct page_fields *fields, const char *name)
{
    size_t column = 0;
    while (column < fields->columns && strcmp(fields->header[column], name) != 0)
        column++;
    return column;
}

static const char *fields_at(const struct page_fields *fields, size_t row, size_t column)
{
    return fields->fields[row * fields->columns + column];
}

static bool column_is_numeric(const struct page_fields *fields, size_t column)
{
    for (size_t row = 0; row < fields->rows; row++) {
        const char *text = fields_at(fields, row, column);
        if (*text && !page_json_is_number(text))
            return false;
    }
    return true;
}

static bool column_is_constant(const struct page_fields *fields, size_t column)
{
    for (size_t row = 1; row < fields->rows; row++)
        if (strcmp(fields_at(fields, row, column), fields_at(fields, 0, column)) != 0)
            return false;
    return fields->rows > 0;
}

static void column_write_value(FILE *page, const char *text, bool numeric)
{
    if (!numeric)
        page_json_write_text(page, text);
    else if (*text)
        page_json_write_number(page, text);
    else
        fputs("null", page);
}

static void column_write_numbers(FILE *page, const struct page_fields *fields, size_t column)
{
    for (size_t row = 0; row < fields->rows; row++) {
        fputs(row ? "," : "[", page);
        column_write_value(page, fields_at(fields, row, column), true);
    }
    fputs(fields->rows ? "]" : "[]", page);
}

/* Writes the texts as far as they differ, and then their places. */
static void column_write_texts(FILE *page, const struct page_fields *fields, size_t column)
{
    const char **names = memory_new(fields->rows + 1, sizeof(*names));
    size_t *places = memory_new(fields->rows + 1, sizeof(*places)), count = 0, last = 0;
    fputs("{\"names\":[", page);
    for (size_t row = 0; row < fields->rows; row++) {
        const char *text = fields_at(fields, row, column);
        if (count == 0 || strcmp(names[last], text) != 0)
            for (last = 0; last < count && strcmp(names[last], text) != 0;)
                last++;
        if (last == count) {
            fputs(count ? "," : "", page);
            page_json_write_text(page, text);
            names[count++] = text;
        }
        places[row] = last;
    }
    fputs("],\"at\":[", page);
    for (size_t row = 0; row < fields->rows; row++)
        fprintf(page, "%s%zu", row ? "," : "", places[row]);
    fputs("]}", page);
    free(names);
    free(places);
}

static void column_write(FILE *page, const struct page_fields *fields, size_t column)
{
    bool numeric = column_is_numeric(fields, column);
    if (column_is_constant(fields, column)) {
        fputs("{\"all\":", page);
        column_write_value(page, fields_at(fields, 0, column), numeric);
        fputs("}", page);
    } else if (numeric)
        column_write_numbers(page, fields, column);
    else
        column_write_texts(page, fields, column);
}

/* Columns that the places in the run's lists stand for. */
static bool column_is_left_out(const char *name)
{
    static const char *const names[] = {"work", "group", "config", "collector", "a", "b"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

void page_table_write(FILE *page, const struct table *table)
{
    struct page_fields fields;
    const char *between = "";
    page_fields_make(table, &fields);
    page_json_write_text(page, table->name);
    fprintf(page, ":{\"rows\":%zu,\"columns\":{", fields.rows);
    for (size_t column = 0; column < fields.columns; column++) {
        if (column_is_left_out(fields.header[column]))
            continue;
        fputs(between, page);
        page_json_write_text(page, fields.header[column]);
        putc(':', page);
        column_write(page, &fields, column);
        between = ",";
    }
    fputs("}}", page);
    page_fields_free(&fields);
}
