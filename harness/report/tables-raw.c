/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/quantile.h"
#include "harness/analysis/utilisation.h"
#include "harness/report/tables.h"
#include "harness/results/events.h"
#include "harness/results/files.h"
#include "harness/results/records.h"
#include "harness/results/timelines.h"

/* Points of a pause curve for each factor of ten on its axis. */
enum { RAW_POINTS_PER_DECADE = 12 };
/* Samples of a heap line: about the pixels of a panel, so that thinning is not seen. */
enum { RAW_HEAP_POINTS = 500, RAW_MARKS = 40 };

/* Windows of utilisation: RAW_WINDOWS_PER_DECADE from 10 us on, at most to 1000 s. */
enum { RAW_WINDOWS_PER_DECADE = 8, RAW_WINDOWS = 8 * RAW_WINDOWS_PER_DECADE + 1 };

/* Pauses of every process of a cell, pooled; [1] leaves the cascades out. */
struct raw_pool {
    double *utilisation; /* RAW_WINDOWS x blocks, NaN where not measured */
    int64_t *pauses[2];
    size_t count[2], capacity;
    size_t processes;
};

/* The least heap of any cell of a work and setting, over the allocation clock. */
enum { RAW_GRID = 200 };
struct raw_least {
    double clock; /* bytes allocated in all; 0 until a timeline is read */
    double heap[RAW_GRID];
};

struct raw_tables {
    struct table *pauses, *curve, *heap, *marks, *least, *utilisation;
};

static void raw_cell(struct table *table, const struct run *run, const struct run_cell *cell)
{
    table_text(table, run->settings.names[cell->setting]);
    table_text(table, run->works.names[cell->work]);
    table_text(table, run->configs.names[cell->config]);
    table_count(table, (int64_t)cell->work);
    table_count(table, (int64_t)cell->config);
}

static int raw_pool_add(struct raw_pool *pool, const struct events *events)
{
    for (int kind = 0; kind < 2; kind++) {
        int64_t *grown =
            reallocarray(pool->pauses[kind], pool->count[kind] + events->count + 1, sizeof(*grown));
        if (!grown)
            return message_bad_input("raw pauses: out of memory");
        pool->pauses[kind] = grown;
        for (size_t i = 0; i < events->count; i++)
            if (kind == 0 || events->rows[i].kind != EVENT_CASCADE)
                grown[pool->count[kind]++] = events->rows[i].end_ns - events->rows[i].begin_ns;
    }
    pool->processes++;
    return 0;
}

static int64_t raw_window(size_t place)
{
    return (int64_t)llround(1e4 * pow(10, (double)place / RAW_WINDOWS_PER_DECADE));
}

/* Minimum utilisation of one process in every window that fits into its run. */
static void raw_pool_utilise(struct raw_pool *pool, const struct events *events, int64_t run_ns,
                             size_t blocks, size_t block)
{
    struct utilisation_pause *pauses = calloc(events->count + 1, sizeof(*pauses));
    if (!pauses)
        return;
    for (size_t i = 0; i < events->count; i++)
        pauses[i] = (struct utilisation_pause){events->rows[i].begin_ns, events->rows[i].end_ns};
    size_t count = utilisation_prepare(pauses, events->count, run_ns);
    for (size_t place = 0; place < RAW_WINDOWS && raw_window(place) <= run_ns; place++)
        pool->utilisation[place * blocks + block] =
            utilisation_minimum(pauses, count, run_ns, raw_window(place));
    free(pauses);
}

static int raw_pool_take(const struct run *run, const struct store_row *row, struct raw_pool *pool)
{
    struct events events = {0};
    int status = events_read(run->store->dir, row->id, &events);
    if (status == 1) {
        /* Pauses that were not kept would flatter: the row counts them all. */
        if ((int64_t)events.count == row->pause_count)
            raw_pool_utilise(pool, &events, row->wall_ns, run->blocks, (size_t)row->block);
        status = raw_pool_add(pool, &events);
    }
    free(events.rows);
    return status;
}

static int raw_pool_fill(const struct run *run, size_t cell, struct raw_pool *pool)
{
    pool->utilisation = malloc(RAW_WINDOWS * run->blocks * sizeof(double));
    if (!pool->utilisation)
        return message_bad_input("%s: out of memory", run->store->dir);
    for (size_t i = 0; i < RAW_WINDOWS * run->blocks; i++)
        pool->utilisation[i] = NAN;
    for (size_t i = 0; i < run->store->row_count; i++) {
        const struct store_row *row = &run->store->rows[i];
        if ((size_t)row->cell != cell || strcmp(row->status, "ok") != 0)
            continue;
        int status = raw_pool_take(run, row, pool);
        if (status != 0)
            return status;
    }
    return 0;
}

/* The median over processes of each window's minimum. */
static void raw_write_utilisation(struct raw_tables *tables, const struct run *run,
                                  const struct run_cell *cell, const struct raw_pool *pool)
{
    for (size_t place = 0; place < RAW_WINDOWS; place++) {
        const double *values = pool->utilisation + place * run->blocks;
        size_t processes = 0;
        for (size_t block = 0; block < run->blocks; block++)
            processes += !isnan(values[block]);
        if (processes == 0)
            continue;
        raw_cell(tables->utilisation, run, cell);
        table_count(tables->utilisation, raw_window(place));
        table_number(tables->utilisation, quantile_median(values, run->blocks));
        table_count(tables->utilisation, (int64_t)processes);
        table_end(tables->utilisation);
    }
}

/* One row per point x = 1 / (1 - p), from the median to the longest pause. */
static void raw_write_curve(struct raw_tables *tables, const struct run *run, const struct run_cell *cell,
                            bool cascades, const int64_t *sorted, size_t count)
{
    for (int step = 0; count > 0; step++) {
        double x = pow(10, step / (double)RAW_POINTS_PER_DECADE);
        bool last = x >= (double)count;
        x = last ? (double)count : x;
        raw_cell(tables->curve, run, cell);
        table_text(tables->curve, cascades ? "all" : "without_cascades");
        table_number(tables->curve, x);
        table_count(tables->curve, quantile_rank_of_sorted(sorted, count, last ? 1 : 1 - 1 / x));
        table_count(tables->curve, (int64_t)count);
        table_end(tables->curve);
        if (last)
            break;
    }
}

static int raw_make_curve(const struct run *run, size_t index, struct raw_tables *tables)
{
    struct raw_pool pool = {0};
    int status = raw_pool_fill(run, index, &pool);
    for (int kind = 0; kind < 2 && status == 0; kind++) {
        quantile_sort_ns(pool.pauses[kind], pool.count[kind]);
        if (kind == 0 || pool.count[1] != pool.count[0])
            raw_write_curve(tables, run, &run->cells[index], kind == 0, pool.pauses[kind], pool.count[kind]);
    }
    if (status == 0)
        raw_write_utilisation(tables, run, &run->cells[index], &pool);
    free(pool.utilisation);
    free(pool.pauses[0]);
    free(pool.pauses[1]);
    return status;
}

/* The figures of one object `pauses` or `pauses_without_cascades` of a record; NaN for null. */
enum { RAW_FIGURES = 7 };
static const char *const raw_figures[RAW_FIGURES] = {"count",  "total_ns", "p50_ns", "p90_ns",
                                                     "p99_ns", "p999_ns",  "max_ns"};

static int raw_read_record(const struct run *run, int64_t id, double ret_figures[2][RAW_FIGURES])
{
    static const char *const parts[2] = {"pauses", "pauses_without_cascades"};
    json_t *record;
    int status = records_read(run->store->dir, id, &record);
    for (int part = 0; part < 2; part++)
        for (int i = 0; i < RAW_FIGURES; i++) {
            const json_t *figure = json_object_get(json_object_get(record, parts[part]), raw_figures[i]);
            ret_figures[part][i] = json_is_integer(figure) ? (double)json_integer_value(figure) : NAN;
        }
    json_decref(record);
    return status;
}

/* Values of one figure over the processes of a cell: medians, and the maximum of the maxima. */
static double raw_over_processes(const double (*figures)[2][RAW_FIGURES], size_t count, int part, int figure)
{
    double *values = calloc(count + 1, sizeof(*values)), largest = NAN;
    for (size_t i = 0; values && i < count; i++) {
        values[i] = figures[i][part][figure];
        largest = fmax(largest, values[i]);
    }
    double median = values ? quantile_median(values, count) : NAN;
    free(values);
    return figure == RAW_FIGURES - 1 ? largest : median;
}

static void raw_write_pauses(struct raw_tables *tables, const struct run *run, const struct run_cell *cell,
                             const double (*figures)[2][RAW_FIGURES], size_t count)
{
    for (int part = 0; part < 2 && count > 0; part++) {
        raw_cell(tables->pauses, run, cell);
        table_text(tables->pauses, part == 0 ? "all" : "without_cascades");
        for (int figure = 0; figure < RAW_FIGURES; figure++)
            table_number(tables->pauses, raw_over_processes(figures, count, part, figure));
        table_count(tables->pauses, (int64_t)count);
        table_end(tables->pauses);
    }
}

static int raw_make_pauses(const struct run *run, size_t index, struct raw_tables *tables)
{
    double(*figures)[2][RAW_FIGURES] = calloc(run->blocks + 1, sizeof(*figures));
    size_t count = 0;
    int status = figures ? 0 : message_bad_input("%s: out of memory", run->store->dir);
    for (size_t i = 0; i < run->store->row_count && status == 0; i++)
        if ((size_t)run->store->rows[i].cell == index && count < run->blocks)
            status = raw_read_record(run, run->store->rows[i].id, figures[count++]);
    if (status == 0)
        raw_write_pauses(tables, run, &run->cells[index], (const double(*)[2][RAW_FIGURES])figures, count);
    free(figures);
    return status;
}

/* The process with a kept timeline whose time is nearest to the cell's median; -1 when none kept one. */
static int64_t raw_typical_process(const struct run *run, size_t index)
{
    double median = run_cell_median(run, &run->cells[index], RUN_WALL), nearest = INFINITY;
    int64_t found = -1;
    for (size_t i = 0; i < run->store->row_count; i++) {
        const struct store_row *row = &run->store->rows[i];
        if ((size_t)row->cell != index || fabs((double)row->wall_ns - median) >= nearest)
            continue;
        if (!files_has(run->store->dir, FILES_TIMELINE, row->id))
            continue;
        nearest = fabs((double)row->wall_ns - median);
        found = row->id;
    }
    return found;
}

/* Of each stretch of samples the lowest and the highest, so that thinning keeps the peaks. */
static void raw_write_heap(struct raw_tables *tables, const struct run *run, const struct run_cell *cell,
                           const struct timeline *timeline)
{
    size_t stretch = timeline->count / (RAW_HEAP_POINTS / 2) + 1;
    for (size_t first = 0; first < timeline->count; first += stretch) {
        size_t low = first, high = first,
               past = first + stretch < timeline->count ? first + stretch : timeline->count;
        for (size_t i = first; i < past; i++) {
            low = timeline->rows[i].heap_bytes < timeline->rows[low].heap_bytes ? i : low;
            high = timeline->rows[i].heap_bytes > timeline->rows[high].heap_bytes ? i : high;
        }
        size_t order[2] = {low < high ? low : high, low < high ? high : low};
        for (int i = 0; i < (low == high ? 1 : 2); i++) {
            const struct timeline_point *point = &timeline->rows[order[i]];
            raw_cell(tables->heap, run, cell);
            table_count(tables->heap, point->time_ns);
            table_count(tables->heap, point->allocated_bytes);
            table_count(tables->heap, point->heap_bytes);
            table_count(tables->heap, point->rss_bytes);
            table_end(tables->heap);
        }
    }
}

/* Bytes allocated or held at a time, between samples by a straight line. `*hint` only moves forward. */
struct raw_level {
    double allocated, heap;
};

static struct raw_level raw_level_at(const struct timeline *timeline, int64_t time_ns, size_t *hint)
{
    const struct timeline_point *rows = timeline->rows;
    while (*hint + 1 < timeline->count && rows[*hint + 1].time_ns <= time_ns)
        ++*hint;
    const struct timeline_point *from = &rows[*hint], *to = *hint + 1 < timeline->count ? from + 1 : from;
    double span = (double)(to->time_ns - from->time_ns);
    double share = span > 0 && time_ns > from->time_ns ? (double)(time_ns - from->time_ns) / span : 0;
    return (struct raw_level){(double)from->allocated_bytes +
                                  share * (double)(to->allocated_bytes - from->allocated_bytes),
                              (double)from->heap_bytes + share * (double)(to->heap_bytes - from->heap_bytes)};
}

static bool raw_is_collection(const struct event *event)
{
    return event->kind == EVENT_FULL || event->kind == EVENT_YOUNG;
}

/* Where the collector ran: every collection when there are few, else an even choice of RAW_MARKS. */
static void raw_write_marks(struct raw_tables *tables, const struct run *run, const struct run_cell *cell,
                            const struct timeline *timeline, const struct events *events)
{
    size_t collections = 0, seen = 0, hint = 0;
    for (size_t i = 0; i < events->count; i++)
        collections += raw_is_collection(&events->rows[i]);
    size_t stride = (collections + RAW_MARKS - 1) / RAW_MARKS;
    for (size_t i = 0; i < events->count && timeline->count > 0; i++) {
        const struct event *event = &events->rows[i];
        if (!raw_is_collection(event) || seen++ % stride != 0)
            continue;
        raw_cell(tables->marks, run, cell);
        table_text(tables->marks, event_kind_names[event->kind]);
        table_count(tables->marks, event->end_ns);
        struct raw_level level = raw_level_at(timeline, event->end_ns, &hint);
        table_number(tables->marks, floor(level.allocated));
        table_number(tables->marks, floor(level.heap));
        table_count(tables->marks, (int64_t)collections);
        table_end(tables->marks);
    }
}

/* Lowers `least` to what this process held at each of RAW_GRID even places of the allocation clock. */
static void raw_lower(const struct timeline *timeline, struct raw_least *least)
{
    const struct timeline_point *rows = timeline->rows;
    size_t at = 0;
    if (timeline->count == 0)
        return;
    if (least->clock <= 0)
        least->clock = (double)rows[timeline->count - 1].allocated_bytes;
    for (size_t i = 0; i < RAW_GRID; i++) {
        double clock = least->clock * (double)(i + 1) / RAW_GRID;
        while (at + 1 < timeline->count && (double)rows[at].allocated_bytes < clock)
            at++;
        const struct timeline_point *to = &rows[at], *from = at ? to - 1 : to;
        double span = (double)(to->allocated_bytes - from->allocated_bytes);
        double share = span > 0 ? fmin(1, fmax(0, (clock - (double)from->allocated_bytes) / span)) : 0;
        double heap = (double)from->heap_bytes + share * (double)(to->heap_bytes - from->heap_bytes);
        least->heap[i] = fmin(least->heap[i], heap);
    }
}

static int raw_make_heap(const struct run *run, size_t index, struct raw_tables *tables,
                         struct raw_least *least)
{
    int64_t id = raw_typical_process(run, index);
    struct timeline timeline = {0};
    struct events events = {0};
    int status = id < 0 ? 0 : timelines_read(run->store->dir, id, &timeline);
    if (status == 1) {
        raw_lower(&timeline, least);
        raw_write_heap(tables, run, &run->cells[index], &timeline);
        status = events_read(run->store->dir, id, &events);
    }
    if (status == 1)
        raw_write_marks(tables, run, &run->cells[index], &timeline, &events);
    free(timeline.rows);
    free(events.rows);
    return status == 1 ? 0 : status;
}

static void raw_write_least(struct raw_tables *tables, const struct run *run, const struct run_cell *cell,
                            const struct raw_least *least)
{
    for (size_t i = 0; i < RAW_GRID && least->clock > 0; i++) {
        table_text(tables->least, run->settings.names[cell->setting]);
        table_text(tables->least, run->works.names[cell->work]);
        table_count(tables->least, (int64_t)cell->work);
        table_number(tables->least, floor(least->clock * (double)(i + 1) / RAW_GRID));
        table_number(tables->least, floor(least->heap[i]));
        table_end(tables->least);
    }
}

/* The heap of every config of one work and setting, and the least of them. */
static int raw_make_heaps(const struct run *run, size_t work, size_t setting, struct raw_tables *tables)
{
    struct raw_least least = {0};
    const struct run_cell *any = NULL;
    int status = 0;
    for (size_t i = 0; i < RAW_GRID; i++)
        least.heap[i] = INFINITY;
    for (size_t config = 0; config < run->configs.measured && status == 0; config++) {
        const struct run_cell *cell = run_cell_at(run, work, config, setting);
        if (!run_cell_is_whole(cell))
            continue;
        any = cell;
        status = raw_make_heap(run, (size_t)(cell - run->cells), tables, &least);
    }
    if (any && status == 0)
        raw_write_least(tables, run, any, &least);
    return status;
}

int tables_make_raw(const struct run *run, struct table_set *set)
{
    struct raw_tables tables = {
        table_add(set, "pauses",
                  "setting,work,config,row,series,kind,count,total_ns,p50_ns,p90_ns,p99_ns,p999_ns,max_ns,"
                  "processes"),
        table_add(set, "pause_curve", "setting,work,config,row,series,kind,x,pause_ns,pauses"),
        table_add(set, "heap", "setting,work,config,row,series,time_ns,allocated_bytes,heap_bytes,rss_bytes"),
        table_add(set, "collections",
                  "setting,work,config,row,series,kind,time_ns,allocated_bytes,heap_bytes,collections"),
        table_add(set, "heap_least", "setting,work,row,allocated_bytes,heap_bytes"),
        table_add(set, "utilisation", "setting,work,config,row,series,window_ns,utilisation,processes"),
    };
    int status = 0;
    for (size_t i = 0; i < run->cell_count && status == 0; i++) {
        if (!run_cell_is_whole(&run->cells[i]) || run_cell_is_aside(&run->cells[i]))
            continue;
        status = raw_make_pauses(run, i, &tables);
        status = status ? status : raw_make_curve(run, i, &tables);
    }
    for (size_t work = 0; work < run->works.measured && status == 0; work++)
        for (size_t setting = 0; setting < run->settings.count && status == 0; setting++)
            status = raw_make_heaps(run, work, setting, &tables);
    return status;
}
