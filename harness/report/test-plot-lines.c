/* SPDX-License-Identifier: MIT */
/* What charts of lines are told of them, and the blocks of rows that they read. */
#include <stdlib.h>

#include "base/memory.h"
#include "harness/report/plot-axes.h"
#include "tests/tap.h"

enum { COLUMNS = 5, ROWS = 8 };

/* Rows of a table, as text: `series`, `kind`, and three more. All are of work 0. */
struct lines {
    const char *header[COLUMNS], *cells[ROWS][COLUMNS];
    size_t rows;
};

/* Makes the data of a figure that has these lines, for plot_data_free(). Blocks have the last three columns. */
static void make(const char *table, const char *kinds, const struct lines *lines, struct plot_data *ret_data)
{
    struct plot_rows *rows = &ret_data->tables[0];
    *ret_data = (struct plot_data){.works = 1, .keys = 2, .count = 1};
    *rows = (struct plot_rows){
        .table = table,
        .fields = {.rows = lines->rows, .columns = COLUMNS},
        .at = {.row = COLUMNS, .series = 0, .curve = COLUMNS, .kind = 1, .metric = COLUMNS},
        .keyed = true,
        .kinds = kinds,
        .columns = memory_new(COLUMNS, sizeof(size_t)),
        .column_count = 3,
        .rows = memory_new(ROWS, sizeof(struct plot_row)),
        .count = lines->rows};
    rows->fields.header = memory_new(COLUMNS, sizeof(char *));
    rows->fields.fields = memory_new(ROWS * COLUMNS, sizeof(char *));
    for (size_t column = 0; column < COLUMNS; column++)
        rows->fields.header[column] = lines->header[column];
    for (size_t i = 0; i < 3; i++)
        rows->columns[i] = 2 + i;
    for (size_t row = 0; row < lines->rows; row++) {
        size_t series = lines->cells[row][0][0] == '1';
        bool second = strcmp(lines->cells[row][1], "second") == 0;
        rows->rows[row] = (struct plot_row){.key = series, .series = series, .kind = second, .row = row};
        for (size_t column = 0; column < COLUMNS; column++)
            rows->fields.fields[row * COLUMNS + column] = lines->cells[row][column];
    }
}

/* Returns what is written of a chart of work 0: its arrays, and its blocks. */
static char *written(const char *figure, const struct plot_data *data)
{
    const size_t works[] = {0};
    const struct plot_part part = {.works = works, .count = 1};
    char *text = NULL;
    size_t size;
    FILE *stream = memory_stream(&text, &size);
    plot_axes_write(stream, plot_find(figure), data);
    plot_axes_write_part(stream, plot_find(figure), data, &part);
    plot_data_write(stream, data, works, 1);
    memory_stream_close(stream);
    return text;
}

static void check_has(const char *text, const char *expected, const char *name)
{
    tap_ok(strstr(text, expected) != NULL, "%s", name);
    if (!strstr(text, expected))
        tap_note("%s is not in:\n%s", expected, text);
}

static void check_percentiles(void)
{
    static const struct lines lines = {{"series", "kind", "x", "pause_ns", "pauses"},
                                       {{"0", "first", "1", "10", "30"},
                                        {"0", "first", "2", "20", "30"},
                                        {"0", "first", "6", "30", "30"},
                                        {"0", "first", "7", "40", "30"},
                                        {"0", "first", "30", "90", "30"},
                                        {"0", "second", "30", "70", "30"},
                                        {"1", "first", "1", "5", "1"}},
                                       7};
    struct plot_data data;
    make("pause_curve", "first second", &lines, &data);
    plot_axes_make(&data);
    char *text = written("pauses", &data);
    check_has(text, "X_max = 30\nY_min = 5\nY_max = 90\n",
              "the axes hold what they show, from the median on");
    check_has(text, "array sure[2] = [3,0]\n", "points with five longer ones are counted");
    check_has(text, "$pause_curve_0_0_first << ROWS\nother,x,pause_ns,pauses\n0,1,10,30\n",
              "a block has the rows of one kind of a line");
    check_has(text, "$pause_curve_0_0_second << ROWS\nother,x,pause_ns,pauses\n0,30,70,30\nROWS\n",
              "the next has those of the other");
    check_has(text, "$pause_curve_0_1_first << ROWS\nother,x,pause_ns,pauses\n0,2,5,1\nROWS\n",
              "a line of one figure stands at the median");
    check_has(text, "$pause_curve_0_1_second << ROWS\nother,x,pause_ns,pauses\nROWS\n",
              "a block without rows has its header");
    free(text);
    plot_data_free(&data);
}

static void check_envelopes(void)
{
    static const struct lines lines = {{"series", "kind", "window_ns", "utilisation", "processes"},
                                       {{"0", "first", "100", "0.5", "1"},
                                        {"0", "first", "200", "0.25", "1"},
                                        {"0", "first", "400", "0.75", "1"},
                                        {"0", "second", "100", "0.125", "1"},
                                        {"1", "first", "100", "0.9", "1"},
                                        {"1", "first", "800", "0.8", "1"}},
                                       6};
    struct plot_data data;
    make("utilisation", "first second", &lines, &data);
    plot_axes_make(&data);
    char *text = written("utilisation", &data);
    check_has(text, "X_min = 100\nX_max = 800\n", "windows go from the shortest to the longest");
    check_has(text, "array points[2] = [3,2]\n", "points of the first kind are counted");
    check_has(text,
              "$utilisation_0_0_first << ROWS\nother,window_ns,utilisation,processes,least\n"
              "0,100,0.5,1,0.25\n0,200,0.25,1,0.25\n0,400,0.75,1,0.75\nROWS\n",
              "an envelope is the least in windows of that length or longer");
    check_has(text, "0,100,0.9,1,0.8\n0,800,0.8,1,0.8\nROWS\n", "each line has its own");
    free(text);
    plot_data_free(&data);
}

/* A line may have none of the first kind: of latencies, those without a schedule have no responses. */
static void check_kinds(void)
{
    static const struct lines lines = {{"series", "kind", "x", "latency_ns", "requests"},
                                       {{"0", "first", "2", "10", "20"},
                                        {"0", "second", "2", "10", "20"},
                                        {"0", "second", "4", "15", "20"},
                                        {"1", "second", "2", "10", "20"},
                                        {"1", "second", "4", "15", "20"},
                                        {"1", "second", "5", "20", "20"}},
                                       6};
    struct plot_data data;
    make("latency_curve", "first second", &lines, &data);
    char *text = written("latency", &data);
    check_has(text, "array sure[2] = [1,2]\n", "points are those of the first kind that a line has");
    free(text);
    plot_data_free(&data);
}

int main(void)
{
    check_percentiles();
    check_envelopes();
    check_kinds();
    return tap_done();
}
