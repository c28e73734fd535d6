/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the other files that a command reads: the list of pairs, the minimum heaps, and the files of a
 * process: its record, heap samples, pauses, phases and requests. The first byte says which.
 */
#include <stdlib.h>
#include <string.h>

#include "harness/campaign/minheap/minheap-file.h"
#include "harness/campaign/plan/pairs.h"
#include "harness/results/events.h"
#include "harness/results/latencies.h"
#include "harness/results/phases.h"
#include "harness/results/records.h"
#include "harness/results/timelines.h"
#include "tests/measuring/fuzz/scratch.h"

static void pairs_look(const char *path)
{
    struct pairs *pairs = NULL;
    if (pairs_load_file(path, &pairs) != 0)
        return;
    free(pairs_path_listed(pairs, "rings", "rc"));
    pairs_name_check(pairs, "fuzz", "workload", "rings");
    pairs_free(pairs);
}

static void minima_look(const char *path)
{
    json_t *minima = NULL;
    if (minheap_file_read(path, &minima) != 0)
        return;
    uint64_t minimum = minheap_file_find(minima, "rings", "", 1);
    FUZZ_EXPECT(minheap_multiple_bytes(1.5, minimum) >= minimum);
    json_decref(minima);
}

static void record_look(const char *path)
{
    char *reason = NULL;
    json_t *record = records_read_checked(path, 1, &reason);
    FUZZ_EXPECT(record || reason);
    json_decref(record);
    free(reason);
}

static void timeline_look(const char *path)
{
    struct timeline timeline = {0};
    if (timelines_read_file(path, &timeline) != 1)
        return;
    for (size_t i = 0; i < timeline.count; i++)
        FUZZ_EXPECT(timeline.rows[i].time_ns >= 0 && timeline.rows[i].heap_bytes >= 0);
    free(timeline.rows);
}

static void events_look(const char *folder)
{
    struct events events = {0};
    if (events_read(folder, 0, &events) != 1)
        return;
    for (size_t i = 0; i < events.count; i++)
        FUZZ_EXPECT(events.rows[i].kind < EVENT_KINDS && events.rows[i].begin_ns >= 0 &&
                    events.rows[i].begin_ns <= events.rows[i].end_ns);
    free(events.rows);
}

static void phases_look(const char *folder)
{
    struct phases phases = {0};
    if (phases_read(folder, 0, &phases) != 1)
        return;
    for (size_t i = 0; i < phases.count; i++)
        FUZZ_EXPECT(phases.rows[i].phase < GC_PHASE_KINDS && phases.rows[i].begin_ns >= 0 &&
                    phases.rows[i].begin_ns <= phases.rows[i].end_ns);
    free(phases.rows);
}

static void latencies_look(const char *folder)
{
    struct latencies latencies = {0};
    if (latencies_read(folder, 0, &latencies) != 1)
        return;
    int64_t *metered = calloc(latencies.count + 1, sizeof(*metered));
    latency_sort(latencies.rows, latencies.count);
    latency_metered(latencies.rows, latencies.count, LATENCY_WINDOW_SHORT, metered);
    for (size_t i = 0; i < latencies.count; i++)
        FUZZ_EXPECT(metered[i] >= latencies.rows[i].end_ns - latencies.rows[i].begin_ns);
    free(metered);
    free(latencies.rows);
}

static void kept_record_look(const char *folder)
{
    json_t *record;
    if (records_read(folder, 0, &record) == 0)
        FUZZ_EXPECT(record &&
                    records_has_key(folder, 0, "status") == (json_object_get(record, "status") != NULL));
    json_decref(record);
}

/* What is looked at: a file by its path, or by the folder of results that it lies in under this name. */
static const struct {
    void (*look)(const char *place);
    const char *name;
} looks[] = {
    {pairs_look, NULL},
    {minima_look, NULL},
    {record_look, NULL},
    {timeline_look, NULL},
    {events_look, "events/000000.csv"},
    {latencies_look, "latencies/000000.csv"},
    {kept_record_look, "records/000000.json"},
    {phases_look, "phases/000000.csv"},
};
enum { LOOKS = sizeof(looks) / sizeof(looks[0]) };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (!count)
        return 0;
    size_t i = (uint8_t)(bytes[0] - '0') % LOOKS;
    const char *path = scratch_file(looks[i].name ? looks[i].name : "first", bytes + 1, count - 1);
    looks[i].look(looks[i].name ? scratch_folder() : path);
    return 0;
}
