/* SPDX-License-Identifier: MIT */
#include "harness/report/trace-events.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/results/events.h"
#include "harness/results/files.h"
#include "harness/results/json-text.h"
#include "harness/results/phases.h"
#include "harness/results/timelines.h"

enum { MUTATOR = 1 }; /* the number of a process's one thread */

/* The raw files of one process. */
struct raw {
    struct events events;
    struct phases phases;
    struct timeline timeline;
};

struct writer {
    FILE *stream;
    int64_t process; /* its number in the trace */
    bool any;        /* an event was written */
};

/* ---- the format ---- */

/* Begins an event, whose fields the caller goes on with after a comma, and ends. */
static void event_open(struct writer *writer, const char *phase, const char *name)
{
    fprintf(writer->stream, "%s\n{\"ph\":\"%s\",\"pid\":%" PRId64 ",\"tid\":%d,\"name\":\"%s\"",
            writer->any ? "," : "", phase, writer->process, MUTATOR, name);
    writer->any = true;
}

static void time_write(const struct writer *writer, const char *key, int64_t ns)
{
    fprintf(writer->stream, ",\"%s\":%" PRId64 ".%03" PRId64, key, ns / 1000, ns % 1000);
}

/* Begins a slice, up to its arguments. */
static void slice_open(struct writer *writer, const char *category, const char *name, int64_t begin_ns,
                       int64_t end_ns)
{
    event_open(writer, "X", name);
    fprintf(writer->stream, ",\"cat\":\"%s\"", category);
    time_write(writer, "ts", begin_ns);
    time_write(writer, "dur", end_ns - begin_ns);
}

/* Writes a text of a run's folder as a string of JSON. */
static void text_write(const struct writer *writer, const char *text)
{
    json_t *string = json_text(text);
    json_dumpf(string, writer->stream, JSON_ENCODE_ANY);
    json_decref(string);
}

static void label_write(struct writer *writer, const char *what, const char *text)
{
    event_open(writer, "M", what);
    fputs(",\"args\":{\"name\":", writer->stream);
    text_write(writer, text);
    fputs("}}", writer->stream);
}

static void counter_write(struct writer *writer, const char *name, int64_t time_ns, int64_t bytes)
{
    event_open(writer, "C", name);
    time_write(writer, "ts", time_ns);
    fprintf(writer->stream, ",\"args\":{\"bytes\":%" PRId64 "}}", bytes);
}

/* ---- one process ---- */

static void labels_write(struct writer *writer, const struct store_row *row)
{
    char *name = text_format("%s%s%s x %s%s%s on %s (%s%s%s), block %" PRId64, row->workload,
                             *row->workload_options ? ":" : "", row->workload_options, row->collector,
                             *row->collector_options ? ":" : "", row->collector_options, row->allocator,
                             row->tuning, *row->build ? ", build " : "", row->build, row->block);
    label_write(writer, "process_name", name);
    label_write(writer, "thread_name", "mutator");
    free(name);
}

static void phase_write(struct writer *writer, const struct phase_row *row)
{
    slice_open(writer, "phase", phase_names[row->phase], row->begin_ns, row->end_ns);
    fprintf(writer->stream, ",\"args\":{\"freed_objects\":%" PRId64 ",\"freed_bytes\":%" PRId64 "}}",
            row->freed_objects, row->freed_bytes);
}

static void pause_write(struct writer *writer, const struct event *event)
{
    static const char *const names[EVENT_KINDS] = {
        [EVENT_FULL] = "full collection",
        [EVENT_YOUNG] = "young collection",
        [EVENT_SLICE] = "slice",
        [EVENT_CASCADE] = "cascade",
    };
    slice_open(writer, "pause", names[event->kind], event->begin_ns, event->end_ns);
    fputs(",\"args\":{", writer->stream);
    if (event->reason != EVENT_REASON_UNKNOWN)
        fprintf(writer->stream, "\"reason\":\"%s\",", event_reason_names[event->reason]);
    fprintf(writer->stream,
            "\"visited_objects\":%" PRId64 ",\"freed_objects\":%" PRId64 ",\"freed_bytes\":%" PRId64 "}}",
            event->visited_objects, event->freed_objects, event->freed_bytes);
}

static void raw_write(struct writer *writer, const struct store_row *row, const struct raw *raw)
{
    size_t phase = 0;
    labels_write(writer, row);
    if (row->wall_ns != STORE_MISSING) {
        slice_open(writer, "workload", "workload", 0, row->wall_ns);
        fprintf(writer->stream, ",\"args\":{\"id\":%" PRId64 "}}", row->id);
    }
    for (size_t i = 0; i < raw->events.count; i++) {
        pause_write(writer, &raw->events.rows[i]);
        for (; phase < raw->phases.count && raw->phases.rows[phase].pause == (int64_t)i; phase++)
            phase_write(writer, &raw->phases.rows[phase]);
    }
    for (size_t i = 0; i < raw->timeline.count; i++) {
        const struct timeline_point *point = &raw->timeline.rows[i];
        counter_write(writer, "heap", point->time_ns, point->heap_bytes);
        counter_write(writer, "resident", point->time_ns, point->rss_bytes);
    }
}

/* ---- reading ---- */

/* Checks that each phase lies in its pause, after the one before it, so that slices nest. */
static int phases_check(const char *dir, int64_t id, const struct raw *raw)
{
    char path[PATH_MAX];
    files_path(dir, FILES_PHASES, id, path);
    for (size_t i = 0; i < raw->phases.count; i++) {
        const struct phase_row *row = &raw->phases.rows[i];
        const struct phase_row *before = i ? row - 1 : NULL;
        if (row->pause >= (int64_t)raw->events.count)
            return message_bad_input("%s:%zu: there is no pause %" PRId64 ": the process kept %zu", path,
                                     i + 2, row->pause, raw->events.count);
        const struct event *pause = &raw->events.rows[row->pause];
        if (row->begin_ns < pause->begin_ns || row->end_ns > pause->end_ns)
            return message_bad_input("%s:%zu: the phase is not within its pause", path, i + 2);
        if (before && (before->pause > row->pause || before->end_ns > row->begin_ns))
            return message_bad_input("%s:%zu: the phase begins before the one in the row above ends", path,
                                     i + 2);
    }
    return 0;
}

static void raw_free(struct raw *raw)
{
    free(raw->events.rows);
    free(raw->phases.rows);
    free(raw->timeline.rows);
}

/* Reads the files that there are. Returns 0, or MESSAGE_BAD_INPUT after one line. */
static int raw_read(const char *dir, int64_t id, struct raw *ret_raw)
{
    *ret_raw = (struct raw){0};
    if (events_read(dir, id, &ret_raw->events) == MESSAGE_BAD_INPUT ||
        phases_read(dir, id, &ret_raw->phases) == MESSAGE_BAD_INPUT ||
        timelines_read(dir, id, &ret_raw->timeline) == MESSAGE_BAD_INPUT)
        return MESSAGE_BAD_INPUT;
    return phases_check(dir, id, ret_raw);
}

int trace_events_write(const struct store *store, const struct store_row *const *rows, size_t count,
                       FILE *stream)
{
    struct writer writer = {.stream = stream};
    const char *name = json_string_value(json_object_get(store->manifest, "name"));
    int status = 0;
    fputs("{\"displayTimeUnit\":\"ns\",\"otherData\":{\"run\":", stream);
    text_write(&writer, name ? name : "");
    fputs("},\"traceEvents\":[", stream);
    for (size_t i = 0; i < count && status == 0; i++) {
        struct raw raw;
        status = raw_read(store->dir, rows[i]->id, &raw);
        writer.process = rows[i]->id + 1; /* 0 is the idle process to some readers */
        if (status == 0)
            raw_write(&writer, rows[i], &raw);
        raw_free(&raw);
    }
    fputs("\n]}\n", stream);
    return status;
}
