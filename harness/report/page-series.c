/* SPDX-License-Identifier: MIT */
#include "harness/report/page-series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/report/page-json.h"
#include "harness/report/page-tables.h"

enum { SERIES_SETTING, SERIES_ROW, SERIES_SERIES, SERIES_KIND, SERIES_KEYS };
enum { SERIES_VALUES = 2, SERIES_LEAST = 40, SERIES_LEAST_PEAKS = 8 };

static const char *const series_keys[SERIES_KEYS] = {"setting", "row", "series", "kind"};

/* A table of lines. */
struct series_kind {
    const char *table;
    const char *values[SERIES_VALUES]; /* columns; the second is what a line's peaks are of */
    int steps;     /* the digits of the largest value, where values are written as steps; 0: they are not */
    size_t budget; /* points in the page */
    size_t whole;  /* a table of no more rows stands in the page with all of them, whatever the budget */
    bool peaks;    /* a line is a row of peaks, and what lies between them means nothing */
};

/* THE list of tables that are lines. Together they are about 2 MB of a page at most. */
static const struct series_kind series_kinds[] = {
    {"heap", {"allocated_bytes", "heap_bytes"}, 5, 60000, 0, false},
    {"heap_window", {"allocated_bytes", "heap_bytes"}, 7, 40000, 0, false},
    {"heap_least", {"allocated_bytes", "heap_bytes"}, 5, 12000, 0, false},
    {"pause_times", {"begin_ns", "pause_ns"}, 6, 14000, 40000, true},
    {"pause_curve", {"x", "pause_ns"}, 0, 26000, 0, false},
    {"latency_curve", {"x", "latency_ns"}, 0, 12000, 0, false},
    {"utilisation", {"window_ns", "utilisation"}, 0, 40000, 0, false},
};

static const struct series_kind *series_find(const char *name)
{
    for (size_t i = 0; i < sizeof(series_kinds) / sizeof(series_kinds[0]); i++)
        if (strcmp(series_kinds[i].table, name) == 0)
            return &series_kinds[i];
    return NULL;
}

bool page_series_has(const char *name)
{
    return series_find(name) != NULL;
}

/* What is written of a table. */
struct series {
    const struct series_kind *kind;
    struct page_fields fields;
    size_t keys[SERIES_KEYS], values[SERIES_VALUES]; /* columns */
    size_t most;                                     /* points of a line */
};

static const char *series_field(const struct series *series, size_t row, size_t column)
{
    return column < series->fields.columns ? series->fields.fields[row * series->fields.columns + column]
                                           : "";
}

static bool series_same_line(const struct series *series, size_t a, size_t b)
{
    for (size_t key = 0; key < SERIES_KEYS; key++)
        if (strcmp(series_field(series, a, series->keys[key]), series_field(series, b, series->keys[key])) !=
            0)
            return false;
    return true;
}

/* Returns the row after the line that begins at `first`. */
static size_t series_line_end(const struct series *series, size_t first)
{
    size_t past = first + 1;
    while (past < series->fields.rows && series_same_line(series, first, past))
        past++;
    return past;
}

static void series_open(const struct table *table, struct series *series)
{
    size_t lines = 0;
    page_fields_make(table, &series->fields);
    for (size_t key = 0; key < SERIES_KEYS; key++)
        series->keys[key] = page_fields_column(&series->fields, series_keys[key]);
    for (size_t value = 0; value < SERIES_VALUES; value++)
        series->values[value] = page_fields_column(&series->fields, series->kind->values[value]);
    for (size_t row = 0; row < series->fields.rows; row = series_line_end(series, row))
        lines++;
    size_t least = series->kind->peaks ? SERIES_LEAST_PEAKS : SERIES_LEAST;
    series->most = lines ? series->kind->budget / lines : 0;
    series->most = series->most < least ? least : series->most;
    if (series->fields.rows <= series->kind->whole)
        series->most = series->kind->whole;
}

/* Returns a value; NaN for a field that is empty or no number. */
static double series_number(const struct series *series, size_t row, size_t value)
{
    const char *text = series_field(series, row, series->values[value]);
    return *text && page_json_is_number(text) ? strtod(text, NULL) : NAN;
}

/* Keeps of each stretch of a line the first of its lowest and of its highest points; of peaks the highest alone. Returns
 * how many. */
static size_t series_thin(const struct series *series, size_t first, size_t past, size_t *ret_rows)
{
    size_t each = series->kind->peaks ? 1 : 2, count = 0;
    size_t stretch = (past - first + series->most / each - 1) / (series->most / each);
    if (past - first <= series->most)
        stretch = 1;
    for (size_t from = first; from < past; from += stretch) {
        size_t low = from, high = from, to = past - from < stretch ? past : from + stretch;
        for (size_t row = from; row < to; row++) {
            low = series_number(series, row, 1) < series_number(series, low, 1) ? row : low;
            high = series_number(series, row, 1) > series_number(series, high, 1) ? row : high;
        }
        low = series->kind->peaks ? high : low;
        ret_rows[count++] = low < high ? low : high;
        if (low != high)
            ret_rows[count++] = low < high ? high : low;
    }
    return count;
}

/* Returns the power of ten in which a line's largest value has the digits of the table. */
static double series_unit(const struct series *series, const size_t *rows, size_t count, size_t value)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(series_number(series, rows[i], value)));
    double digits = most > 0 && isfinite(most) ? floor(log10(most)) + 1 : 0;
    return digits > series->kind->steps ? pow(10, digits - series->kind->steps) : 1;
}

static void series_write_steps(FILE *page, const struct series *series, const size_t *rows, size_t count,
                               size_t value)
{
    double unit = series_unit(series, rows, count, value), last = 0;
    fprintf(page, "{\"unit\":%.0f,\"steps\":[", unit);
    for (size_t i = 0; i < count; i++) {
        double number = series_number(series, rows[i], value);
        double next = isfinite(number) ? round(number / unit) : last;
        fprintf(page, "%s%.0f", i ? "," : "", next - last);
        last = next;
    }
    fputs("]}", page);
}

static void series_write_digits(FILE *page, const struct series *series, const size_t *rows, size_t count,
                                size_t value)
{
    for (size_t i = 0; i < count; i++) {
        double number = series_number(series, rows[i], value);
        putc(i ? ',' : '[', page);
        if (isfinite(number))
            fprintf(page, "%.4g", number);
        else
            fputs("null", page);
    }
    putc(']', page);
}

static void series_write_keys(FILE *page, const struct series *series, size_t row)
{
    for (size_t key = 0; key < SERIES_KEYS; key++) {
        const char *text = series_field(series, row, series->keys[key]);
        if (series->keys[key] == series->fields.columns)
            continue;
        fprintf(page, "\"%s\":", series_keys[key]);
        if ((key == SERIES_ROW || key == SERIES_SERIES) && page_json_is_number(text))
            page_json_write_number(page, text);
        else
            page_json_write_text(page, text);
        putc(',', page);
    }
}

static void series_write_line(FILE *page, const struct series *series, size_t first, size_t past)
{
    size_t *rows = memory_new(past - first + 2, sizeof(*rows));
    size_t count = series_thin(series, first, past, rows);
    putc('{', page);
    series_write_keys(page, series, first);
    fprintf(page, "\"points\":%zu,\"values\":[", past - first);
    for (size_t value = 0; value < SERIES_VALUES; value++) {
        fputs(value ? "," : "", page);
        if (series->kind->steps)
            series_write_steps(page, series, rows, count, value);
        else
            series_write_digits(page, series, rows, count, value);
    }
    fputs("]}", page);
    free(rows);
}

void page_series_write(FILE *page, const struct table *table)
{
    struct series series = {.kind = series_find(table->name)};
    series_open(table, &series);
    fprintf(page, "\"%s\":{\"columns\":[", table->name);
    for (size_t value = 0; value < SERIES_VALUES; value++)
        fprintf(page, "%s\"%s\"", value ? "," : "", series.kind->values[value]);
    fputs("],\"lines\":[", page);
    for (size_t row = 0, past; row < series.fields.rows; row = past) {
        past = series_line_end(&series, row);
        fputs(row ? "," : "", page);
        series_write_line(page, &series, row, past);
    }
    fputs("]}", page);
    page_fields_free(&series.fields);
}
