/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the other files that a command reads: the list of pairs, the minimum heaps, the record and the
 * heap samples of a process. The first byte says which.
 */
#include <stdlib.h>
#include <string.h>

#include "harness/campaign/minheap/minheap-file.h"
#include "harness/campaign/plan/pairs.h"
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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static void (*const looks[])(const char *path) = {pairs_look, minima_look, record_look, timeline_look};
    if (count)
        looks[bytes[0] % 4](scratch_file("first", bytes + 1, count - 1));
    return 0;
}
