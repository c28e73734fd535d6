/* SPDX-License-Identifier: MIT */
#include "harness/report/plot-data.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/report/tables-cell.h"
#include "harness/report/tables-memory.h"
#include "harness/results/csv.h"

/* Ends a block. A line of a block begins with a digit. */
static const char plot_end[] = "ROWS";

static const char *rows_field(const struct plot_rows *rows, size_t row, size_t column)
{
    return rows->fields.fields[row * rows->fields.columns + column];
}

/*
 * Reads the place in a column, which is one of the run, as `ret_place` of those that are shown. Returns whether there is
 * one; a table that lacks the column has 0 in all rows.
 */
static bool rows_place(const struct plot_rows *rows, size_t row, size_t column, const size_t *shown,
                       size_t count, size_t *ret_place)
{
    int64_t place = 0;
    *ret_place = 0;
    if (column == rows->fields.columns)
        return true;
    if (!csv_count_parse(rows_field(rows, row, column), INT32_MAX, &place) || (size_t)place >= count)
        return false;
    *ret_place = shown[place];
    return *ret_place != PLOT_NOT_SHOWN;
}

static int rows_compare(const void *a, const void *b)
{
    const struct plot_row *left = a, *right = b;
    const size_t pairs[][2] = {{left->work, right->work},
                               {left->key, right->key},
                               {left->kind, right->kind},
                               {left->row, right->row}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][0] != pairs[i][1])
            return pairs[i][0] < pairs[i][1] ? -1 : 1;
    return 0;
}

/* The settings whose rows are drawn, by name; the second is NULL where there is one. */
struct plot_names {
    const char *names[2];
    bool all; /* those of any setting are */
};

static struct plot_names plot_names_of(const struct plot_figure *figure, const struct run *run,
                                       const struct tables *tables)
{
    size_t front = tables_front_of(run, tables, figure->metric), count = run->settings.count;
    size_t other = front < count && figure->settings == PLOT_MEMORY ? tables_memory_other(run, front) : count;
    return (struct plot_names){{front < count ? run->settings.names[front] : NULL,
                                other < count ? run->settings.names[other] : NULL},
                               figure->settings == PLOT_ALL};
}

/* Whether the row is of a setting that is drawn, and whether that is the other one. */
static bool rows_setting(const struct plot_rows *rows, size_t row, const struct plot_names *settings,
                         bool *ret_other)
{
    const char *setting = rows_field(rows, row, 0);
    *ret_other = false;
    for (size_t i = 0; i < 2 && !settings->all; i++) {
        *ret_other = i == 1;
        if (settings->names[i] && strcmp(setting, settings->names[i]) == 0)
            return true;
    }
    return settings->all;
}

/* Returns the place of the name among the words, or how many there are. */
static size_t words_place(const char *words, const char *name)
{
    size_t length = strlen(name), word, place = 0;
    for (; *words; words += word + strspn(words + word, " "), place++) {
        word = strcspn(words, " ");
        if (word == length && strncmp(words, name, length) == 0)
            return place;
    }
    return place;
}

/* Returns how many words there are; 0 where it is NULL. */
static size_t words_count(const char *words)
{
    return words ? words_place(words, "") : 0;
}

static bool columns_have(const char *words, const char *name)
{
    return words_place(words, name) < words_count(words);
}

/* Cuts the table, of which no row is taken yet. Blocks have the columns that are named; NULL: from `row` on. */
static void rows_begin(struct plot_rows *rows, const struct table *table, const char *named)
{
    *rows = (struct plot_rows){.table = table->name};
    page_fields_make(table, &rows->fields);
    rows->at = (struct plot_columns){
        page_fields_column(&rows->fields, "row"), page_fields_column(&rows->fields, "series"),
        page_fields_column(&rows->fields, "curve"), page_fields_column(&rows->fields, "kind"),
        page_fields_column(&rows->fields, "metric")};
    size_t columns = rows->fields.columns;
    rows->columns = memory_new(columns + 1, sizeof(*rows->columns));
    for (size_t column = rows->at.row < columns ? rows->at.row : rows->at.series; column < columns; column++)
        if (!named || columns_have(named, rows->fields.header[column]))
            rows->columns[rows->column_count++] = column;
    rows->rows = memory_new(rows->fields.rows + 1, sizeof(*rows->rows));
}

/* What rows are chosen by. */
struct plot_filter {
    const struct plot_figure *figure;
    struct plot_names settings;
    const struct plot_choice *choice;
    size_t *curves; /* the places of curves among those shown */
};

/* Whether the row is of the metric that the figure draws, if its table has several. */
static bool rows_is_of(const struct plot_rows *rows, size_t row, const char *of)
{
    return !of || rows->at.metric == rows->fields.columns ||
           strcmp(rows_field(rows, row, rows->at.metric), of) == 0;
}

/* Whether the row is drawn, and where it goes; its key and its kind apart. */
static bool rows_takes(const struct plot_rows *rows, size_t row, const struct plot_filter *filter,
                       struct plot_row *ret_row)
{
    const struct plot_chosen *works = &filter->choice->works, *configs = &filter->choice->configs;
    *ret_row = (struct plot_row){.row = row};
    return rows_setting(rows, row, &filter->settings, &ret_row->other) &&
           rows_is_of(rows, row, filter->figure->of) &&
           rows_place(rows, row, rows->at.row, works->at, works->measured, &ret_row->work) &&
           rows_place(rows, row, rows->at.series, configs->at, configs->measured, &ret_row->series) &&
           rows_place(rows, row, rows->at.curve, filter->curves, configs->measured, &ret_row->curve);
}

/* Takes the rows of lines, by their work, key and kind. */
static void rows_make(struct plot_rows *rows, const struct table *table, const struct plot_filter *filter)
{
    const struct plot_figure *figure = filter->figure;
    rows_begin(rows, table, figure->columns);
    size_t columns = rows->fields.columns;
    bool of_curves = figure->key && strcmp(figure->key, "curve") == 0;
    rows->keyed = figure->key && (of_curves ? rows->at.curve : rows->at.series) < columns;
    rows->kinds = figure->kinds;
    size_t kinds = words_count(rows->kinds);
    for (size_t row = 0; row < rows->fields.rows && rows->at.row < columns; row++) {
        struct plot_row *taken = &rows->rows[rows->count];
        if (!rows_takes(rows, row, filter, taken))
            continue;
        taken->key = !rows->keyed ? 0 : of_curves ? taken->curve : taken->series;
        /* A table of an earlier version has no kinds: its rows are all of the first. */
        const char *kind = kinds && rows->at.kind < columns ? rows_field(rows, row, rows->at.kind) : "";
        taken->kind = *kind ? words_place(rows->kinds, kind) : 0;
        rows->count += kinds == 0 || taken->kind < kinds;
    }
    qsort(rows->rows, rows->count, sizeof(*rows->rows), rows_compare);
}

/* Takes the rows of all workloads, in the order of the table. */
static void whole_make(struct plot_rows *rows, const struct table *table, const struct plot_filter *filter)
{
    rows_begin(rows, table, NULL);
    /* A mean is over all workloads, and stands beside them alone. */
    bool means = rows->at.row == rows->fields.columns;
    if (means && plot_chosen_is_part(&filter->choice->works))
        return;
    for (size_t row = 0; row < rows->fields.rows; row++)
        rows->count += rows_takes(rows, row, filter, &rows->rows[rows->count]);
}

/* Returns the table of that name, or NULL. */
static const struct table *data_table(const struct tables *tables, const char *name)
{
    for (size_t i = 0; i < tables->set.count; i++)
        if (strcmp(tables->set.tables[i].name, name) == 0)
            return &tables->set.tables[i];
    return NULL;
}

size_t plot_data_families(const struct plot_figure *figure, const struct run *run,
                          const struct tables *tables, const struct plot_choice *choice)
{
    struct growth growth;
    size_t count = 0;
    growth_make(run, tables_front_of(run, tables, figure->metric), &growth);
    for (size_t i = 0; i < growth.count; i++)
        count += plot_choice_has_family(choice, &growth.families[i]);
    growth_free(&growth);
    return count;
}

/* Makes what is known of works and configs before any table is cut. */
static void data_begin(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
                       const struct plot_choice *choice, struct plot_data *ret_data)
{
    size_t works = choice->works.count, configs = choice->configs.count;
    *ret_data =
        (struct plot_data){.works = works,
                           .keys = configs,
                           .settings = run->settings.count,
                           .is_part = choice->given,
                           .families = figure->grows ? plot_data_families(figure, run, tables, choice) : 0,
                           .configs = memory_new(configs + 1, sizeof(char *)),
                           .left_out = memory_new(works + 1, sizeof(bool))};
    for (size_t i = 0; i < configs; i++)
        ret_data->configs[i] = run->configs.names[choice->configs.places[i]];
    for (size_t i = 0; i < works; i++)
        ret_data->left_out[i] = !plot_draws(figure, run, tables, choice->works.places[i]);
}

/* The key of a figure of curves has the collectors, each once, and not their configs. */
static void data_take_curves(const struct run *run, const struct plot_choice *choice, const size_t *curves,
                             struct plot_data *data)
{
    memset(data->configs, 0, data->keys * sizeof(*data->configs));
    for (size_t i = 0; i < data->keys; i++) {
        size_t config = choice->configs.places[i];
        data->configs[curves[tables_curve(run, config)]] = (char *)tables_collector(run, config);
    }
}

void plot_data_make(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
                    const struct plot_choice *choice, struct plot_data *ret_data)
{
    const struct plot_filter filter = {.figure = figure,
                                       .settings = plot_names_of(figure, run, tables),
                                       .choice = choice,
                                       .curves =
                                           memory_new(choice->configs.measured + 1, sizeof(*filter.curves))};
    data_begin(figure, run, tables, choice, ret_data);
    if (figure->key && strcmp(figure->key, "curve") == 0) {
        plot_choice_curves(run, choice, filter.curves);
        data_take_curves(run, choice, filter.curves, ret_data);
    }
    for (size_t i = 0; i < PLOT_LINES && figure->lines[i]; i++) {
        const struct table *table = data_table(tables, figure->lines[i]);
        if (table)
            rows_make(&ret_data->tables[ret_data->count++], table, &filter);
    }
    for (size_t i = 0; i < PLOT_WHOLE && figure->whole[i]; i++) {
        const struct table *table = data_table(tables, figure->whole[i]);
        if (table)
            whole_make(&ret_data->whole[ret_data->whole_count++], table, &filter);
    }
    free(filter.curves);
}

static void rows_free(struct plot_rows *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        page_fields_free(&rows[i].fields);
        free(rows[i].columns);
        free(rows[i].rows);
        free(rows[i].least);
    }
}

void plot_data_free(struct plot_data *data)
{
    rows_free(data->tables, data->count);
    rows_free(data->whole, data->whole_count);
    free(data->left_out);
    free(data->configs);
    data->left_out = NULL;
    data->configs = NULL;
    data->count = data->whole_count = 0;
}

/* Whether a row stands before all those of a work, key and kind. */
static bool row_is_before(const struct plot_row *row, size_t work, size_t key, size_t kind)
{
    return row->work != work ? row->work < work : row->key != key ? row->key < key : row->kind < kind;
}

size_t plot_rows_from(const struct plot_rows *rows, size_t work, size_t key, size_t kind)
{
    size_t from = 0, past = rows->count;
    while (from < past) {
        size_t middle = from + (past - from) / 2;
        if (row_is_before(&rows->rows[middle], work, key, kind))
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
    return key == data->keys ? plot_rows_from(rows, work + 1, 0, 0) - plot_rows_from(rows, work, 0, 0)
                             : plot_rows_from(rows, work, key, 1) - plot_rows_from(rows, work, key, 0);
}

/* Writes a field that blocks have. Places are those of the choice. */
static void rows_write_field(FILE *stream, const struct plot_rows *rows, const struct plot_row *row,
                             size_t column)
{
    const struct plot_columns *at = &rows->at;
    if (column == at->row || column == at->series || column == at->curve)
        fprintf(stream, ",%zu",
                column == at->row      ? row->work
                : column == at->series ? row->series
                                       : row->curve);
    else {
        putc(',', stream);
        csv_field_write(stream, rows_field(rows, row->row, column));
    }
}

/* Writes the rest of a block whose name has been written: rows [from, past). */
static void rows_write(FILE *stream, const struct plot_rows *rows, size_t from, size_t past)
{
    fprintf(stream, " << %s\nother", plot_end);
    for (size_t i = 0; i < rows->column_count; i++)
        fprintf(stream, ",%s", rows->fields.header[rows->columns[i]]);
    fputs(rows->least ? ",least\n" : "\n", stream);
    for (size_t place = from; place < past; place++) {
        const struct plot_row *row = &rows->rows[place];
        putc(row->other ? '1' : '0', stream);
        for (size_t i = 0; i < rows->column_count; i++)
            rows_write_field(stream, rows, row, rows->columns[i]);
        if (rows->least)
            fprintf(stream, ",%.6g", rows->least[place]);
        putc('\n', stream);
    }
    fprintf(stream, "%s\n", plot_end);
}

/* Writes a block for each kind of a work and a key. */
static void rows_write_blocks(FILE *stream, const struct plot_rows *rows, size_t work, size_t key)
{
    const char *kind = rows->kinds ? rows->kinds : "";
    for (size_t place = 0; place == 0 || *kind; place++) {
        size_t length = strcspn(kind, " ");
        fprintf(stream, "$%s_%zu", rows->table, work);
        if (rows->keyed)
            fprintf(stream, "_%zu", key);
        if (length)
            fprintf(stream, "_%.*s", (int)length, kind);
        rows_write(stream, rows, plot_rows_from(rows, work, key, place),
                   plot_rows_from(rows, work, key, place + 1));
        kind += length + strspn(kind + length, " ");
    }
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
                rows_write_blocks(stream, &data->tables[i], works[place], key);
}
