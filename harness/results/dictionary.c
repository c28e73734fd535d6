/* SPDX-License-Identifier: MIT */
#include "harness/results/dictionary.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

const struct dictionary_unit dictionary_units[DICTIONARY_UNITS] = {
    {"ns", "nanoseconds"},
    {"bytes", "bytes"},
    {"count", "how many"},
    {"ratio", "one figure over another of the same unit"},
    {"share", "a part over the whole, from 0 to 1"},
    {"ln", "a difference of natural logarithms: 0.01 is about 1%"},
    {"1/s", "how many in each second"},
};

/* ---- runs.csv ---- */

/* When the figures of a process are empty. */
#define NOT_OK "where the process did not get so far"
#define WARM "of a warm process: its pages were made present"
#define NO_PAUSE "without a pause"

static const struct dictionary_column runs_columns[] = {
    COLUMN_ID("id", "place of the process in the plan: (attempt * blocks + block) * cells + place", NULL),
    COLUMN_ID("block", "block in which the process ran, from 0", NULL),
    COLUMN_ID("cell", "place of the cell in the manifest's `cells`, from 0", NULL),
    COLUMN_ID(
        "attempt",
        "0, or which repetition of a process that was disturbed. Of the attempts of a cell in a block the "
        "one that lost least counts",
        NULL),
    COLUMN_TEXT("workload", "name of the workload", NULL),
    COLUMN_TEXT("workload_options", "options of the workload, as the matrix has them", "where it has none"),
    COLUMN_TEXT("collector", "name of the collector", NULL),
    COLUMN_TEXT("collector_options", "options of the collector, as the matrix has them", "where it has none"),
    COLUMN_TEXT("allocator", "name of the allocator", NULL),
    COLUMN_TEXT("tuning", "settings of the allocator: default, or normalised", NULL),
    COLUMN_WORD("memory", "cold warm",
                "whether the pages that the process uses were there before its clock started (warm)", NULL),
    COLUMN_TEXT("build", "name of the build that the executable is from",
                "where the run compares no two builds"),
    COLUMN_ID("seed", "seed of the workload: any number up to 2^63 - 1", NULL),
    COLUMN_WORD("status", "ok oom timeout crash mismatch unmeasured error", "how the process ended", NULL),
    COLUMN_TEXT("reason", "the same in words", "where the status is ok"),
    COLUMN_ID("exit_status", "exit status of the process", "where a signal ended it, or none is known"),
    COLUMN_COUNT("process_wall_ns", "ns", "time of the whole process, by hyperfine", NOT_OK),
    COLUMN_COUNT("process_user_ns", "ns", "user time of the whole process, by hyperfine", NOT_OK),
    COLUMN_COUNT("process_sys_ns", "ns", "system time of the whole process, by hyperfine", NOT_OK),
    COLUMN_COUNT("wall_ns", "ns", "time of the workload alone, from its first operation to its return",
                 NOT_OK),
    COLUMN_COUNT("user_ns", "ns", "user time of the workload alone", NOT_OK),
    COLUMN_COUNT("sys_ns", "ns", "system time of the workload alone", NOT_OK),
    COLUMN_COUNT("collecting_ns", "ns", "time in collections and their slices", NOT_OK),
    COLUMN_COUNT("cascades_ns", "ns", "time in timed cascades. With collecting_ns it is pause_total_ns",
                 NOT_OK),
    COLUMN_COUNT("cascades_untimed_ns", "ns",
                 "estimate of the time in cascades that no clock saw. It is a part of the mutator's time",
                 "where there were some and none was timed"),
    COLUMN_COUNT("kernel_collecting_ns", "ns", "part of sys_ns inside of collections and their slices",
                 NOT_OK),
    COLUMN_COUNT("kernel_cascades_ns", "ns", "part of sys_ns inside of timed cascades", NOT_OK),
    COLUMN_COUNT("minor_faults", "count", "minor page faults of the workload alone, by getrusage", NOT_OK),
    COLUMN_COUNT("major_faults", "count", "major page faults of the workload alone, by getrusage", NOT_OK),
    COLUMN_COUNT("collecting_faults", "count", "minor page faults inside of collections", NOT_OK),
    COLUMN_COUNT("cascades_faults", "count", "minor page faults inside of timed cascades", NOT_OK),
    COLUMN_COUNT("voluntary_switches", "count", "voluntary context switches of the workload alone", NOT_OK),
    COLUMN_COUNT("involuntary_switches", "count", "involuntary context switches of the workload alone",
                 NOT_OK),
    COLUMN_COUNT("queued_ns", "ns", "time that the process was ready to run and did not",
                 "where the system does not say it"),
    COLUMN_COUNT("stolen_ns", "ns", "time that a host took from the process's processor meanwhile",
                 "where the process was kept to no processor"),
    COLUMN_ID("processor", "number of the processor that the process was kept to",
              "where it was kept to none"),
    COLUMN_COUNT(
        "closing_ns", "ns",
        "time that the process spent on its own accounts after the workload; a part of process_wall_ns",
        NOT_OK),
    COLUMN_COUNT("max_rss_bytes", "bytes", "largest resident size until the workload returned", WARM),
    COLUMN_COUNT("baseline_rss_bytes", "bytes", "resident size just before the workload starts", WARM),
    COLUMN_COUNT("final_rss_bytes", "bytes",
                 "resident size after the workload dropped everything and a full collection", WARM),
    COLUMN_COUNT("warmed_bytes", "bytes", "memory that was made present before the clock started",
                 "of a cold process"),
    COLUMN_COUNT("short_bytes", "bytes",
                 "memory that was to come from there, and was not there. Above 0 the process was not warm",
                 "of a cold process"),
    COLUMN_COUNT("allocated_objects", "count", "objects that the workload allocated", NOT_OK),
    COLUMN_COUNT("allocated_bytes", "bytes",
                 "their bytes: header of 8 bytes, length word, references and payload, under every collector",
                 NOT_OK),
    COLUMN_COUNT("freed_objects", "count", "objects that were freed, after a last full collection", NOT_OK),
    COLUMN_COUNT("freed_bytes", "bytes", "their bytes", NOT_OK),
    COLUMN_COUNT("live_objects", "count", "objects that the roots reach at the end, by a tracer of its own",
                 NOT_OK),
    COLUMN_COUNT("live_bytes", "bytes", "their bytes", NOT_OK),
    COLUMN_COUNT("leaked_objects", "count",
                 "objects that nothing reaches and that are held after a last collection", NOT_OK),
    COLUMN_COUNT("leaked_bytes", "bytes", "their bytes", NOT_OK),
    COLUMN_COUNT("collections", "count", "collections while the workload ran", NOT_OK),
    COLUMN_COUNT("cascades", "count", "cascades that freed 64 objects or more", NOT_OK),
    COLUMN_COUNT("pause_count", "count", "pauses: collections, slices and timed cascades", NOT_OK),
    COLUMN_COUNT("pause_total_ns", "ns", "sum of the pauses", NOT_OK),
    COLUMN_COUNT("pause_max_ns", "ns", "longest pause", NO_PAUSE),
    COLUMN_COUNT("pause_p50_ns", "ns", "pause that half of the kept ones do not exceed", NO_PAUSE),
    COLUMN_COUNT("pause_p90_ns", "ns", "pause that 90% of the kept ones do not exceed", NO_PAUSE),
    COLUMN_COUNT("pause_p99_ns", "ns", "pause that 99% of the kept ones do not exceed", NO_PAUSE),
    COLUMN_COUNT("pause_p999_ns", "ns", "pause that 99.9% of the kept ones do not exceed", NO_PAUSE),
    COLUMN_COUNT("instructions", "count",
                 "instructions of the workload alone: by the processor in user mode with `counter: perf`, by "
                 "callgrind in a second process with `counter: instructions`",
                 "where they were not counted, or others shared the counter"),
    COLUMN_COUNT("cycles", "count", "cycles of the workload alone, in user mode",
                 "where they were not counted, or others shared the counter"),
    COLUMN_ID(
        "layout",
        "number of the process's layout, from 0, the usual one: padding of the environment, addresses and "
        "order of linking",
        "in some runs of earlier versions"),
    COLUMN_TEXT("checksum", "what the workload computed: 16 hexadecimal digits", NOT_OK),
    COLUMN_TEXT("files", "the process's files in the folder, each with its CRC-32, as in `record:5e1f00c2`",
                "where none was kept"),
    COLUMN_TEXT("check", "CRC-32 of the row's bytes before this column's comma, in eight hexadecimal digits",
                NULL),
};

const struct dictionary_file dictionary_runs = {
    .name = "runs", .path = "runs.csv", .row = "a process", .key = "id", DICTIONARY_COLUMNS(runs_columns)};

/* ---- reference.csv ---- */

static const struct dictionary_column reference_columns[] = {
    COLUMN_ID("block", "block in which the program ran, from 0", NULL),
    COLUMN_COUNT("wall_ns", "ns", "sum of allocating_ns, chasing_ns and computing_ns", NULL),
    COLUMN_ID("processor", "number of the processor where the program ended", NULL),
    COLUMN_COUNT("allocating_ns", "ns", "time of malloc and free of small blocks", NULL),
    COLUMN_COUNT("chasing_ns", "ns",
                 "time of reads that each need the one before, in a table larger than a second-level cache",
                 NULL),
    COLUMN_COUNT("computing_ns", "ns", "time of arithmetic", NULL),
    COLUMN_COUNT("touching_ns", "ns", "time of the first write to each of 2,048 fresh pages", NULL),
};

const struct dictionary_file dictionary_reference = {.name = "reference",
                                                     .path = "reference.csv",
                                                     .row =
                                                         "a run of the reference program, a fixed program of "
                                                         "plain C that shows the machine alone",
                                                     DICTIONARY_COLUMNS(reference_columns)};

/* ---- raw data of a process ---- */

#define SINCE_START ", from the start of the workload"

static const struct dictionary_column events_columns[] = {
    COLUMN_WORD("kind", "full young slice cascade", "kind of the pause", NULL),
    COLUMN_COUNT("begin_ns", "ns", "begin of the pause" SINCE_START, NULL),
    COLUMN_COUNT("end_ns", "ns", "end of the pause" SINCE_START, NULL),
    COLUMN_COUNT("visited_objects", "count", "objects that it visited", NULL),
    COLUMN_COUNT("freed_objects", "count", "objects that it freed", NULL),
    COLUMN_COUNT("freed_bytes", "bytes", "their bytes", NULL),
    COLUMN_TEXT("reason",
                "why the pause began: a word of docs/metrics.md. Files of earlier versions have no such "
                "column",
                NULL),
};

const struct dictionary_file dictionary_events = {.name = "events",
                                                  .path = "events/<id>.csv",
                                                  .row = "a pause of the process",
                                                  DICTIONARY_COLUMNS(events_columns)};

static const struct dictionary_column phases_columns[] = {
    COLUMN_TEXT("phase", "what the collector did: a word of docs/metrics.md", NULL),
    COLUMN_ID("pause", "place of its pause in events/<id>.csv, from 0", NULL),
    COLUMN_COUNT("begin_ns", "ns", "begin of the phase" SINCE_START, NULL),
    COLUMN_COUNT("end_ns", "ns", "end of the phase" SINCE_START, NULL),
    COLUMN_COUNT("freed_objects", "count", "objects that it freed", NULL),
    COLUMN_COUNT("freed_bytes", "bytes", "their bytes", NULL),
};

const struct dictionary_file dictionary_phases = {.name = "phases",
                                                  .path = "phases/<id>.csv",
                                                  .row = "a phase of a pause of the process",
                                                  DICTIONARY_COLUMNS(phases_columns)};

static const struct dictionary_column timelines_columns[] = {
    COLUMN_COUNT("time_ns", "ns", "time of the sample" SINCE_START, NULL),
    COLUMN_COUNT("allocated_bytes", "bytes", "bytes allocated until then: the allocation clock", NULL),
    COLUMN_COUNT("heap_bytes", "bytes", "bytes allocated less bytes freed", NULL),
    COLUMN_COUNT("rss_bytes", "bytes", "resident size, at most half a millisecond old", NULL),
};

const struct dictionary_file dictionary_timelines = {.name = "timelines",
                                                     .path = "timelines/<id>.csv",
                                                     .row = "a sample of the process's heap",
                                                     DICTIONARY_COLUMNS(timelines_columns)};

static const struct dictionary_column latencies_columns[] = {
    COLUMN_COUNT("arrival_ns", "ns", "arrival of the request" SINCE_START ". In a closed loop it is begin_ns",
                 NULL),
    COLUMN_COUNT("begin_ns", "ns", "begin of its service" SINCE_START, NULL),
    COLUMN_COUNT("end_ns", "ns", "end of its service" SINCE_START, NULL),
};

const struct dictionary_file dictionary_latencies = {
    .name = "latencies",
    .path = "latencies/<id>.csv",
    .row = "a complete request to the process, in the order of begins",
    DICTIONARY_COLUMNS(latencies_columns)};

/* ---- finding ---- */

bool dictionary_is_of_process(const struct dictionary_file *file)
{
    return strstr(file->path, "<id>") != NULL;
}

const struct dictionary_column *dictionary_find(const struct dictionary_file *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->columns[i].name, name) == 0)
            return &file->columns[i];
    return NULL;
}

char *dictionary_header(const struct dictionary_file *file)
{
    char *header = NULL;
    size_t size;
    FILE *stream = memory_stream(&header, &size);
    for (size_t i = 0; i < file->count; i++)
        fprintf(stream, "%s%s", i ? "," : "", file->columns[i].name);
    memory_stream_close(stream);
    return header;
}
