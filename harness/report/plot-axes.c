/* SPDX-License-Identifier: MIT */
#include "harness/report/plot-axes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "harness/report/gnuplot-define.h"

/* Returns the text of a column in a row of a table, by its place among those that are drawn. */
static const char *axes_text(const struct plot_rows *rows, size_t place, size_t column)
{
    return column < rows->fields.columns
               ? rows->fields.fields[rows->rows[place].row * rows->fields.columns + column]
               : "";
}

/* Returns the number that stands there; NaN where there is none. */
static double axes_number(const struct plot_rows *rows, size_t place, size_t column)
{
    double number;
    return number_real_read(axes_text(rows, place, column), &number) ? number : NAN;
}

static size_t axes_column(const struct plot_rows *rows, const char *name)
{
    return page_fields_column(&rows->fields, name);
}

/* Returns the rows of that table; NULL where the figure draws no lines of it. */
static const struct plot_rows *axes_rows(const struct plot_data *data, const char *table)
{
    for (size_t i = 0; i < data->count; i++)
        if (strcmp(data->tables[i].table, table) == 0)
            return &data->tables[i];
    return NULL;
}

/* ---- percentiles ---- */

/* A curve over percentiles begins at the median. A line of one figure stands there, too. */
#define AXES_MEDIAN 2.0

/* The tables of curves over percentiles: their columns of values, and of how many figures a line has. */
struct axes_curve {
    const char *table, *value, *of;
};
static const struct axes_curve axes_curves[] = {{"pause_curve", "pause_ns", "pauses"},
                                                {"latency_curve", "latency_ns", "requests"}};

/* Returns what the figure's first table is as a curve; NULL: it is none. */
static const struct axes_curve *axes_curve_of(const struct plot_data *data)
{
    for (size_t i = 0; i < sizeof axes_curves / sizeof *axes_curves; i++)
        if (data->count && strcmp(data->tables[0].table, axes_curves[i].table) == 0)
            return &axes_curves[i];
    return NULL;
}

/* Puts a line of one figure where the axis begins. */
static void axes_place_lone(struct plot_rows *rows, const struct axes_curve *curve)
{
    static const char median[] = "2";
    size_t x = axes_column(rows, "x"), of = axes_column(rows, curve->of);
    for (size_t place = 0; place < rows->count && x < rows->fields.columns; place++)
        if (axes_number(rows, place, x) < AXES_MEDIAN && axes_number(rows, place, of) < 2)
            rows->fields.fields[rows->rows[place].row * rows->fields.columns + x] = median;
}

/* Defines the ranges of percentiles and of the values. */
static void axes_write_percentiles(FILE *stream, const struct plot_rows *rows, const struct axes_curve *curve)
{
    size_t x_column = axes_column(rows, "x"), value_column = axes_column(rows, curve->value);
    double x_most = AXES_MEDIAN, least = INFINITY, most = 0;
    for (size_t place = 0; place < rows->count; place++) {
        double x = axes_number(rows, place, x_column), value = axes_number(rows, place, value_column);
        x_most = fmax(x_most, x);
        if (x < AXES_MEDIAN || !(value > 0))
            continue;
        least = fmin(least, value);
        most = fmax(most, value);
    }
    fprintf(stream, "X_max = %.9g\nY_min = %.9g\nY_max = %.9g\n", x_most, most > 0 ? least : 1e6,
            most > 0 ? most : 1e6);
}

/* Returns how many of a line's first points have five longer figures: of the first of its kinds that it has. */
static double axes_sure(const struct plot_rows *rows, size_t work, size_t key, const struct axes_curve *curve)
{
    size_t x = axes_column(rows, "x"), of = axes_column(rows, curve->of), sure = 0,
           from = plot_rows_from(rows, work, key, 0), past = plot_rows_from(rows, work, key + 1, 0),
           kind = from < past ? rows->rows[from].kind : 0,
           count = plot_rows_from(rows, work, key, kind + 1) - from;
    while (sure < count && 5 * axes_number(rows, from + sure, x) <= axes_number(rows, from + sure, of))
        sure++;
    return (double)sure;
}

/* Defines which works have response times. */
static void axes_write_responds(FILE *stream, const struct plot_data *data)
{
    const struct plot_rows *rows = &data->tables[0];
    double *responds = memory_new(data->works + 1, sizeof(*responds));
    for (size_t place = 0; place < rows->count; place++)
        if (strcmp(axes_text(rows, place, rows->at.kind), "response") == 0)
            responds[rows->rows[place].work] = 1;
    gnuplot_define_numbers(stream, "responds", responds, data->works);
    free(responds);
}

/* ---- utilisation ---- */

/* Makes the lower envelopes: of each row the least share in windows of its length or longer, within its line. */
static void axes_make_envelopes(struct plot_rows *rows)
{
    size_t share = axes_column(rows, "utilisation");
    double least = 1;
    rows->least = memory_new(rows->count + 1, sizeof(*rows->least));
    for (size_t place = rows->count; place-- > 0;) {
        const struct plot_row *row = &rows->rows[place], *longer = row + 1;
        if (place + 1 == rows->count || row->work != longer->work || row->key != longer->key ||
            row->kind != longer->kind)
            least = 1;
        least = fmin(least, axes_number(rows, place, share));
        rows->least[place] = least;
    }
}

static void axes_write_windows(FILE *stream, const struct plot_rows *rows)
{
    size_t window = axes_column(rows, "window_ns");
    double least = INFINITY, most = 0;
    for (size_t place = 0; place < rows->count; place++) {
        least = fmin(least, axes_number(rows, place, window));
        most = fmax(most, axes_number(rows, place, window));
    }
    least = isinf(least) ? 1e6 : least;
    fprintf(stream, "X_min = %.17g\nX_max = %.17g\n", least, most > least ? most : least * 10);
}

/* ---- panels of cells ---- */

/*
 * Defines how far the processes that the figure draws are off the median of their cells, at most, as a share; -1 where
 * their table does not say.
 */
static void axes_write_off(FILE *stream, const struct plot_rows *rows)
{
    size_t column = axes_column(rows, "over_median");
    double most = -1;
    for (size_t place = 0; place < rows->count; place++)
        most = fmax(most, fabs(axes_number(rows, place, column) - 1));
    fprintf(stream, "off_median = %.9g\n", most);
}

/* What is to be known of the lines of a cell in a table. */
struct axes_extent {
    double points, least, most;
};

/* Returns how far the rows of a work and a config reach in a column; 0 where there are none. */
static struct axes_extent axes_extent_of(const struct plot_rows *rows, size_t work, size_t key,
                                         const char *name)
{
    struct axes_extent extent = {.least = INFINITY};
    if (!rows)
        return (struct axes_extent){0};
    size_t column = axes_column(rows, name), from = plot_rows_from(rows, work, key, 0),
           past = plot_rows_from(rows, work, key, 1);
    for (size_t place = from; place < past; place++) {
        extent.least = fmin(extent.least, axes_number(rows, place, column));
        extent.most = fmax(extent.most, axes_number(rows, place, column));
    }
    extent.points = (double)(past - from);
    extent.least = isinf(extent.least) ? 0 : extent.least;
    return extent;
}

/* ---- arrays of cells ---- */

/* What a chart is told of each of its cells, by name. */
enum {
    AXES_POINTS,
    AXES_SURE,
    AXES_TOPS,
    AXES_ENDS,
    AXES_WINDOW_POINTS,
    AXES_WINDOW_FROM,
    AXES_WINDOW_TO,
    AXES_COLLECTED,
    AXES_ARRAYS
};
static const char *const axes_names[AXES_ARRAYS] = {"points",        "sure",        "tops",      "ends",
                                                    "window_points", "window_from", "window_to", "collected"};

/* Returns whether a chart of the figure is told so. gnuplot takes its time for each number. */
static bool axes_tells(const struct plot_figure *figure, const struct plot_data *data, int array)
{
    if (figure->shape.panels == PLOT_OF_CELLS)
        return array != AXES_SURE;
    return array == AXES_SURE     ? axes_curve_of(data) != NULL
           : array == AXES_POINTS ? axes_rows(data, "utilisation") != NULL
                                  : false;
}

/* Returns one of these figures of a cell. */
static double axes_figure(const struct plot_data *data, size_t work, size_t key, int array)
{
    const struct plot_rows *rows = &data->tables[0];
    const struct axes_extent window =
        axes_extent_of(axes_rows(data, "heap_window"), work, key, "allocated_bytes");
    switch (array) {
    case AXES_POINTS:
        return (double)plot_data_count(data, work, key);
    case AXES_SURE:
        return axes_sure(rows, work, key, axes_curve_of(data));
    case AXES_TOPS:
        return axes_extent_of(rows, work, key, "heap_bytes").most;
    case AXES_ENDS:
        return axes_extent_of(rows, work, key, "allocated_bytes").most;
    case AXES_WINDOW_POINTS:
        return window.points;
    case AXES_WINDOW_FROM:
        return window.least;
    case AXES_WINDOW_TO:
        return window.most;
    default:
        return axes_extent_of(axes_rows(data, "collections"), work, key, "collections").most;
    }
}

/* ---- all of it ---- */

void plot_axes_make(struct plot_data *data)
{
    const struct axes_curve *curve = axes_curve_of(data);
    if (curve)
        axes_place_lone(&data->tables[0], curve);
    if (data->count && strcmp(data->tables[0].table, "utilisation") == 0)
        axes_make_envelopes(&data->tables[0]);
}

void plot_axes_write(FILE *stream, const struct plot_figure *figure, const struct plot_data *data)
{
    const struct axes_curve *curve = axes_curve_of(data);
    if (data->count == 0)
        return;
    if (curve)
        axes_write_percentiles(stream, &data->tables[0], curve);
    if (axes_rows(data, "latency_curve"))
        axes_write_responds(stream, data);
    if (axes_rows(data, "utilisation"))
        axes_write_windows(stream, &data->tables[0]);
    if (figure->shape.panels == PLOT_OF_CELLS)
        axes_write_off(stream, &data->tables[0]);
}

void plot_axes_write_part(FILE *stream, const struct plot_figure *figure, const struct plot_data *data,
                          const struct plot_part *part)
{
    size_t cells = part->count * data->keys;
    double *figures = memory_new(cells + 1, sizeof(*figures));
    for (int array = 0; array < AXES_ARRAYS && data->count > 0; array++) {
        if (!axes_tells(figure, data, array))
            continue;
        for (size_t i = 0; i < cells; i++)
            figures[i] = axes_figure(data, part->works[i / data->keys], i % data->keys, array);
        gnuplot_define_numbers(stream, axes_names[array], figures, cells);
    }
    free(figures);
}
