/* SPDX-License-Identifier: MIT */
#include "harness/report/plot-data.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/report/tables-memory.h"
#include "harness/results/csv.h"

/* Ends a block. A line of a block begins with a digit. */
static const char plot_end[] = "ROWS";

static const char *rows_field(const struct plot_rows *rows, size_t row, size_t column)
{
    return rows->fields.fields[row * rows->fields.columns + column];
}

/* Reads the place in a column, below `past`. Returns whether there is one. */
static bool rows_place(const struct plot_rows *rows, size_t row, size_t column, size_t past,
                       size_t *ret_place)
{
    int64_t place = 0;
    if (!csv_count_parse(rows_field(rows, row, column), INT32_MAX, &place) || (size_t)place >= past)
        return false;
    *ret_place = (size_t)place;
    return true;
}

static int rows_compare(const void *a, const void *b)
{
    const struct plot_row *left = a, *right = b;
    const size_t pairs[3][2] = {{left->work, right->work}, {left->key, right->key}, {left->row, right->row}};
    for (size_t i = 0; i < 3; i++)
        if (pairs[i][0] != pairs[i][1])
            return pairs[i][0] < pairs[i][1] ? -1 : 1;
    return 0;
}

/* The settings whose rows are drawn, by name; the second is NULL where there is one. */
struct plot_names {
    const char *names[2];
};

static struct plot_names plot_names_of(const struct plot_figure *figure, const struct run *run,
                                       const struct tables *tables)
{
    size_t front = tables_front_of(run, tables, figure->metric), count = run->settings.count;
    size_t other = front < count && figure->settings == PLOT_MEMORY ? tables_memory_other(run, front) : count;
    return (struct plot_names){{front < count ? run->settings.names[front] : NULL,
                                other < count ? run->settings.names[other] : NULL}};
}

/* Whether the row is of a setting that is drawn, and whether that is the other one. */
static bool rows_setting(const struct plot_rows *rows, size_t row, const struct plot_names *settings,
                         bool *ret_other)
{
    const char *setting = rows_field(rows, row, 0);
    for (size_t i = 0; i < 2; i++) {
        *ret_other = i == 1;
        if (settings->names[i] && strcmp(setting, settings->names[i]) == 0)
            return true;
    }
    return false;
}

/* Whether the name is one of the words. */
static bool columns_have(const char *words, const char *name)
{
    size_t length = strlen(name), word;
    for (; *words; words += word + strspn(words + word, " ")) {
        word = strcspn(words, " ");
        if (word == length && strncmp(words, name, length) == 0)
            return true;
    }
    return false;
}

/* Cuts the table, of which no row is taken yet. Blocks have the columns that are named; NULL: from `row` on. */
static void rows_begin(struct plot_rows *rows, const struct table *table, const char *named)
{
    *rows = (struct plot_rows){.table = table->name};
    page_fields_make(table, &rows->fields);
    size_t columns = rows->fields.columns, first = page_fields_column(&rows->fields, "row");
    if (first == columns)
        first = page_fields_column(&rows->fields, "series");
    rows->columns = memory_new(columns + 1, sizeof(*rows->columns));
    for (size_t column = first; column < columns; column++)
        if (!named || columns_have(named, rows->fields.header[column]))
            rows->columns[rows->column_count++] = column;
    rows->rows = memory_new(rows->fields.rows + 1, sizeof(*rows->rows));
}

/* Takes the rows of lines, by their work and key. */
static void rows_make(struct plot_rows *rows, const struct table *table, const struct plot_figure *figure,
                      const struct plot_data *data, const struct plot_names *settings)
{
    rows_begin(rows, table, figure->columns);
    size_t columns = rows->fields.columns, work_column = page_fields_column(&rows->fields, "row"),
           key_column = figure->key ? page_fields_column(&rows->fields, figure->key) : columns;
    rows->keyed = key_column < columns;
    for (size_t row = 0; row < rows->fields.rows && work_column < columns; row++) {
        struct plot_row *taken = &rows->rows[rows->count];
        *taken = (struct plot_row){.row = row};
        rows->count += rows_setting(rows, row, settings, &taken->other) &&
                       rows_place(rows, row, work_column, data->works, &taken->work) &&
                       (!rows->keyed || rows_place(rows, row, key_column, data->keys, &taken->key));
    }
    qsort(rows->rows, rows->count, sizeof(*rows->rows), rows_compare);
}

/* Columns by which rows of a whole table are chosen; fields.columns for one that it lacks. */
struct whole_columns {
    size_t row, series, metric;
};

/* Whether a place lies below `past`; so does that of a table which lacks the column. */
static bool whole_place(const struct plot_rows *rows, size_t row, size_t column, size_t past)
{
    size_t place;
    return column == rows->fields.columns || rows_place(rows, row, column, past, &place);
}

static bool whole_has(const struct plot_rows *rows, size_t row, const struct whole_columns *columns,
                      const char *of, const struct plot_data *data)
{
    bool fits = !of || columns->metric == rows->fields.columns ||
                strcmp(rows_field(rows, row, columns->metric), of) == 0;
    return fits && whole_place(rows, row, columns->row, data->works) &&
           whole_place(rows, row, columns->series, data->keys);
}

/* Takes the rows of all workloads, in the order of the table. */
static void whole_make(struct plot_rows *rows, const struct table *table, const char *of,
                       const struct plot_data *data, const struct plot_names *settings)
{
    rows_begin(rows, table, NULL);
    const struct whole_columns columns = {page_fields_column(&rows->fields, "row"),
                                          page_fields_column(&rows->fields, "series"),
                                          page_fields_column(&rows->fields, "metric")};
    for (size_t row = 0; row < rows->fields.rows; row++) {
        struct plot_row *taken = &rows->rows[rows->count];
        *taken = (struct plot_row){.row = row};
        rows->count +=
            rows_setting(rows, row, settings, &taken->other) && whole_has(rows, row, &columns, of, data);
    }
}

/* Returns the table of that name, or NULL. */
static const struct table *data_table(const struct tables *tables, const char *name)
{
    for (size_t i = 0; i < tables->set.count; i++)
        if (strcmp(tables->set.tables[i].name, name) == 0)
            return &tables->set.tables[i];
    return NULL;
}

void plot_data_make(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
                    struct plot_data *ret_data)
{
    const struct plot_names settings = plot_names_of(figure, run, tables);
    *ret_data = (struct plot_data){.works = run->works.measured,
                                   .keys = run->configs.measured,
                                   .settings = run->settings.count,
                                   .configs = run->configs.names,
                                   .left_out = memory_new(run->works.measured + 1, sizeof(bool))};
    for (size_t work = 0; work < run->works.measured; work++)
        ret_data->left_out[work] = !plot_draws(figure, run, tables, work);
    for (size_t i = 0; i < PLOT_LINES && figure->lines[i]; i++) {
        const struct table *table = data_table(tables, figure->lines[i]);
        if (table)
            rows_make(&ret_data->tables[ret_data->count++], table, figure, ret_data, &settings);
    }
    for (size_t i = 0; i < PLOT_WHOLE && figure->whole[i]; i++) {
        const struct table *table = data_table(tables, figure->whole[i]);
        if (table)
            whole_make(&ret_data->whole[ret_data->whole_count++], table, figure->of, ret_data, &settings);
    }
}

static void rows_free(struct plot_rows *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        page_fields_free(&rows[i].fields);
        free(rows[i].columns);
        free(rows[i].rows);
    }
}

void plot_data_free(struct plot_data *data)
{
    rows_free(data->tables, data->count);
    rows_free(data->whole, data->whole_count);
    free(data->left_out);
    data->left_out = NULL;
    data->count = data->whole_count = 0;
}

/* Returns the first of the rows that is not before this work and key. O(log rows). */
static size_t rows_from(const struct plot_rows *rows, size_t work, size_t key)
{
    size_t from = 0, past = rows->count;
    while (from < past) {
        size_t middle = from + (past - from) / 2;
        const struct plot_row *row = &rows->rows[middle];
        if (row->work < work || (row->work == work && row->key < key))
            from = middle + 1;
        else
            past = middle;
    }
    return from;
}

size_t plot_data_count(const struct plot_data *data, size_t work, size_t key)
{
    const struct plot_rows *rows = &data->tables[0];
    if (data->count == 0)
        return 0;
    return key == data->keys ? rows_from(rows, work + 1, 0) - rows_from(rows, work, 0)
                             : rows_from(rows, work, key + 1) - rows_from(rows, work, key);
}

size_t plot_data_from(const struct plot_data *data, size_t work, size_t key)
{
    return data->count ? rows_from(&data->tables[0], work, key) : 0;
}

/* Writes the fields of a row that blocks have. */
static void rows_write_line(FILE *stream, const struct plot_rows *rows, const struct plot_row *row)
{
    fprintf(stream, "%d", row->other);
    for (size_t i = 0; i < rows->column_count; i++) {
        putc(',', stream);
        csv_field_write(stream, rows_field(rows, row->row, rows->columns[i]));
    }
    putc('\n', stream);
}

/* Writes the rest of a block whose name has been written: rows [from, past). */
static void rows_write(FILE *stream, const struct plot_rows *rows, size_t from, size_t past)
{
    fprintf(stream, " << %s\nother", plot_end);
    for (size_t i = 0; i < rows->column_count; i++)
        fprintf(stream, ",%s", rows->fields.header[rows->columns[i]]);
    putc('\n', stream);
    for (size_t i = from; i < past; i++)
        rows_write_line(stream, rows, &rows->rows[i]);
    fprintf(stream, "%s\n", plot_end);
}

static void rows_write_block(FILE *stream, const struct plot_rows *rows, size_t work, size_t key)
{
    fprintf(stream, "$%s_%zu", rows->table, work);
    if (rows->keyed)
        fprintf(stream, "_%zu", key);
    rows_write(stream, rows, rows_from(rows, work, key), rows_from(rows, work, key + 1));
}

void plot_data_write_whole(FILE *stream, const struct plot_data *data)
{
    for (size_t i = 0; i < data->whole_count; i++) {
        fprintf(stream, "$%s", data->whole[i].table);
        rows_write(stream, &data->whole[i], 0, data->whole[i].count);
    }
}

void plot_data_write(FILE *stream, const struct plot_data *data, const size_t *works, size_t count)
{
    for (size_t i = 0; i < data->count; i++)
        for (size_t place = 0; place < count; place++)
            for (size_t key = 0; key < (data->tables[i].keyed ? data->keys : 1); key++)
                rows_write_block(stream, &data->tables[i], works[place], key);
}
