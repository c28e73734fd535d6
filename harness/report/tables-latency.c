/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-latency.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/results/csv.h"
#include "harness/results/latencies.h"

/* Points of a latency curve for each factor of ten on its axis. */
enum { LATENCY_POINTS_PER_DECADE = 12 };

/* As the record calls them. */
static const char *const latency_kinds[TABLES_LATENCY_KINDS] = {"simple", "metered_100ms", "metered_10x",
                                                                "response"};
static const char *const latency_figures[TABLES_LATENCY_FIGURES] = {"p50_ns", "p90_ns", "p99_ns", "p999_ns",
                                                                    "max_ns"};

#define LATENCY_KIND                                                                                         \
    COLUMN_WORD("kind", "simple metered_100ms metered_10x response",                                         \
                "how latency is counted: docs/metrics.md has the formula of each", NULL)

static const struct dictionary_column latency_columns[] = {
    TABLES_CELL_COLUMNS,
    LATENCY_KIND,
    COLUMN_NUMBER("p50_ns", "ns",
                  "median over processes of the latency that half of the requests do not exceed", NULL),
    COLUMN_NUMBER("p90_ns", "ns", "the same of 90% of the requests", NULL),
    COLUMN_NUMBER("p99_ns", "ns", "the same of 99% of the requests", NULL),
    COLUMN_NUMBER("p999_ns", "ns", "the same of 99.9% of the requests", NULL),
    COLUMN_NUMBER("max_ns", "ns", "longest latency of any process", NULL),
    COLUMN_NUMBER("offered_per_s", "1/s", "median over processes of the requests that arrived",
                  "in a closed loop"),
    COLUMN_NUMBER("achieved_per_s", "1/s", "median over processes of the requests that were served",
                  "where no record has it"),
    COLUMN_COUNT("processes", "count", "processes that the figures are of", NULL),
    TABLES_TOO_FEW("requests"),
};

const struct dictionary_file tables_latency_file = {.name = "latency",
                                                    .path = "tables/latency.csv",
                                                    .row = "a cell and a kind of latency",
                                                    .key = TABLES_CELL_KEY " kind",
                                                    DICTIONARY_COLUMNS(latency_columns)};

static const struct dictionary_column latency_curve_columns[] = {
    TABLES_CELL_COLUMNS,
    LATENCY_KIND,
    COLUMN_NUMBER("x", "ratio", "1 / (1 - p) of the quantile p; at the last point the number of requests",
                  NULL),
    COLUMN_COUNT("latency_ns", "ns",
                 "latency that at least a share p of the requests of all processes does not exceed", NULL),
    COLUMN_COUNT("requests", "count", "requests of all processes that were kept", NULL),
    TABLES_FEW("requests"),
};

const struct dictionary_file tables_latency_curve_file = {.name = "latency_curve",
                                                          .path = "tables/latency_curve.csv",
                                                          .row = "a point of the curve of a cell's latencies",
                                                          .key = TABLES_CELL_KEY " kind x",
                                                          DICTIONARY_COLUMNS(latency_curve_columns)};

/* The latencies of every kept process of a cell, pooled. */
struct latency_pool {
    int64_t *latencies[TABLES_LATENCY_KINDS];
    size_t count;
    bool scheduled; /* a request waited for its turn, so there are response times */
};

static int latency_pool_add(struct latency_pool *pool, struct latencies *requests)
{
    static const int64_t windows[] = {
        [TABLES_LATENCY_SIMPLE] = 0, [TABLES_LATENCY_METERED] = LATENCY_WINDOW_SHORT};
    for (int kind = 0; kind < TABLES_LATENCY_KINDS; kind++) {
        pool->latencies[kind] =
            memory_grow(pool->latencies[kind], pool->count + requests->count, sizeof(*pool->latencies[kind]));
    }
    for (size_t i = 0; i < requests->count; i++)
        pool->scheduled |= requests->rows[i].arrival_ns != requests->rows[i].begin_ns;
    latency_sort(requests->rows, requests->count);
    for (int kind = TABLES_LATENCY_SIMPLE; kind <= TABLES_LATENCY_METERED; kind++)
        latency_metered(requests->rows, requests->count, windows[kind], pool->latencies[kind] + pool->count);
    latency_metered(requests->rows, requests->count,
                    latency_window_all(latency_span(requests->rows, requests->count)),
                    pool->latencies[TABLES_LATENCY_METERED_ALL] + pool->count);
    latency_response(requests->rows, requests->count, pool->latencies[TABLES_LATENCY_RESPONSE] + pool->count);
    pool->count += requests->count;
    return 0;
}

/* Writes one row per point x = 1 / (1 - p), from the shortest latency to the longest. */
static void latency_write_curve(struct table *table, const struct run *run, const struct run_cell *cell,
                                const char *kind, const int64_t *sorted, size_t count)
{
    bool last = count == 0;
    for (int step = 0; !last; step++) {
        double x = pow(10, step / (double)LATENCY_POINTS_PER_DECADE);
        last = x >= (double)count;
        x = last ? (double)count : x;
        tables_cell(table, run, cell);
        table_text(table, kind);
        table_number(table, x);
        table_count(table, quantile_rank_of_sorted(sorted, count, last ? 1 : 1 - 1 / x));
        table_count(table, (int64_t)count);
        table_count(table, tables_is_few(x, count));
        table_end(table);
    }
}

static int latency_make_curve(const struct run *run, size_t index, struct table *table)
{
    struct latency_pool pool = {0};
    int status = 0;
    for (size_t block = 0; block < run->blocks && status == 0; block++) {
        const struct store_row *row = run_cell_shown_row(run, &run->cells[index], block);
        struct latencies requests = {0};
        if (!row || strcmp(row->status, "ok") != 0)
            continue;
        status = latencies_read(run->store->dir, row->id, &requests);
        status = status == 1 ? latency_pool_add(&pool, &requests) : status;
        free(requests.rows);
    }
    for (int kind = 0; kind < TABLES_LATENCY_KINDS; kind++) {
        if (status == 0 && (kind != TABLES_LATENCY_RESPONSE || pool.scheduled)) {
            quantile_sort_ns(pool.latencies[kind], pool.count);
            latency_write_curve(table, run, &run->cells[index], latency_kinds[kind], pool.latencies[kind],
                                pool.count);
        }
        free(pool.latencies[kind]);
    }
    return status;
}

/*
 * Returns the median, or the largest, over processes of the number `key` in their `latency`, or in its
 * object `kind`.
 */
static double latency_over_processes(const json_t *latencies, const char *kind, const char *key, bool largest)
{
    size_t count = json_array_size(latencies), index;
    double *values = memory_new(count, sizeof(*values)), most = NAN;
    const json_t *latency;
    json_array_foreach(latencies, index, latency) {
        const json_t *value = json_object_get(kind ? json_object_get(latency, kind) : latency, key);
        values[index] = json_is_number(value) ? json_number_value(value) : NAN;
        most = fmax(most, values[index]);
    }
    double median = quantile_median(values, count);
    free(values);
    return largest ? most : median;
}

static void latency_take(const struct tables_records *records, struct tables_latency *ret_latency)
{
    json_t *latencies = json_array();
    for (size_t i = 0; i < records->count; i++) {
        json_t *latency = json_object_get(records->records[i], "latency");
        if (json_is_object(latency))
            json_array_append(latencies, latency);
    }
    ret_latency->processes = json_array_size(latencies);
    ret_latency->offered_per_s = latency_over_processes(latencies, NULL, "offered_per_s", false);
    ret_latency->achieved_per_s = latency_over_processes(latencies, NULL, "achieved_per_s", false);
    ret_latency->requests = latency_over_processes(latencies, NULL, "requests", false);
    for (int kind = 0; kind < TABLES_LATENCY_KINDS; kind++)
        for (int figure = 0; figure < TABLES_LATENCY_FIGURES; figure++)
            ret_latency->ns[kind][figure] = latency_over_processes(
                latencies, latency_kinds[kind], latency_figures[figure], figure == TABLES_LATENCY_MAX);
    json_decref(latencies);
}

static void latency_write(struct table *table, const struct run *run, const struct run_cell *cell,
                          const struct tables_latency *latency)
{
    for (int kind = 0; kind < TABLES_LATENCY_KINDS; kind++) {
        if (isnan(latency->ns[kind][TABLES_LATENCY_P50]))
            continue;
        tables_cell(table, run, cell);
        table_text(table, latency_kinds[kind]);
        for (int figure = 0; figure < TABLES_LATENCY_FIGURES; figure++)
            table_number(table, latency->ns[kind][figure]);
        table_number(table, latency->offered_per_s);
        table_number(table, latency->achieved_per_s);
        table_count(table, (int64_t)latency->processes);
        tables_too_few(table, latency->requests);
        table_end(table);
    }
}

int tables_latency_add(const struct run *run, size_t index, const struct tables_records *records,
                       struct tables_latencies *tables, struct tables_latency *ret_latency)
{
    latency_take(records, ret_latency);
    latency_write(tables->quantiles, run, &run->cells[index], ret_latency);
    return latency_make_curve(run, index, tables->curve);
}

/* The fields of a row of the table, as its header names them. */
enum {
    LATENCY_FIELD_SETTING,
    LATENCY_FIELD_WORK,
    LATENCY_FIELD_CONFIG,
    LATENCY_FIELD_ROW,
    LATENCY_FIELD_SERIES,
    LATENCY_FIELD_ROLE,
    LATENCY_FIELD_KIND,
    LATENCY_FIELD_FIGURES,
    LATENCY_FIELD_OFFERED = LATENCY_FIELD_FIGURES + TABLES_LATENCY_FIGURES,
    LATENCY_FIELD_ACHIEVED,
    LATENCY_FIELD_PROCESSES,
    LATENCY_FIELD_TOO_FEW,
    LATENCY_FIELDS
};

/* Returns the place of `name` among `names`; `count` where it is not among them. */
static size_t latency_place(char *const *names, size_t count, const char *name)
{
    size_t place = 0;
    while (place < count && strcmp(names[place], name) != 0)
        place++;
    return place;
}

static double latency_number(const char *text)
{
    return *text ? strtod(text, NULL) : NAN;
}

static void latency_take_row(const struct run *run, char *const *fields, struct tables_latency *ret_latencies)
{
    const struct run_cell *cell =
        run_cell_at(run, latency_place(run->works.names, run->works.count, fields[LATENCY_FIELD_WORK]),
                    latency_place(run->configs.names, run->configs.count, fields[LATENCY_FIELD_CONFIG]),
                    latency_place(run->settings.names, run->settings.count, fields[LATENCY_FIELD_SETTING]));
    int kind = 0;
    while (kind < TABLES_LATENCY_KINDS && strcmp(latency_kinds[kind], fields[LATENCY_FIELD_KIND]) != 0)
        kind++;
    if (!cell || kind == TABLES_LATENCY_KINDS)
        return;
    struct tables_latency *latency = &ret_latencies[cell - run->cells];
    for (int figure = 0; figure < TABLES_LATENCY_FIGURES; figure++)
        latency->ns[kind][figure] = latency_number(fields[LATENCY_FIELD_FIGURES + figure]);
    latency->offered_per_s = latency_number(fields[LATENCY_FIELD_OFFERED]);
    latency->achieved_per_s = latency_number(fields[LATENCY_FIELD_ACHIEVED]);
    latency->processes = strtoul(fields[LATENCY_FIELD_PROCESSES], NULL, 10);
}

void tables_latency_take(const struct run *run, const struct table *table,
                         struct tables_latency *ret_latencies)
{
    struct csv_reader reader;
    char *text = memory_need(strndup(table->text, table->size)); /* reading changes it */
    csv_reader_start(&reader, text, strlen(text));
    for (bool header = true; csv_record_next(&reader) == CSV_RECORD; header = false)
        if (!header && reader.field_count == LATENCY_FIELDS)
            latency_take_row(run, reader.fields, ret_latencies);
    csv_reader_stop(&reader);
    free(text);
}
