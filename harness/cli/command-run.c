/* SPDX-License-Identifier: MIT */
/* gcmatrix run: runs one pair on one allocator and prints the result. It needs no hyperfine. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "harness/campaign/minheap/minheap-file.h"
#include "harness/campaign/process/counter.h"
#include "harness/campaign/process/pair-process.h"
#include "harness/cli/cli.h"
#include "harness/cli/summary.h"
#include "harness/cli/target.h"

struct run_options {
    const char *workload, *collector, *allocator, *heap_limit, *heap, *events, *timeline, *latencies;
    long long seed, repeats;
    bool as_json;
    bool counts; /* count instructions under valgrind */
    bool perf;   /* count by the processor's counters */
};

static struct command_request request_make(const struct run_options *options, const struct target *target)
{
    return (struct command_request){.pair = target->pair,
                                    .workload_options = target->workload_options,
                                    .collector_options = target->collector_options,
                                    .allocator = &target->allocator,
                                    .seed = (uint64_t)options->seed,
                                    .heap_limit = options->heap_limit,
                                    .record = "-",
                                    .events = options->events,
                                    .timeline = options->timeline,
                                    .latencies = options->latencies,
                                    .counters = options->perf};
}

/* Runs one process. Returns 0 and the record, even if the process ran out of memory. Else returns a status
 * after one line. */
static int process_once(const struct run_options *options, const struct target *target, json_t **ret_record)
{
    struct pair_process process;
    struct command_request request = request_make(options, target);
    int status = 0;
    pair_process_run(&request, 0, &process);
    if (process.end == SUBPROCESS_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else if (process.end == SUBPROCESS_SIGNALLED) {
        message_note("%s: killed by signal %d (%s)", target->pair, process.code, strsignal(process.code));
        status = MESSAGE_FAILED_CELLS;
    } else if (!process.record)
        status = message_bad_input("%s", process.said ? process.said : "the process wrote no record");
    else if (options->latencies && !json_object_get(process.record, "latency"))
        status =
            message_bad_input("run: %s serves no requests: it has no latencies to write", target->workload);
    *ret_record = status == 0 ? json_incref(process.record) : NULL;
    pair_process_free(&process);
    return status;
}

/* Counts the instructions of the record's work and adds them to the record. */
static int instructions_add(const struct run_options *options, const struct target *target,
                            const char *valgrind, json_t *record)
{
    struct command_request request = request_make(options, target);
    char *scratch = text_scratch("gcmatrix"), *reason = NULL;
    int64_t instructions;
    int status = 0;
    if (!mkdtemp(scratch)) {
        status = message_storage("%s: %s", scratch, strerror(errno));
        free(scratch);
        return status;
    }
    enum counter_end end =
        counter_count(valgrind, &request, scratch, json_string_value(json_object_get(record, "checksum")), 0,
                      &instructions, &reason);
    rmdir(scratch);
    free(scratch);
    if (end == COUNTER_COUNTED)
        json_object_set_new(record, "instructions", json_integer(instructions));
    else if (end == COUNTER_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else
        status = message_bad_input("run: instructions were not counted: %s", reason);
    free(reason);
    return status;
}

/* Counts the instructions once, for the first record. Every process does the same work. */
static int records_count(const struct run_options *options, const struct target *target, json_t *records)
{
    const char *state = json_string_value(json_object_get(json_array_get(records, 0), "status"));
    if (!options->counts || !state || strcmp(state, "ok") != 0)
        return 0;
    char *valgrind = counter_find("run");
    int status = valgrind ? instructions_add(options, target, valgrind, json_array_get(records, 0))
                          : MESSAGE_BAD_INPUT;
    free(valgrind);
    return status;
}

static int repeat(const struct run_options *options, const struct target *target)
{
    json_t *records = json_array(), *record;
    int status = 0;
    for (long long i = 0; i < options->repeats && status == 0; i++) {
        status = process_once(options, target, &record);
        if (status == 0)
            json_array_append_new(records, record);
    }
    if (status == 0)
        status = records_count(options, target, records);
    if (status == 0 && options->as_json) {
        json_dumpf(options->repeats == 1 ? json_array_get(records, 0) : records, stdout, JSON_INDENT(2));
        putchar('\n');
    } else if (status == 0) {
        summary_print(records, target->allocator.tuning->name);
    }
    if (status == 0)
        status = summary_status(records);
    json_decref(records);
    return status;
}

static int options_read(int argc, char **argv, struct run_options *ret_options)
{
    static const struct option options[] = {{"collector", required_argument, NULL, 'c'},
                                            {"allocator", required_argument, NULL, 'a'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"runs", required_argument, NULL, 'r'},
                                            {"heap-limit", required_argument, NULL, 'H'},
                                            {"heap", required_argument, NULL, 'M'},
                                            {"events", required_argument, NULL, 'E'},
                                            {"timeline", required_argument, NULL, 'T'},
                                            {"latencies", required_argument, NULL, 'L'},
                                            {"counter", required_argument, NULL, 'C'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    int found, status = 0;
    optind = 0;
    while (status == 0 && (found = cli_option_next_of(argc, argv, ":c:a:s:r:j", options, "c")) != -1) {
        const char **text = found == 'c'   ? &ret_options->collector
                            : found == 'a' ? &ret_options->allocator
                            : found == 'H' ? &ret_options->heap_limit
                            : found == 'M' ? &ret_options->heap
                            : found == 'E' ? &ret_options->events
                            : found == 'T' ? &ret_options->timeline
                            : found == 'L' ? &ret_options->latencies
                                           : NULL;
        if (text)
            *text = optarg;
        else if (found == 's')
            status = cli_integer_read("--seed", optarg, 0, INT64_MAX, &ret_options->seed);
        else if (found == 'r')
            status = cli_integer_read("--runs", optarg, 1, 10000, &ret_options->repeats);
        else if (found == 'j')
            ret_options->as_json = true;
        else if (found == 'C' && strcmp(optarg, "instructions") == 0)
            ret_options->counts = true;
        else if (found == 'C' && strcmp(optarg, "perf") == 0)
            ret_options->perf = true;
        else if (found == 'C')
            status = message_bad_input("run: --counter is '%s'; it takes perf or instructions", optarg);
        else
            status = MESSAGE_BAD_INPUT;
    }
    return status;
}

/* Finds the limit for a multiple of the workload's published minimum heap. The caller frees it. */
static int heap_resolve(const struct run_options *options, const struct target *target, char **ret_limit)
{
    json_t *minima = NULL;
    double multiple;
    uint64_t minimum = 0;
    if (options->heap_limit)
        return message_bad_input("run: --heap and --heap-limit are two ways to say the same: give one");
    int status = minheap_multiple_read("run: --heap", options->heap, &multiple);
    if (status == 0)
        status = minheap_file_read(GCMATRIX_MINIMUM_HEAPS, &minima);
    if (status == 0)
        minimum =
            minheap_file_find(minima, target->workload, target->workload_options, (uint64_t)options->seed);
    if (status == 0 && minimum == 0)
        status =
            message_bad_input("run: %s has no minimum heap of '%s' with seed %lld; --heap-limit takes bytes, "
                              "and 'gcmatrix minheap' finds the minimum",
                              GCMATRIX_MINIMUM_HEAPS, options->workload, options->seed);
    if (status == 0)
        *ret_limit = text_format("%" PRIu64, minheap_multiple_bytes(multiple, minimum));
    json_decref(minima);
    return status;
}

static int command_run(int argc, char **argv)
{
    struct run_options options = {.allocator = "glibc", .seed = 1, .repeats = 1};
    struct target target;
    char *limit = NULL;
    int status = options_read(argc, argv, &options);
    if (status != 0)
        return status;
    if (optind + 1 != argc || !options.collector)
        return message_bad_input("run: one workload and -c COLLECTOR are needed, as in "
                                 "'gcmatrix run binary-trees -c rc'");
    options.workload = argv[optind];
    subprocess_interrupts_hold();
    status = target_find("run", options.workload, options.collector, options.allocator, &target);
    if (status == 0 && options.heap)
        status = heap_resolve(&options, &target, &limit);
    if (limit)
        options.heap_limit = limit;
    if (status == 0)
        status = repeat(&options, &target);
    free(limit);
    target_free(&target);
    return status;
}

const struct cli_command cli_run = {
    .name = "run",
    .summary = "runs one workload with one collector, and says what came of it",
    .usage =
        "usage: gcmatrix run WORKLOAD[:OPTIONS] -c COLLECTOR[:OPTIONS] [OPTION]...\n\n"
        "  -c, --collector NAME[:OPTIONS]   as in rc-trial:roots=10000\n"
        "  -a, --allocator NAME[:TUNING]    glibc, jemalloc, mimalloc or tcmalloc, in the tuning default or\n"
        "                                   normalised; or the path of a shared object (default: glibc)\n"
        "  -s, --seed N                     of the workload (default: 1)\n"
        "  -r, --runs N                     runs N processes and shows the median (default: 1)\n"
        "      --heap-limit BYTES           the collector's heap, as in 64Mi (default: none)\n"
        "      --heap MULTIPLE              the same, as a multiple of the workload's published minimum "
        "heap\n"
        "      --events FILE                writes the raw pauses as CSV\n"
        "      --timeline FILE              writes the heap's size over time as CSV\n"
        "      --latencies FILE             writes the times of requests as CSV (of a workload that serves\n"
        "                                   them)\n"
        "      --counter perf|instructions  counts the workload's instructions too: by the processor, where "
        "it\n"
        "                                   shows its counters; or exactly, under valgrind, in a second "
        "process\n"
        "                                   some seventy times slower\n"
        "  -j, --json                       prints the records instead of a summary\n\n"
        "The process runs with a fixed environment, as in a matrix. 'gcmatrix list' shows what there is.\n"
        "Exit status 1 if the collector ran out of memory or the process crashed.\n",
    .run = command_run,
};
