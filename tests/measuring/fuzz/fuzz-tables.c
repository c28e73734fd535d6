/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the raw files of a run's one process: its record, pauses, phases, heap samples and requests. The run
 * itself is sound. The tables and the trace that need them are made to the end, or a file is refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "harness/analysis/run.h"
#include "harness/report/tables.h"
#include "harness/report/trace-events.h"
#include "harness/results/damage.h"
#include "tests/measuring/fuzz/scratch.h"

static const char *const names[] = {"records/000000.json",  "events/000000.csv", "timelines/000000.csv",
                                    "latencies/000000.csv", "phases/000000.csv", NULL};

static const char manifest[] =
    "{\"schema\": \"gcmatrix.results.3\", \"name\": \"f\", \"created\": \"\", \"finished\": null, \"ended\": "
    "null,"
    " \"spec\": {\"vary_seed\": false}, \"layouts\": {\"count\": 1}, \"spec_sha256\": \"\", \"blocks\": 1,"
    " \"seed\": 1, \"cells\": [{\"workload\": \"w\", \"workload_options\": \"\", \"collector\": \"c\","
    " \"collector_options\": \"\", \"allocator\": \"glibc\", \"tuning\": \"default\", \"pair\": \"w-c\","
    " \"baseline\": false, \"memory\": \"cold\", \"build\": \"\"}], \"machine\": {}, \"warnings\": [],"
    " \"versions\": {}, \"binaries\": {}, \"allocators\": {}, \"baseline\": null, \"sessions\": [],"
    " \"design\": {\"kind\": \"blocks\", \"precision\": 0.03, \"minimum\": 0.01, \"alpha\": 0.05, \"first\": "
    "1,"
    " \"blocks\": 1, \"looks\": [1], \"budget_seconds\": null, \"family\": 1, \"method\": \"\"}}";

static void row_write(void)
{
    char *text;
    size_t size;
    struct store_row row = store_row_empty();
    FILE *stream = open_memstream(&text, &size);
    row.id = row.block = row.cell = row.attempt = row.layout = row.exit_status = 0;
    row.workload = "w";
    row.collector = "c";
    row.allocator = "glibc";
    row.tuning = "default";
    row.memory = "cold";
    row.seed = 1;
    row.status = "ok";
    row.checksum = "0123456789abcdef";
    row.files = "record:00000000 events:00000000 timeline:00000000 latencies:00000000 phases:00000000";
    row.wall_ns = row.process_wall_ns = 1000000;
    row.user_ns = row.process_user_ns = 900000;
    row.sys_ns = row.process_sys_ns = 100000;
    row.max_rss_bytes = row.final_rss_bytes = 1 << 24;
    row.baseline_rss_bytes = 1 << 20;
    row.allocated_objects = row.freed_objects = 1000;
    row.allocated_bytes = row.freed_bytes = 48000;
    row.pause_count = 3;
    row.pause_total_ns = 300;
    row.pause_max_ns = row.pause_p50_ns = row.pause_p90_ns = row.pause_p99_ns = row.pause_p999_ns = 100;
    store_header_write(stream);
    store_row_write(stream, &row);
    fclose(stream);
    scratch_file("runs.csv", (const uint8_t *)text, size);
    free(text);
}

/* The run, which is opened once. */
static const struct run *run_of(void)
{
    static struct run run;
    static bool opened;
    if (!opened) {
        scratch_file("manifest.json", (const uint8_t *)manifest, sizeof(manifest) - 1);
        row_write();
        FUZZ_EXPECT(run_open(&run, scratch_folder()) == 0);
        opened = true;
    }
    return &run;
}

/* A trace of the process is JSON. */
static void trace_look(const struct store *store)
{
    const struct store_row *rows[] = {&store->rows[0]};
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    int status = trace_events_write(store, rows, 1, stream);
    fclose(stream);
    json_t *trace = status == 0 ? json_loadb(text, size, 0, NULL) : NULL;
    FUZZ_EXPECT(trace || status == MESSAGE_BAD_INPUT);
    json_decref(trace);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct tables tables = {0};
    const struct run *run = run_of();
    scratch_files(bytes, count, names);
    damage_files_say(run->store);
    int status = tables_make_raw(run, &tables);
    FUZZ_EXPECT(status == 0 || status == MESSAGE_BAD_INPUT);
    tables_fini(&tables);
    trace_look(run->store);
    return 0;
}
