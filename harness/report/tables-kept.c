/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-kept.h"

#include <stdlib.h>

#include "base/message.h"
#include "harness/results/samples.h"

enum { KEPT_RECORDS, KEPT_EVENTS, KEPT_TIMELINES, KEPT_LATENCIES, KEPT_PARTS };

static const char *const kept_parts[KEPT_PARTS] = {
    [KEPT_RECORDS] = "records",
    [KEPT_EVENTS] = "events",
    [KEPT_TIMELINES] = "timelines",
    [KEPT_LATENCIES] = "latencies",
};

/* What each table is made of, beside runs.csv and the manifest. The heap at a collection needs both files. */
static const struct kept_source {
    const char *table;
    int parts[2];
} kept_sources[] = {
    {"pauses", {KEPT_RECORDS, KEPT_RECORDS}},         {"pause_curve", {KEPT_EVENTS, KEPT_EVENTS}},
    {"heap", {KEPT_TIMELINES, KEPT_TIMELINES}},       {"collections", {KEPT_TIMELINES, KEPT_EVENTS}},
    {"heap_least", {KEPT_TIMELINES, KEPT_TIMELINES}}, {"utilisation", {KEPT_EVENTS, KEPT_EVENTS}},
    {"latency", {KEPT_RECORDS, KEPT_RECORDS}},        {"latency_curve", {KEPT_LATENCIES, KEPT_LATENCIES}},
    {"time_space", {KEPT_RECORDS, KEPT_RECORDS}},
};
enum { KEPT_SOURCES = sizeof(kept_sources) / sizeof(kept_sources[0]) };

/* "records, events or timelines": the parts for which `chosen` is set. */
static void kept_write_parts(FILE *stream, const bool chosen[KEPT_PARTS])
{
    int count = 0, written = 0;
    for (int part = 0; part < KEPT_PARTS; part++)
        count += chosen[part];
    for (int part = 0; part < KEPT_PARTS; part++)
        if (chosen[part]) {
            written++;
            fprintf(stream, "%s%s", written == 1 ? "" : written == count ? " or " : ", ", kept_parts[part]);
        }
}

void tables_keep(const struct run *run, struct table_set *set)
{
    const char *folder = run->store->dir;
    bool missing[KEPT_PARTS], needed[KEPT_PARTS] = {false};
    char *names = NULL, *parts = NULL;
    size_t names_size, parts_size, kept = 0;
    FILE *names_stream = open_memstream(&names, &names_size),
         *parts_stream = open_memstream(&parts, &parts_size);
    if (!names_stream || !parts_stream)
        abort();
    for (int part = 0; part < KEPT_PARTS; part++)
        missing[part] = !samples_are_kept(folder, kept_parts[part]);
    for (size_t i = 0; i < KEPT_SOURCES; i++) {
        int first = kept_sources[i].parts[0], second = kept_sources[i].parts[1];
        struct table *table = table_find(set, kept_sources[i].table);
        if (!table || (!missing[first] && !missing[second]) || !table_keep(table, folder))
            continue;
        fprintf(names_stream, "%s%s.csv", kept++ ? ", " : "", table->name);
        needed[first] |= missing[first];
        needed[second] |= missing[second];
    }
    kept_write_parts(parts_stream, needed);
    fclose(names_stream);
    fclose(parts_stream);
    if (kept)
        message_note("%s holds no %s: these tables stay as they are, and charts are drawn from them: %s",
                     folder, parts, names);
    else if (missing[KEPT_RECORDS] && run->store->row_count > 0)
        message_note("%s holds no records: its tables of pauses, heaps and latencies cannot be made", folder);
    free(names);
    free(parts);
}
