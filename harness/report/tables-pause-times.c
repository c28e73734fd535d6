/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-pause-times.h"

static const struct dictionary_column pause_times_columns[] = {
    TABLES_CELL_COLUMNS,
    COLUMN_WORD("kind", "full young slice cascade", "kind of the pause", NULL),
    COLUMN_COUNT("begin_ns", "ns", "time of its begin, from the start of the workload", NULL),
    COLUMN_COUNT("pause_ns", "ns", "its length", NULL),
    COLUMN_COUNT("freed_bytes", "bytes", "bytes freed in it", NULL),
    COLUMN_COUNT("pauses", "count",
                 "pauses of this kind in the process: where the table has fewer rows of them, each is the "
                 "longest of a "
                 "stretch",
                 NULL),
    COLUMN_ID("process", "id of the process: that of tables/heap.csv", NULL),
};

const struct dictionary_file tables_pause_times_file = {.name = "pause_times",
                                                        .path = "tables/pause_times.csv",
                                                        .row = "a pause of the process of tables/heap.csv",
                                                        DICTIONARY_COLUMNS(pause_times_columns)};

static int64_t pause_length(const struct event *event)
{
    return event->end_ns - event->begin_ns;
}

static size_t pause_count(const struct events *events, enum event_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < events->count; i++)
        count += events->rows[i].kind == kind;
    return count;
}

/* Returns the longest of the next `stretch` pauses of a kind; NULL where none is left. `*place` moves behind them. */
static const struct event *pause_longest(const struct events *events, enum event_kind kind, size_t stretch,
                                         size_t *place)
{
    const struct event *longest = NULL;
    for (size_t seen = 0; *place < events->count && seen < stretch; ++*place) {
        const struct event *event = &events->rows[*place];
        if (event->kind != kind)
            continue;
        seen++;
        if (!longest || pause_length(event) > pause_length(longest))
            longest = event;
    }
    return longest;
}

static void pause_write(struct table *table, const struct run *run, const struct run_cell *cell, int64_t id,
                        const struct event *event, size_t pauses)
{
    tables_cell(table, run, cell);
    table_text(table, event_kind_names[event->kind]);
    table_count(table, event->begin_ns);
    table_count(table, pause_length(event));
    table_count(table, event->freed_bytes);
    table_count(table, (int64_t)pauses);
    table_count(table, id);
    table_end(table);
}

void tables_pause_times_add(struct table *table, const struct run *run, const struct run_cell *cell,
                            int64_t id, const struct events *events)
{
    for (int kind = 0; kind < EVENT_KINDS; kind++) {
        size_t count = pause_count(events, (enum event_kind)kind), place = 0;
        size_t stretch = (count + PAUSE_TIMES_MOST - 1) / PAUSE_TIMES_MOST;
        const struct event *event;
        while (count && (event = pause_longest(events, (enum event_kind)kind, stretch, &place)))
            pause_write(table, run, cell, id, event, count);
    }
}
