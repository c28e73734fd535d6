/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-pauses.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/analysis/utilisation.h"
#include "harness/results/events.h"
#include "harness/results/records.h"

/* Points of a pause curve for each factor of ten on its axis. */
enum { PAUSES_POINTS_PER_DECADE = 12 };

/* Windows of utilisation: so many for each factor of ten, from 10 us to 1000 s. */
enum { PAUSES_WINDOWS_PER_DECADE = 8, PAUSES_WINDOWS = 8 * PAUSES_WINDOWS_PER_DECADE + 1 };

enum { PAUSES_ALL, PAUSES_WITHOUT_CASCADES, PAUSES_KINDS };

static const char *const pauses_kind_names[PAUSES_KINDS] = {
    [PAUSES_ALL] = "all",
    [PAUSES_WITHOUT_CASCADES] = "without_cascades",
};

#define PAUSES_KIND                                                                                          \
    COLUMN_WORD("kind", "all without_cascades", "which pauses: all, or without cascades", NULL)
#define NO_PAUSE "without a pause"

static const struct dictionary_column pauses_columns[] = {
    TABLES_CELL_COLUMNS,
    PAUSES_KIND,
    COLUMN_NUMBER("count", "count", "median over processes of the number of pauses",
                  "where no record has it"),
    COLUMN_NUMBER("total_ns", "ns", "median over processes of the sum of the pauses",
                  "where no record has it"),
    COLUMN_NUMBER("p50_ns", "ns", "median over processes of the pause that half of the pauses do not exceed",
                  NO_PAUSE),
    COLUMN_NUMBER("p90_ns", "ns", "the same of 90% of the pauses", NO_PAUSE),
    COLUMN_NUMBER("p99_ns", "ns", "the same of 99% of the pauses", NO_PAUSE),
    COLUMN_NUMBER("p999_ns", "ns", "the same of 99.9% of the pauses", NO_PAUSE),
    COLUMN_NUMBER("max_ns", "ns", "longest pause of any process", NO_PAUSE),
    COLUMN_COUNT("processes", "count", "processes that the figures are of", NULL),
    TABLES_TOO_FEW("pauses"),
};

const struct dictionary_file tables_pauses_file = {.name = "pauses",
                                                   .path = "tables/pauses.csv",
                                                   .row = "a cell and a kind of pauses",
                                                   .key = TABLES_CELL_KEY " kind",
                                                   DICTIONARY_COLUMNS(pauses_columns)};

static const struct dictionary_column pause_curve_columns[] = {
    TABLES_CELL_COLUMNS,
    PAUSES_KIND,
    COLUMN_NUMBER("x", "ratio", "1 / (1 - p) of the quantile p; at the last point the number of pauses",
                  NULL),
    COLUMN_COUNT("pause_ns", "ns",
                 "pause that at least a share p of the pauses of all processes does not exceed", NULL),
    COLUMN_COUNT("pauses", "count", "pauses of all processes", NULL),
    TABLES_FEW("pauses"),
};

const struct dictionary_file tables_pause_curve_file = {.name = "pause_curve",
                                                        .path = "tables/pause_curve.csv",
                                                        .row = "a point of the curve of a cell's pauses",
                                                        .key = TABLES_CELL_KEY " kind x",
                                                        DICTIONARY_COLUMNS(pause_curve_columns)};

static const struct dictionary_column utilisation_columns[] = {
    TABLES_CELL_COLUMNS,
    COLUMN_COUNT("window_ns", "ns", "length of the window", NULL),
    COLUMN_NUMBER(
        "utilisation", "share",
        "least share of the program's own time in any window of that length: the median over processes",
        NULL),
    COLUMN_COUNT("processes", "count", "processes that are longer than the window and kept all pauses", NULL),
    COLUMN_WORD(
        "kind", "pauses with_estimate",
        "`with_estimate`: cascades that no clock saw are taken off too, spread evenly between the pauses",
        NULL),
};

const struct dictionary_file tables_utilisation_file = {
    .name = "utilisation",
    .path = "tables/utilisation.csv",
    .row = "a cell and a window: its minimum mutator utilisation",
    .key = TABLES_CELL_KEY " kind window_ns",
    DICTIONARY_COLUMNS(utilisation_columns)};

/* The pauses of every process of a cell, pooled. */
struct pauses_pool {
    int64_t *lengths_ns[PAUSES_KINDS];
    size_t counts[PAUSES_KINDS];
    double *utilisation; /* PAUSES_WINDOWS x blocks, NaN where not measured */
    double *untimed; /* blocks: the share of the time between pauses that untimed cascades have, estimated */
};

static int pauses_pool_add(struct pauses_pool *pool, const struct events *events)
{
    for (int kind = 0; kind < PAUSES_KINDS; kind++) {
        int64_t *grown =
            memory_grow(pool->lengths_ns[kind], pool->counts[kind] + events->count, sizeof(*grown));
        pool->lengths_ns[kind] = grown;
        for (size_t i = 0; i < events->count; i++)
            if (kind == PAUSES_ALL || events->rows[i].kind != EVENT_CASCADE)
                grown[pool->counts[kind]++] = events->rows[i].end_ns - events->rows[i].begin_ns;
    }
    return 0;
}

static int64_t pauses_window(size_t place)
{
    return (int64_t)llround(1e4 * pow(10, (double)place / PAUSES_WINDOWS_PER_DECADE));
}

/* Computes the minimum utilisation of one process in every window that fits into its time. */
static void pauses_pool_utilise(struct pauses_pool *pool, const struct events *events, int64_t wall_ns,
                                size_t blocks, size_t block)
{
    struct utilisation_pause *pauses = memory_new(events->count, sizeof(*pauses));
    for (size_t i = 0; i < events->count; i++)
        pauses[i] = (struct utilisation_pause){events->rows[i].begin_ns, events->rows[i].end_ns};
    size_t count = utilisation_prepare(pauses, events->count, wall_ns);
    for (size_t place = 0; place < PAUSES_WINDOWS && pauses_window(place) <= wall_ns; place++)
        pool->utilisation[place * blocks + block] =
            utilisation_minimum(pauses, count, wall_ns, pauses_window(place));
    free(pauses);
}

int tables_pauses_untimed(const struct run *run, const struct store_row *row, double *ret_ns)
{
    json_t *record = NULL;
    *ret_ns = store_number(row->cascades_untimed_ns);
    int status = isnan(*ret_ns) ? records_read(run->store->dir, row->id, &record) : 0;
    const json_t *cutoff = json_object_get(record, "cascade_cutoff");
    const json_t *estimate = json_object_get(cutoff, "estimated_ns_below");
    if (json_is_integer(estimate))
        *ret_ns = (double)json_integer_value(estimate);
    else if (json_integer_value(json_object_get(cutoff, "freed_below")) == 0 && cutoff)
        *ret_ns = 0;
    json_decref(record);
    return status;
}

/* Computes the median share of the wall time of a cell that untimed cascades have; NaN where it is unknown. */
static int pauses_untimed_share(const struct run *run, const struct run_cell *cell, double *ret_share)
{
    double *shares = memory_new(run->blocks, sizeof(*shares));
    int status = 0;
    for (size_t block = 0; block < run->blocks && status == 0; block++) {
        const struct store_row *row = run_cell_shown_row(run, cell, block);
        shares[block] = NAN;
        if (row && row->wall_ns > 0) {
            status = tables_pauses_untimed(run, row, &shares[block]);
            shares[block] /= (double)row->wall_ns;
        }
    }
    *ret_share = status == 0 ? quantile_median(shares, run->blocks) : NAN;
    free(shares);
    return status;
}

int tables_pauses_untimed_most(const struct run *run, size_t setting, struct tables_untimed *ret_untimed)
{
    int status = 0;
    *ret_untimed = (struct tables_untimed){0};
    for (size_t i = 0; i < run->cell_count && status == 0; i++) {
        const struct run_cell *cell = &run->cells[i];
        double share = NAN;
        if (cell->setting != setting || run_cell_is_aside(cell) || !run_cell_is_whole(cell))
            continue;
        status = pauses_untimed_share(run, cell, &share);
        ret_untimed->known |= !isnan(share);
        ret_untimed->noticeable += share >= 0.01;
        if (share > ret_untimed->most) {
            ret_untimed->most = share;
            ret_untimed->where = cell;
        }
    }
    return status;
}

static int pauses_pool_take(const struct run *run, const struct store_row *row, struct pauses_pool *pool)
{
    struct events events = {0};
    double untimed_ns, between_ns = (double)(row->wall_ns - row->pause_total_ns);
    int status = tables_pauses_untimed(run, row, &untimed_ns);
    pool->untimed[row->block] = between_ns > 0 && !isnan(untimed_ns) ? fmin(1, untimed_ns / between_ns) : NAN;
    status = status ? status : events_read(run->store->dir, row->id, &events);
    if (status == 1) {
        /* The row counts every pause. A process of which some were not kept would look better than it was. */
        if ((int64_t)events.count == row->pause_count)
            pauses_pool_utilise(pool, &events, row->wall_ns, run->blocks, (size_t)row->block);
        status = pauses_pool_add(pool, &events);
    }
    free(events.rows);
    return status;
}

static int pauses_pool_fill(const struct run *run, size_t cell, struct pauses_pool *pool)
{
    pool->utilisation = memory_new(PAUSES_WINDOWS * run->blocks, sizeof(double));
    pool->untimed = memory_new(run->blocks, sizeof(double));
    for (size_t i = 0; i < PAUSES_WINDOWS * run->blocks; i++)
        pool->utilisation[i] = NAN;
    for (size_t block = 0; block < run->blocks; block++) {
        const struct store_row *row = run_cell_shown_row(run, &run->cells[cell], block);
        if (!row || strcmp(row->status, "ok") != 0)
            continue;
        int status = pauses_pool_take(run, row, pool);
        if (status != 0)
            return status;
    }
    return 0;
}

static void pauses_write_window(struct tables_pauses *tables, const struct run *run,
                                const struct run_cell *cell, size_t place, const double *values,
                                const char *kind)
{
    size_t processes = 0;
    for (size_t block = 0; block < run->blocks; block++)
        processes += !isnan(values[block]);
    if (processes == 0)
        return;
    tables_cell(tables->utilisation, run, cell);
    table_count(tables->utilisation, pauses_window(place));
    table_number(tables->utilisation, quantile_median(values, run->blocks));
    table_count(tables->utilisation, (int64_t)processes);
    table_text(tables->utilisation, kind);
    table_end(tables->utilisation);
}

/*
 * Writes the median over processes of each window's minimum. Where cascades were not timed it writes the same with
 * their estimate too. They are taken to be spread evenly over the time between pauses, so they take the same share of
 * it from each window.
 */
static void pauses_write_utilisation(struct tables_pauses *tables, const struct run *run,
                                     const struct run_cell *cell, const struct pauses_pool *pool)
{
    bool estimated = false;
    for (size_t place = 0; place < PAUSES_WINDOWS; place++)
        pauses_write_window(tables, run, cell, place, pool->utilisation + place * run->blocks, "pauses");
    for (size_t block = 0; block < run->blocks; block++)
        estimated |= pool->untimed[block] > 0;
    for (size_t place = 0; estimated && place < PAUSES_WINDOWS; place++) {
        double *values = pool->utilisation + place * run->blocks;
        for (size_t block = 0; block < run->blocks; block++)
            values[block] *= 1 - pool->untimed[block];
        pauses_write_window(tables, run, cell, place, values, "with_estimate");
    }
}

/* Writes one row per point x = 1 / (1 - p), from the shortest pause to the longest. */
static void pauses_write_curve(struct tables_pauses *tables, const struct run *run,
                               const struct run_cell *cell, int kind, const int64_t *sorted, size_t count)
{
    for (int step = 0; count > 0; step++) {
        double x = pow(10, step / (double)PAUSES_POINTS_PER_DECADE);
        bool last = x >= (double)count;
        x = last ? (double)count : x;
        tables_cell(tables->curve, run, cell);
        table_text(tables->curve, pauses_kind_names[kind]);
        table_number(tables->curve, x);
        table_count(tables->curve, quantile_rank_of_sorted(sorted, count, last ? 1 : 1 - 1 / x));
        table_count(tables->curve, (int64_t)count);
        table_count(tables->curve, tables_is_few(x, count));
        table_end(tables->curve);
        if (last)
            break;
    }
}

static int pauses_make_curve(const struct run *run, size_t index, struct tables_pauses *tables)
{
    struct pauses_pool pool = {0};
    int status = pauses_pool_fill(run, index, &pool);
    bool has_cascades = pool.counts[PAUSES_WITHOUT_CASCADES] != pool.counts[PAUSES_ALL];
    for (int kind = 0; kind < PAUSES_KINDS && status == 0; kind++) {
        quantile_sort_ns(pool.lengths_ns[kind], pool.counts[kind]);
        if (kind == PAUSES_ALL || has_cascades)
            pauses_write_curve(tables, run, &run->cells[index], kind, pool.lengths_ns[kind],
                               pool.counts[kind]);
    }
    if (status == 0)
        pauses_write_utilisation(tables, run, &run->cells[index], &pool);
    free(pool.utilisation);
    free(pool.untimed);
    for (int kind = 0; kind < PAUSES_KINDS; kind++)
        free(pool.lengths_ns[kind]);
    return status;
}

/* The figures of the object `pauses` or `pauses_without_cascades` of a record. Null is read as NaN. */
enum { PAUSES_FIGURES = 7 };
static const char *const pauses_figures[PAUSES_FIGURES] = {"count",  "total_ns", "p50_ns", "p90_ns",
                                                           "p99_ns", "p999_ns",  "max_ns"};

static void pauses_take_record(const json_t *record, double ret_figures[PAUSES_KINDS][PAUSES_FIGURES])
{
    static const char *const objects[PAUSES_KINDS] = {"pauses", "pauses_without_cascades"};
    for (int kind = 0; kind < PAUSES_KINDS; kind++)
        for (int i = 0; i < PAUSES_FIGURES; i++) {
            const json_t *figure = json_object_get(json_object_get(record, objects[kind]), pauses_figures[i]);
            ret_figures[kind][i] = json_is_integer(figure) ? (double)json_integer_value(figure) : NAN;
        }
}

/* Returns one figure over the processes of a cell: the median, but of the maxima the largest. */
static double pauses_over_processes(const double (*figures)[PAUSES_KINDS][PAUSES_FIGURES], size_t count,
                                    int kind, int figure)
{
    double *values = memory_new(count, sizeof(*values)), largest = NAN;
    for (size_t i = 0; i < count; i++) {
        values[i] = figures[i][kind][figure];
        largest = fmax(largest, values[i]);
    }
    double median = quantile_median(values, count);
    free(values);
    return figure == PAUSES_FIGURES - 1 ? largest : median;
}

static void pauses_write_quantiles(struct tables_pauses *tables, const struct run *run,
                                   const struct run_cell *cell,
                                   const double (*figures)[PAUSES_KINDS][PAUSES_FIGURES], size_t count)
{
    for (int kind = 0; kind < PAUSES_KINDS && count > 0; kind++) {
        tables_cell(tables->quantiles, run, cell);
        table_text(tables->quantiles, pauses_kind_names[kind]);
        for (int figure = 0; figure < PAUSES_FIGURES; figure++)
            table_number(tables->quantiles, pauses_over_processes(figures, count, kind, figure));
        table_count(tables->quantiles, (int64_t)count);
        tables_too_few(tables->quantiles, pauses_over_processes(figures, count, kind, 0));
        table_end(tables->quantiles);
    }
}

static void pauses_make_quantiles(const struct run *run, size_t index, const struct tables_records *records,
                                  struct tables_pauses *tables)
{
    double(*figures)[PAUSES_KINDS][PAUSES_FIGURES] = memory_new(records->count + 1, sizeof(*figures));
    for (size_t i = 0; i < records->count; i++)
        pauses_take_record(records->records[i], figures[i]);
    pauses_write_quantiles(tables, run, &run->cells[index],
                           (const double(*)[PAUSES_KINDS][PAUSES_FIGURES])figures, records->count);
    free(figures);
}

int tables_pauses_add(const struct run *run, size_t index, const struct tables_records *records,
                      struct tables_pauses *tables)
{
    pauses_make_quantiles(run, index, records, tables);
    return pauses_make_curve(run, index, tables);
}
