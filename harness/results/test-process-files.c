/* SPDX-License-Identifier: MIT */
/* The files of one process: what is written to them is read back. A damaged one is refused in one line. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/results/csv.h"
#include "harness/results/events.h"
#include "harness/results/files.h"
#include "harness/results/latencies.h"
#include "harness/results/phases.h"
#include "harness/results/records.h"
#include "harness/results/timelines.h"
#include "tests/tap.h"

enum { ID = 42 };
static char *dir;
static char path[PATH_MAX];

static const char *place(enum files_kind kind)
{
    files_path(dir, kind, ID, path);
    return path;
}

static void text_put(enum files_kind kind, const char *text)
{
    FILE *file = fopen(place(kind), "w");
    assert(file && fputs(text, file) >= 0);
    assert(fclose(file) == 0);
}

static void check_events(void)
{
    static const struct event written[] = {
        {.kind = EVENT_YOUNG,
         .begin_ns = 5,
         .end_ns = 9,
         .visited_objects = 3,
         .freed_objects = 2,
         .reason = GC_REASON_TABLE},
        {.kind = EVENT_CASCADE,
         .begin_ns = 11,
         .end_ns = 11,
         .freed_objects = 64,
         .freed_bytes = CSV_COUNT_MOST,
         .reason = GC_REASON_DEATH},
    };
    struct events events = {0};
    tap_equal(events_read(dir, ID, &events), 0, "a run without events has none");
    FILE *file = events_create(place(FILES_EVENTS));
    for (int i = 0; i < 2; i++)
        events_add(file, &written[i]);
    tap_equal(events_finish(file), 0, "events are written");
    tap_equal(events_read(dir, ID, &events), 1, "and read");
    bool same = events.count == 2;
    for (size_t i = 0; same && i < 2; i++)
        same = events.rows[i].kind == written[i].kind && events.rows[i].begin_ns == written[i].begin_ns &&
               events.rows[i].end_ns == written[i].end_ns &&
               events.rows[i].visited_objects == written[i].visited_objects &&
               events.rows[i].freed_objects == written[i].freed_objects &&
               events.rows[i].freed_bytes == written[i].freed_bytes &&
               events.rows[i].reason == written[i].reason;
    tap_ok(same, "as they were");
    free(events.rows);
}

/* Of a run of an earlier version, which kept no reasons. */
static void check_earlier_events(void)
{
    struct events events = {0};
    text_put(FILES_EVENTS,
             "kind,begin_ns,end_ns,visited_objects,freed_objects,freed_bytes\nslice,1,2,3,4,5\n");
    tap_equal(events_read(dir, ID, &events), 1, "events without reasons are read");
    tap_ok(events.count == 1 && events.rows[0].freed_bytes == 5 &&
               events.rows[0].reason == EVENT_REASON_UNKNOWN,
           "and their reasons are unknown");
    free(events.rows);
}

static void check_phases(void)
{
    static const struct phase_row written = {GC_PHASE_SCAN, 1, 5, 9, 2, 48};
    struct phases phases = {0};
    tap_equal(phases_read(dir, ID, &phases), 0, "a run without phases has none");
    FILE *file = phases_create(place(FILES_PHASES));
    phases_add(file, &written);
    tap_equal(phases_finish(file), 0, "phases are written");
    tap_equal(phases_read(dir, ID, &phases), 1, "and read");
    tap_ok(phases.count == 1 && phases.rows[0].phase == written.phase &&
               phases.rows[0].pause == written.pause && phases.rows[0].begin_ns == written.begin_ns &&
               phases.rows[0].end_ns == written.end_ns &&
               phases.rows[0].freed_objects == written.freed_objects &&
               phases.rows[0].freed_bytes == written.freed_bytes,
           "as they were");
    free(phases.rows);
    phases = (struct phases){0};
    text_put(FILES_PHASES, "phase,pause,begin_ns,end_ns,freed_objects,freed_bytes\nmarc,1,2,3,4,5\n");
    tap_ok(phases_read(dir, ID, &phases) == MESSAGE_BAD_INPUT &&
               strstr(message_last(), ":2: phase is 'marc'; it is"),
           "an unknown phase is refused");
    text_put(FILES_PHASES, "phase,pause,begin_ns,end_ns,freed_objects,freed_bytes\nmark,1,3,2,4,5\n");
    tap_ok(phases_read(dir, ID, &phases) == MESSAGE_BAD_INPUT &&
               strstr(message_last(), "ends before it begins"),
           "and one that ends before it begins");
}

static void check_timeline(void)
{
    struct timeline timeline = {0};
    FILE *file = timelines_create(place(FILES_TIMELINE));
    timelines_add(file, &(struct timeline_point){.allocated_bytes = 1, .heap_bytes = 2, .rss_bytes = 3});
    timelines_add(file, &(struct timeline_point){.time_ns = 7, .allocated_bytes = 65536});
    tap_equal(timelines_finish(file), 0, "a timeline is written");
    tap_equal(timelines_read(dir, ID, &timeline), 1, "and read");
    tap_ok(timeline.count == 2 && timeline.rows[0].rss_bytes == 3 && timeline.rows[1].time_ns == 7 &&
               timeline.rows[1].allocated_bytes == 65536,
           "as it was");
    free(timeline.rows);
}

static void check_latencies(void)
{
    struct latencies latencies = {0};
    FILE *file = latencies_create(place(FILES_LATENCIES));
    latencies_add(file, &(struct latency_request){.arrival_ns = 1, .begin_ns = 2, .end_ns = 3});
    tap_equal(latencies_finish(file), 0, "requests are written");
    tap_equal(latencies_read(dir, ID, &latencies), 1, "and read");
    tap_ok(latencies.count == 1 && latencies.rows[0].arrival_ns == 1 && latencies.rows[0].begin_ns == 2 &&
               latencies.rows[0].end_ns == 3,
           "as they were");
    free(latencies.rows);
}

#define EVENTS_HEADER "kind,begin_ns,end_ns,visited_objects,freed_objects,freed_bytes,reason\n"

static void check_refused(const char *text, const char *words, const char *sentence)
{
    struct events events = {0};
    text_put(FILES_EVENTS, text);
    int status = events_read(dir, ID, &events);
    if (!tap_ok(status == MESSAGE_BAD_INPUT && !events.rows && strstr(message_last(), words), "%s", sentence))
        tap_note("status %d, said \"%s\", should hold \"%s\"", status, message_last(), words);
}

static void check_damaged(void)
{
    check_refused("", "000042.csv:1: no header line", "an empty file is refused");
    check_refused("kind,begin_ns\n", "column 3 should be 'end_ns', not ''", "and a header without a column");
    check_refused(EVENTS_HEADER "full,1,2,3\n", ":2: 4 fields where the header has 7", "and a short row");
    check_refused(EVENTS_HEADER "fool,1,2,3,4,5,limit\n",
                  ":2: kind is 'fool'; it is one of full, young, slice, cascade", "and an unknown kind");
    check_refused(EVENTS_HEADER "full,1,2,3,4,5,whim\n",
                  ":2: reason is 'whim'; it is one of asked, threshold", "and an unknown reason");
    check_refused(EVENTS_HEADER "full,1,2,-3,4,5,limit\n",
                  "column visited_objects is '-3', not a count from 0", "and a negative count");
    check_refused(EVENTS_HEADER "full,1,2,3,4,99999999999999999999,limit\n", "column freed_bytes",
                  "and a count that is too large");
    check_refused(EVENTS_HEADER "full,2,1,3,4,5,limit\n", "the pause ends before it begins",
                  "and a pause that ends before it begins");
    check_refused(EVENTS_HEADER "full,1,2,3,4,5,limit", ":2: the file ends inside a row", "and a torn row");
    check_refused(EVENTS_HEADER "fu\"ll,1,2,3,4,5,limit\n", ":2: a misplaced quote", "and a misplaced quote");
}

static void check_checked(uint64_t seed, const char *words, const char *sentence)
{
    char *reason = NULL;
    json_t *record = records_read_checked(place(FILES_RECORD), seed, &reason);
    if (!tap_ok(words ? !record && reason && strstr(reason, words) : record && !reason, "%s", sentence))
        tap_note("the reason is \"%s\"", reason ? reason : "");
    json_decref(record);
    free(reason);
}

static void check_records(void)
{
    json_t *record = json_pack("{ss ss ss si s{si} }", "schema", RECORDS_SCHEMA, "status", "ok", "checksum",
                               "0123456789abcdef", "seed", 7, "pauses", "count", 3);
    json_t *read = record;
    tap_ok(records_read(dir, ID, &read) == 0 && !read, "a process without a record has none");
    check_checked(7, "it wrote no record", "and is said to have written none");
    tap_equal(records_write(record, place(FILES_RECORD)), 0, "a record is written");
    tap_ok(records_read(dir, ID, &read) == 0 && json_equal(record, read), "and read as it was");
    json_decref(read);
    tap_ok(records_has_key(dir, ID, "pauses") && !records_has_key(dir, ID, "truth"), "a record has its keys");
    check_checked(7, NULL, "a record of the process that was asked for is taken");
    check_checked(8, "names another seed than 8", "one of another seed is not");
    json_object_del(record, "checksum");
    records_write(record, place(FILES_RECORD));
    check_checked(7, "no status or no checksum", "nor one without a checksum");
    json_object_set_new(record, "schema", json_string("gcmatrix.record.0"));
    records_write(record, place(FILES_RECORD));
    check_checked(7, "is of schema 'gcmatrix.record.0'", "nor one of another schema");
    text_put(FILES_RECORD, "{\n\"schema\": oops\n}\n");
    check_checked(7, "its record is damaged at line 2", "nor a damaged one");
    tap_ok(records_read(dir, ID, &read) == MESSAGE_BAD_INPUT && !read &&
               strstr(message_last(), "000042.json:2:"),
           "which is refused with its place");
    tap_ok(!records_has_key(dir, ID, "schema"), "and has no key");
    tap_equal(records_write(record, "/nonexistent/record.json"), -1,
              "a record that cannot be written says so");
    json_decref(record);
}

int main(void)
{
    char *made[FILES_KINDS];
    dir = text_scratch("gcmatrix-process-files");
    assert(mkdtemp(dir));
    for (int kind = 0; kind < FILES_KINDS; kind++) {
        made[kind] = text_format("%s/%s", dir, files_names[kind].folder);
        assert(mkdir(made[kind], 0777) == 0);
    }
    tap_ok(!files_has_any(dir, FILES_EVENTS), "an empty folder has no files of a kind");
    check_events();
    check_phases();
    check_timeline();
    check_latencies();
    tap_ok(files_has_any(dir, FILES_EVENTS) && files_has(dir, FILES_EVENTS, ID) &&
               !files_has(dir, FILES_EVENTS, ID + 1),
           "a file that is kept is there, and no other");
    check_earlier_events();
    check_damaged();
    check_records();
    for (int kind = 0; kind < FILES_KINDS; kind++) {
        unlink(place((enum files_kind)kind));
        rmdir(made[kind]);
        free(made[kind]);
    }
    rmdir(dir);
    free(dir);
    return tap_done();
}
