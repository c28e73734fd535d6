/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-heap.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/report/tables-pause-times.h"
#include "harness/report/tables-steady.h"
#include "harness/results/events.h"
#include "harness/results/files.h"
#include "harness/results/timelines.h"

/* Points of a heap line: about as many as a panel has pixels, so thinning cannot be seen. */
enum { HEAP_POINTS = 500 };
/* At most so many collections are marked on a line. */
enum { HEAP_MARKS = 40 };
/* The window of a line that was thinned reaches over so many collections, and has so many points at most. */
enum { HEAP_WINDOW = 6, HEAP_WINDOW_POINTS = 400 };

#define HEAP_SAMPLE                                                                                          \
    COLUMN_COUNT("time_ns", "ns", "time of the sample, from the start of the workload", NULL),               \
        COLUMN_COUNT("allocated_bytes", "bytes", "bytes allocated until then: the allocation clock", NULL),  \
        COLUMN_COUNT("heap_bytes", "bytes", "bytes allocated less bytes freed", NULL)

static const struct dictionary_column heap_columns[] = {
    TABLES_CELL_COLUMNS,
    HEAP_SAMPLE,
    COLUMN_COUNT("rss_bytes", "bytes", "resident size, at most half a millisecond old", NULL),
    COLUMN_ID("process", "id of the process: of those that kept samples the one nearest to the median time",
              NULL),
    COLUMN_NUMBER("over_median", "ratio", "its time over the median of the cell", NULL),
    COLUMN_COUNT("kept", "count", "processes of the cell that kept samples", NULL),
};

const struct dictionary_file tables_heap_file = {.name = "heap",
                                                 .path = "tables/heap.csv",
                                                 .row = "a sample of the heap of one process of a cell",
                                                 DICTIONARY_COLUMNS(heap_columns)};

static const struct dictionary_column collections_columns[] = {
    TABLES_CELL_COLUMNS,
    COLUMN_WORD("kind", "full young", "kind of the collection", NULL),
    HEAP_SAMPLE,
    COLUMN_COUNT("collections", "count", "collections of the process, of which the table has an even choice",
                 NULL),
};

const struct dictionary_file tables_collections_file = {
    .name = "collections",
    .path = "tables/collections.csv",
    .row = "a collection of the process of tables/heap.csv, at its "
           "end",
    DICTIONARY_COLUMNS(collections_columns)};

static const struct dictionary_column heap_window_columns[] = {TABLES_CELL_COLUMNS, HEAP_SAMPLE};

const struct dictionary_file tables_heap_window_file = {
    .name = "heap_window",
    .path = "tables/heap_window.csv",
    .row =
        "a sample of that process within a few collections in its middle, where tables/heap.csv has not all",
    DICTIONARY_COLUMNS(heap_window_columns)};

static const struct dictionary_column heap_least_columns[] = {
    TABLES_SETTING,
    TABLES_WORK,
    TABLES_ROW,
    COLUMN_NUMBER("allocated_bytes", "bytes", "place of the allocation clock", NULL),
    COLUMN_NUMBER("heap_bytes", "bytes", "least heap of any collector there: no more than that was live",
                  NULL),
};

const struct dictionary_file tables_heap_least_file = {.name = "heap_least",
                                                       .path = "tables/heap_least.csv",
                                                       .row =
                                                           "a workload and a place of the allocation clock",
                                                       DICTIONARY_COLUMNS(heap_least_columns)};

/* The least heap of any cell of a work and setting, over the allocation clock. */
enum { HEAP_GRID = 200 };
struct heap_least {
    double clock_bytes; /* allocated in all; 0 until a timeline is read */
    double bytes[HEAP_GRID];
};

/* The process of a cell that is drawn: of those whose timeline was kept, the one nearest to the median time. */
struct heap_choice {
    const struct store_row *row; /* NULL where no timeline was kept */
    size_t kept;                 /* processes with a timeline */
    double over_median;          /* its time over the cell's median */
};

static struct heap_choice heap_choose(const struct run *run, const struct run_cell *cell)
{
    double median = run_cell_median(run, cell, RUN_WALL), nearest = INFINITY;
    struct heap_choice choice = {0};
    for (size_t block = 0; block < run->blocks; block++) {
        const struct store_row *row = run_cell_shown_row(run, cell, block);
        if (!row || !files_has(run->store->dir, FILES_TIMELINE, row->id))
            continue;
        choice.kept++;
        if (fabs((double)row->wall_ns - median) >= nearest)
            continue;
        nearest = fabs((double)row->wall_ns - median);
        choice.row = row;
        choice.over_median = (double)row->wall_ns / median;
    }
    return choice;
}

/*
 * Keeps the lowest and the highest sample of each stretch of `points`: thinning keeps the peaks. Returns how many
 * places there are in `ret_places`, which has room for `count`.
 */
static size_t heap_thin(const struct timeline_point *points, size_t count, size_t stretch, size_t *ret_places)
{
    size_t kept = 0;
    for (size_t first = 0; first < count; first += stretch) {
        size_t low = first, high = first, past = first + stretch < count ? first + stretch : count;
        for (size_t i = first; i < past; i++) {
            low = points[i].heap_bytes < points[low].heap_bytes ? i : low;
            high = points[i].heap_bytes > points[high].heap_bytes ? i : high;
        }
        ret_places[kept++] = low < high ? low : high;
        if (low != high)
            ret_places[kept++] = low < high ? high : low;
    }
    return kept;
}

static void heap_write_line(struct tables_heap *tables, const struct run *run, const struct run_cell *cell,
                            const struct timeline *timeline, const struct heap_choice *choice)
{
    size_t *places = memory_new(timeline->count + 1, sizeof(*places));
    size_t kept = heap_thin(timeline->rows, timeline->count, timeline->count / (HEAP_POINTS / 2) + 1, places);
    for (size_t i = 0; i < kept; i++) {
        const struct timeline_point *point = &timeline->rows[places[i]];
        tables_cell(tables->heap, run, cell);
        table_count(tables->heap, point->time_ns);
        table_count(tables->heap, point->allocated_bytes);
        table_count(tables->heap, point->heap_bytes);
        table_count(tables->heap, point->rss_bytes);
        table_count(tables->heap, choice->row->id);
        table_number(tables->heap, choice->over_median);
        table_count(tables->heap, (int64_t)choice->kept);
        table_end(tables->heap);
    }
    free(places);
}

/* Bytes allocated and held at a time, on a straight line between samples. `*place` only moves forward. */
struct heap_level {
    double allocated, heap;
};

static struct heap_level heap_level_at(const struct timeline *timeline, int64_t time_ns, size_t *place)
{
    const struct timeline_point *rows = timeline->rows;
    while (*place + 1 < timeline->count && rows[*place + 1].time_ns <= time_ns)
        ++*place;
    const struct timeline_point *from = &rows[*place], *to = *place + 1 < timeline->count ? from + 1 : from;
    double span = (double)(to->time_ns - from->time_ns);
    double share = span > 0 && time_ns > from->time_ns ? (double)(time_ns - from->time_ns) / span : 0;
    return (struct heap_level){
        (double)from->allocated_bytes + share * (double)(to->allocated_bytes - from->allocated_bytes),
        (double)from->heap_bytes + share * (double)(to->heap_bytes - from->heap_bytes)};
}

static bool heap_is_collection(const struct event *event)
{
    return event->kind == EVENT_FULL || event->kind == EVENT_YOUNG;
}

/* Writes every collection of a process, or an even choice of them if there are more than HEAP_MARKS. */
static void heap_write_collections(struct tables_heap *tables, const struct run *run,
                                   const struct run_cell *cell, const struct timeline *timeline,
                                   const struct events *events)
{
    size_t collections = 0, seen = 0, place = 0;
    for (size_t i = 0; i < events->count; i++)
        collections += heap_is_collection(&events->rows[i]);
    size_t stride = (collections + HEAP_MARKS - 1) / HEAP_MARKS;
    for (size_t i = 0; i < events->count && timeline->count > 0; i++) {
        const struct event *event = &events->rows[i];
        if (!heap_is_collection(event) || seen++ % stride != 0)
            continue;
        tables_cell(tables->collections, run, cell);
        table_text(tables->collections, event_kind_names[event->kind]);
        table_count(tables->collections, event->end_ns);
        struct heap_level level = heap_level_at(timeline, event->end_ns, &place);
        table_number(tables->collections, floor(level.allocated));
        table_number(tables->collections, floor(level.heap));
        table_count(tables->collections, (int64_t)collections);
        table_end(tables->collections);
    }
}

/*
 * Finds the window: from the end of a collection in the middle of the process to that of the HEAP_WINDOW-th after
 * it; all of the process where it has fewer. Returns whether it had any.
 */
static bool heap_window_find(const struct events *events, int64_t *ret_from, int64_t *ret_to)
{
    size_t collections = 0, seen = 0;
    *ret_from = INT64_MIN;
    *ret_to = INT64_MAX;
    for (size_t i = 0; i < events->count; i++)
        collections += heap_is_collection(&events->rows[i]);
    size_t first = collections > HEAP_WINDOW ? (collections - HEAP_WINDOW) / 2 : 0;
    for (size_t i = 0; i < events->count && collections > HEAP_WINDOW; i++) {
        if (!heap_is_collection(&events->rows[i]))
            continue;
        if (seen == first)
            *ret_from = events->rows[i].end_ns;
        if (seen++ == first + HEAP_WINDOW)
            *ret_to = events->rows[i].end_ns;
    }
    return collections > 0;
}

/* Writes the samples of the window, where the line of the whole process has not all of them. */
static void heap_write_window(struct tables_heap *tables, const struct run *run, const struct run_cell *cell,
                              const struct timeline *timeline, const struct events *events)
{
    int64_t from, to;
    size_t first = 0, past;
    if (timeline->count < HEAP_POINTS / 2 || !heap_window_find(events, &from, &to))
        return;
    while (first < timeline->count && timeline->rows[first].time_ns < from)
        first++;
    for (past = first; past < timeline->count && timeline->rows[past].time_ns <= to;)
        past++;
    size_t *places = memory_new(past - first + 1, sizeof(*places));
    size_t stretch = past - first > HEAP_WINDOW_POINTS ? (past - first) / (HEAP_WINDOW_POINTS / 2) + 1 : 1;
    size_t kept = heap_thin(timeline->rows + first, past - first, stretch, places);
    for (size_t i = 0; i < kept; i++) {
        const struct timeline_point *point = &timeline->rows[first + places[i]];
        tables_cell(tables->window, run, cell);
        table_count(tables->window, point->time_ns);
        table_count(tables->window, point->allocated_bytes);
        table_count(tables->window, point->heap_bytes);
        table_end(tables->window);
    }
    free(places);
}

/* Lowers `least` to the heap of this process at each of HEAP_GRID even places of the allocation clock. */
static void heap_lower_least(const struct timeline *timeline, struct heap_least *least)
{
    const struct timeline_point *rows = timeline->rows;
    size_t at = 0;
    if (timeline->count == 0)
        return;
    if (least->clock_bytes <= 0)
        least->clock_bytes = (double)rows[timeline->count - 1].allocated_bytes;
    for (size_t i = 0; i < HEAP_GRID; i++) {
        double clock = least->clock_bytes * (double)(i + 1) / HEAP_GRID;
        while (at + 1 < timeline->count && (double)rows[at].allocated_bytes < clock)
            at++;
        const struct timeline_point *to = &rows[at], *from = at ? to - 1 : to;
        double span = (double)(to->allocated_bytes - from->allocated_bytes);
        double share = span > 0 ? fmin(1, fmax(0, (clock - (double)from->allocated_bytes) / span)) : 0;
        double heap = (double)from->heap_bytes + share * (double)(to->heap_bytes - from->heap_bytes);
        least->bytes[i] = fmin(least->bytes[i], heap);
    }
}

static int heap_add_cell(const struct run *run, size_t index, struct tables_heap *tables,
                         struct heap_least *least)
{
    struct heap_choice choice = heap_choose(run, &run->cells[index]);
    struct timeline timeline = {0};
    struct events events = {0};
    int64_t id = choice.row ? choice.row->id : 0;
    int status = choice.row ? timelines_read(run->store->dir, id, &timeline) : 0;
    if (status == 1) {
        heap_lower_least(&timeline, least);
        heap_write_line(tables, run, &run->cells[index], &timeline, &choice);
        status = events_read(run->store->dir, id, &events);
    }
    if (status == 1) {
        heap_write_collections(tables, run, &run->cells[index], &timeline, &events);
        heap_write_window(tables, run, &run->cells[index], &timeline, &events);
        tables_steady_add(tables->steady, run, &run->cells[index], id, &events, &timeline);
        tables_pause_times_add(tables->pauses, run, &run->cells[index], id, &events);
    }
    free(timeline.rows);
    free(events.rows);
    return status == 1 ? 0 : status;
}

static void heap_write_least(struct tables_heap *tables, const struct run *run, const struct run_cell *cell,
                             const struct heap_least *least)
{
    for (size_t i = 0; i < HEAP_GRID && least->clock_bytes > 0; i++) {
        table_text(tables->least, run->settings.names[cell->setting]);
        table_text(tables->least, run->works.names[cell->work]);
        table_count(tables->least, (int64_t)cell->work);
        table_number(tables->least, floor(least->clock_bytes * (double)(i + 1) / HEAP_GRID));
        table_number(tables->least, floor(least->bytes[i]));
        table_end(tables->least);
    }
}

int tables_heap_add(const struct run *run, size_t work, size_t setting, struct tables_heap *tables)
{
    struct heap_least least = {0};
    const struct run_cell *any = NULL;
    int status = 0;
    for (size_t i = 0; i < HEAP_GRID; i++)
        least.bytes[i] = INFINITY;
    for (size_t config = 0; config < run->configs.measured && status == 0; config++) {
        const struct run_cell *cell = run_cell_at(run, work, config, setting);
        if (!run_cell_is_whole(cell))
            continue;
        any = cell;
        status = heap_add_cell(run, (size_t)(cell - run->cells), tables, &least);
    }
    if (any && status == 0)
        heap_write_least(tables, run, any, &least);
    return status;
}
