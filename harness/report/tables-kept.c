/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-kept.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/message.h"
#include "harness/results/files.h"

/* What each table is made of, beside runs.csv and the manifest. The heap at a collection needs both files. */
static const struct kept_source {
    const char *table;
    enum files_kind parts[2];
} kept_sources[] = {
    {"pauses", {FILES_RECORD, FILES_RECORD}},        {"pause_curve", {FILES_EVENTS, FILES_EVENTS}},
    {"heap", {FILES_TIMELINE, FILES_TIMELINE}},      {"collections", {FILES_TIMELINE, FILES_EVENTS}},
    {"heap_window", {FILES_TIMELINE, FILES_EVENTS}}, {"heap_least", {FILES_TIMELINE, FILES_TIMELINE}},
    {"steady", {FILES_TIMELINE, FILES_EVENTS}},      {"utilisation", {FILES_EVENTS, FILES_EVENTS}},
    {"latency", {FILES_RECORD, FILES_RECORD}},       {"latency_curve", {FILES_LATENCIES, FILES_LATENCIES}},
    {"pause_times", {FILES_TIMELINE, FILES_EVENTS}}, {"time_space", {FILES_RECORD, FILES_RECORD}},
};
enum { KEPT_SOURCES = sizeof(kept_sources) / sizeof(kept_sources[0]) };

/* Writes the parts for which `chosen` is set, as in "records, events or timelines". */
static void kept_write_parts(FILE *stream, const bool chosen[FILES_KINDS])
{
    int count = 0, written = 0;
    for (int part = 0; part < FILES_KINDS; part++)
        count += chosen[part];
    for (int part = 0; part < FILES_KINDS; part++)
        if (chosen[part]) {
            const char *join = written == 0 ? "" : written + 1 == count ? " or " : ", ";
            fprintf(stream, "%s%s", join, files_names[part].folder);
            written++;
        }
}

void tables_keep(const struct run *run, struct table_set *set)
{
    const char *folder = run->store->dir;
    bool missing[FILES_KINDS], needed[FILES_KINDS] = {false};
    char *names = NULL, *parts = NULL;
    size_t names_size, parts_size, kept = 0;
    FILE *names_stream = memory_stream(&names, &names_size),
         *parts_stream = memory_stream(&parts, &parts_size);
    for (int part = 0; part < FILES_KINDS; part++)
        missing[part] = !files_has_any(folder, (enum files_kind)part);
    for (size_t i = 0; i < KEPT_SOURCES; i++) {
        enum files_kind first = kept_sources[i].parts[0], second = kept_sources[i].parts[1];
        struct table *table = table_find(set, kept_sources[i].table);
        if (!table || (!missing[first] && !missing[second]) || !table_keep(table, folder))
            continue;
        fprintf(names_stream, "%s%s.csv", kept++ ? ", " : "", table->name);
        needed[first] |= missing[first];
        needed[second] |= missing[second];
    }
    kept_write_parts(parts_stream, needed);
    memory_stream_close(names_stream);
    memory_stream_close(parts_stream);
    if (kept)
        message_note("%s holds no %s: these tables stay as they are, and charts are drawn from them: %s",
                     folder, parts, names);
    else if (missing[FILES_RECORD] && run->store->row_count > 0)
        message_note(
            "%s holds no records: its tables of pauses, heaps and latencies cannot be made, and collectors "
            "that only observe cannot be told from others",
            folder);
    free(names);
    free(parts);
}
