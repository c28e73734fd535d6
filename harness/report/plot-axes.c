/* SPDX-License-Identifier: MIT */
#include "harness/report/plot-axes.h"

#include <math.h>
#include <string.h>

#include "base/number.h"

/* Returns the text of a column in a row of the first table, by its place among those that are drawn. */
static const char *axes_text(const struct plot_data *data, size_t place, size_t column)
{
    const struct plot_rows *rows = &data->tables[0];
    return column < rows->fields.columns
               ? rows->fields.fields[rows->rows[place].row * rows->fields.columns + column]
               : "";
}

/* Returns the number that stands there; NaN where there is none. */
static double axes_number(const struct plot_data *data, size_t place, size_t column)
{
    double number;
    return number_real_read(axes_text(data, place, column), &number) ? number : NAN;
}

static size_t axes_column(const struct plot_data *data, const char *name)
{
    return page_fields_column(&data->tables[0].fields, name);
}

/* ---- percentiles ---- */

/* A curve over percentiles begins at the median. A line of one figure stands there, too. */
#define AXES_MEDIAN 2.0

/* Whether a point of a curve lies within the axes: `x` is 1 / (1 - p), and `of` how many figures its line has. */
static bool axes_shows(const char *kind, double x, double value, double of)
{
    return (x >= AXES_MEDIAN || of < 2) && value > 0 && strcmp(kind, "metered_10x") != 0;
}

/* Defines the ranges of percentiles and of the values in `name`, of which lines have as many as the column `of` says. */
static void axes_write_percentiles(FILE *stream, const struct plot_data *data, const char *name,
                                   const char *of)
{
    size_t x_column = axes_column(data, "x"), value_column = axes_column(data, name),
           of_column = axes_column(data, of), kind_column = axes_column(data, "kind");
    double x_most = AXES_MEDIAN, least = INFINITY, most = 0;
    for (size_t place = 0; place < data->tables[0].count; place++) {
        double x = axes_number(data, place, x_column), value = axes_number(data, place, value_column);
        x_most = fmax(x_most, x);
        if (!axes_shows(axes_text(data, place, kind_column), x, value, axes_number(data, place, of_column)))
            continue;
        least = fmin(least, value);
        most = fmax(most, value);
    }
    fprintf(stream, "X_max = %.9g\nY_min = %.9g\nY_max = %.9g\n", x_most, most > 0 ? least : 1e6,
            most > 0 ? most : 1e6);
}

/* ---- panels of configs ---- */

/*
 * Defines how far the processes that the figure draws are off the median of their cells, at most, as a share; -1 where
 * their table does not say.
 */
static void axes_write_off(FILE *stream, const struct plot_data *data)
{
    size_t column = axes_column(data, "over_median");
    double most = -1;
    for (size_t place = 0; place < data->tables[0].count; place++)
        most = fmax(most, fabs(axes_number(data, place, column) - 1));
    fprintf(stream, "off_median = %.9g\n", most);
}

/* Returns the largest number of a column in the rows of a work and a config; 0 where there is none. */
static double axes_most(const struct plot_data *data, size_t work, size_t key, size_t column)
{
    size_t from = plot_data_from(data, work, key), count = plot_data_count(data, work, key);
    double most = 0;
    for (size_t place = from; place < from + count; place++)
        most = fmax(most, axes_number(data, place, column));
    return most;
}

void plot_axes_write(FILE *stream, const struct plot_figure *figure, const struct plot_data *data)
{
    if (data->count == 0)
        return;
    if (strcmp(data->tables[0].table, "pause_curve") == 0)
        axes_write_percentiles(stream, data, "pause_ns", "pauses");
    if (strcmp(data->tables[0].table, "latency_curve") == 0)
        axes_write_percentiles(stream, data, "latency_ns", "requests");
    if (figure->shape.panels == PLOT_OF_CELLS)
        axes_write_off(stream, data);
}

void plot_axes_write_part(FILE *stream, const struct plot_figure *figure, const struct plot_data *data,
                          const struct plot_part *part)
{
    if (figure->shape.panels != PLOT_OF_CELLS || data->count == 0)
        return;
    size_t cells = data->works * data->keys + 1, heap = axes_column(data, "heap_bytes"),
           allocated = axes_column(data, "allocated_bytes");
    fprintf(stream, "array points[%zu]\narray tops[%zu]\narray ends[%zu]\n", cells, cells, cells);
    for (size_t i = 0; i < part->count; i++)
        for (size_t key = 0; key < data->keys; key++) {
            size_t work = part->works[i], place = work * data->keys + key + 1;
            fprintf(stream, "points[%zu] = %zu\ntops[%zu] = %.9g\nends[%zu] = %.9g\n", place,
                    plot_data_count(data, work, key), place, axes_most(data, work, key, heap), place,
                    axes_most(data, work, key, allocated));
        }
}
