/* SPDX-License-Identifier: MIT */
#include "harness/results/events.h"

#include "harness/results/files.h"
#include "harness/results/integer-rows.h"

const char *const event_kind_names[EVENT_KINDS] = {
    [EVENT_FULL] = "full",
    [EVENT_YOUNG] = "young",
    [EVENT_SLICE] = "slice",
    [EVENT_CASCADE] = "cascade",
};

#define REASON_NAME(word, name, does) name,
const char *const event_reason_names[GC_REASON_KINDS] = {GC_REASONS(REASON_NAME)};

static const char *event_take(const int64_t *values, void *ret_row)
{
    struct event *event = ret_row;
    *event = (struct event){
        .kind = (enum event_kind)values[0],
        .begin_ns = values[1],
        .end_ns = values[2],
        .visited_objects = values[3],
        .freed_objects = values[4],
        .freed_bytes = values[5],
        .reason = (int)values[6],
    };
    return event->end_ns < event->begin_ns ? "the pause ends before it begins" : NULL;
}

static const struct integer_rows_schema schema = {
    .columns = {"kind", "begin_ns", "end_ns", "visited_objects", "freed_objects", "freed_bytes", "reason"},
    .column_count = 7,
    .earlier_count = 6,
    .words = {[0] = {event_kind_names, EVENT_KINDS}, [6] = {event_reason_names, GC_REASON_KINDS}},
    .row_bytes = sizeof(struct event),
    .take = event_take,
};

int events_read(const char *dir, int64_t id, struct events *ret_events)
{
    char path[PATH_MAX];
    void *rows;
    files_path(dir, FILES_EVENTS, id, path);
    int status = integer_rows_read(&schema, path, FILES_OWN, &rows, &ret_events->count);
    if (status == 1)
        ret_events->rows = rows;
    return status;
}

FILE *events_create(const char *path)
{
    return integer_rows_create(&schema, path);
}

void events_add(FILE *file, const struct event *event)
{
    integer_rows_add(&schema, file,
                     (const int64_t[]){event->kind, event->begin_ns, event->end_ns, event->visited_objects,
                                       event->freed_objects, event->freed_bytes, event->reason});
}

int events_finish(FILE *file)
{
    return integer_rows_finish(file);
}
