/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-time-space.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/results/records.h"

static const struct dictionary_column time_space_columns[] = {
    TABLES_SETTING,
    TABLES_WORK,
    TABLES_CONFIG,
    COLUMN_TEXT("collector", "collector without its options: the line in the chart", NULL),
    TABLES_ROW,
    TABLES_SERIES,
    COLUMN_PLACE("curve", "place of the collector's line in charts, from 0"),
    COLUMN_TEXT("heap", "limit of the heap as a multiple of the minimum heap", "without a limit"),
    COLUMN_NUMBER("minimum_bytes", "bytes", "minimum heap of the workload", NULL),
    COLUMN_NUMBER("limit_bytes", "bytes", "limit of the heap", "without a limit"),
    COLUMN_NUMBER("peak_bytes", "bytes", "median of the most that a process held", "where the cell failed"),
    COLUMN_NUMBER("memory", "ratio",
                  "peak_bytes / minimum_bytes; of a cell that failed limit_bytes / minimum_bytes", NULL),
    COLUMN_NUMBER("ratio", "ratio", "time over the best of the workload",
                  "where the cell failed, or there is no best"),
    COLUMN_NUMBER("low", "ratio", "lower end of its 95% interval", TABLES_NO_INTERVAL),
    COLUMN_NUMBER("high", "ratio", "upper end of its 95% interval", TABLES_NO_INTERVAL),
    TABLES_ROLE,
    TABLES_STATUS,
    TABLES_PROCESSES,
};

const struct dictionary_file tables_time_space_file = {.name = "time_space",
                                                       .path = "tables/time_space.csv",
                                                       .row = "a cell as a point: its memory and its time",
                                                       .key = TABLES_CELL_KEY,
                                                       DICTIONARY_COLUMNS(time_space_columns)};

/* Returns the number that the manifest gives a cell for `key`; NaN where it gives none. */
static double space_number(const struct run *run, const struct run_cell *cell, const char *key)
{
    const json_t *number = json_object_get(run_cell_manifest(run, cell), key);
    return json_is_integer(number) ? (double)json_integer_value(number) : NAN;
}

/* Returns the minimum heap of a work, from any of its cells that has a limit; NaN where none has. */
static double space_minimum(const struct run *run, size_t work)
{
    for (size_t i = 0; i < run->cell_count; i++) {
        double minimum = space_number(run, &run->cells[i], "minimum_heap_bytes");
        if (run->cells[i].work == work && !isnan(minimum))
            return minimum;
    }
    return NAN;
}

/* Reads the most that a process held, in bytes; NaN where its record does not say. */
static int space_peak_read(const struct run *run, int64_t id, double *ret_peak)
{
    json_t *record;
    int status = records_read(run->store->dir, id, &record);
    const json_t *peak = json_object_get(record, "heap_peak_bytes");
    *ret_peak = json_is_integer(peak) ? (double)json_integer_value(peak) : NAN;
    json_decref(record);
    return status;
}

/* Computes the median of the most that each process of a cell held, in bytes. */
static int space_peak(const struct run *run, const struct run_cell *cell, double *ret_peak)
{
    double *peaks = memory_new(run->blocks, sizeof(*peaks));
    size_t count = 0;
    int status = 0;
    for (size_t block = 0; block < run->blocks && status == 0; block++) {
        const struct store_row *row = run_cell_shown_row(run, cell, block);
        if (row)
            status = space_peak_read(run, row->id, &peaks[count++]);
    }
    *ret_peak = status == 0 ? quantile_median(peaks, count) : NAN;
    free(peaks);
    return status;
}

/* A cell as a point of its collector's line. */
struct space_point {
    const struct run_cell *cell;
    const struct normalise_entry *entry;
    double peak, limit, minimum; /* bytes */
    double memory;               /* peak / minimum; of a failed cell limit / minimum */
};

/* Orders by memory. Cells that failed come last: they are no part of the line. */
static int space_compare(const void *left, const void *right)
{
    const struct space_point *a = left, *b = right;
    if (run_cell_is_whole(a->cell) != run_cell_is_whole(b->cell))
        return run_cell_is_whole(a->cell) ? -1 : 1;
    return (a->memory > b->memory) - (a->memory < b->memory);
}

static void space_write(struct table *table, const struct run *run, size_t curve,
                        const struct space_point *point)
{
    const struct run_cell *cell = point->cell;
    bool whole = run_cell_is_whole(cell);
    table_text(table, run->settings.names[cell->setting]);
    table_text(table, run->works.names[cell->work]);
    table_text(table, run->configs.names[cell->config]);
    table_text(table, tables_collector(run, cell->config));
    table_count(table, (int64_t)cell->work);
    table_count(table, (int64_t)cell->config);
    table_count(table, (int64_t)curve);
    table_text(table, run_cell_text(run, cell, "heap"));
    table_number(table, point->minimum);
    table_number(table, point->limit);
    table_number(table, point->peak);
    table_number(table, point->memory);
    table_number(table, whole && point->entry ? point->entry->ratio : NAN);
    table_interval(table,
                   whole && point->entry ? point->entry->interval : (struct bootstrap_interval){NAN, NAN});
    table_text(table, tables_role_name(cell));
    table_text(table, cell->status);
    table_count(table, (int64_t)cell->processes);
    table_end(table);
}

static int space_point_make(const struct run *run, const struct normalise_table *walls, double minimum,
                            const struct run_cell *cell, struct space_point *ret_point)
{
    *ret_point = (struct space_point){.cell = cell,
                                      .entry = normalise_at(walls, cell->work, cell->config),
                                      .peak = NAN,
                                      .limit = space_number(run, cell, "heap_limit_bytes"),
                                      .minimum = minimum};
    int status = run_cell_is_whole(cell) ? space_peak(run, cell, &ret_point->peak) : 0;
    ret_point->memory = (run_cell_is_whole(cell) ? ret_point->peak : ret_point->limit) / minimum;
    return status;
}

/*
 * Writes one collector's points on a work, from the least memory to the most. A cell that failed without a
 * limit has no place.
 */
static int space_make_curve(const struct run *run, const struct normalise_table *walls, size_t work,
                            size_t setting, size_t curve, struct table *table)
{
    struct space_point *points = memory_new(run->configs.measured + 1, sizeof(*points));
    double minimum = space_minimum(run, work);
    size_t count = 0;
    int status = 0;
    for (size_t config = 0; config < run->configs.measured && status == 0; config++) {
        const struct run_cell *cell = run_cell_at(run, work, config, setting);
        if (!cell || run_cell_is_aside(cell) || tables_curve(run, config) != curve)
            continue;
        status = space_point_make(run, &walls[setting], minimum, cell, &points[count]);
        count += !isnan(points[count].memory);
    }
    qsort(points, status == 0 ? count : 0, sizeof(*points), space_compare);
    for (size_t i = 0; i < count && status == 0; i++)
        space_write(table, run, curve, &points[i]);
    free(points);
    return status;
}

int tables_make_time_space(const struct run *run, const struct normalise_table *walls, struct table_set *set)
{
    struct table *table = table_add_file(set, &tables_time_space_file);
    int status = 0;
    for (size_t setting = 0; setting < run->settings.count; setting++)
        for (size_t work = 0; work < run->works.measured && status == 0; work++)
            for (size_t curve = 0; curve < run->configs.measured && status == 0; curve++)
                if (!isnan(space_minimum(run, work)))
                    status = space_make_curve(run, walls, work, setting, curve, table);
    return status;
}
