/* SPDX-License-Identifier: MIT */
/* gcmatrix run: runs a workload on one allocator, under one collector or under several in turn, and prints the
 * result. It needs no hyperfine. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/number.h"
#include "base/text.h"
#include "harness/campaign/minheap/minheap-file.h"
#include "harness/campaign/process/subprocess.h"
#include "harness/cli/cli.h"
#include "harness/cli/race.h"

/* The options of a process's files. */
static const char *const file_places[RACE_FILES] = {"run: --events", "run: --timeline", "run: --latencies"};

static int heap_limit_check(const char *text)
{
    uint64_t bytes;
    if (number_bytes_read(text, &bytes) < 0)
        return message_bad_input("run: --heap-limit is '%s'; it takes " NUMBER_BYTES_EXPECTED, text);
    return 0;
}

static int option_take(int found, struct race_options *options)
{
    switch (found) {
    case 'r':
        return cli_integer_read("--runs", optarg, 1, 10000, &options->rounds);
    case 'H':
        options->heap_limit = optarg;
        return heap_limit_check(optarg);
    case 'M':
        options->heap = optarg;
        return 0;
    case 'E':
        options->files[RACE_EVENTS] = optarg;
        return 0;
    case 'T':
        options->files[RACE_TIMELINE] = optarg;
        return 0;
    case 'L':
        options->files[RACE_LATENCIES] = optarg;
        return 0;
    case 'P':
        options->phases = true;
        return 0;
    case 'C':
        options->counts = strcmp(optarg, "instructions") == 0;
        options->perf = strcmp(optarg, "perf") == 0;
        return options->counts || options->perf
                   ? 0
                   : message_bad_input("run: --counter is '%s'; it takes perf or instructions", optarg);
    default:
        return subjects_option_take("run", found, &options->subjects);
    }
}

static int options_read(int argc, char **argv, struct race_options *ret_options)
{
    static const struct option options[] = {SUBJECTS_OPTIONS,
                                            {"runs", required_argument, NULL, 'r'},
                                            {"heap-limit", required_argument, NULL, 'H'},
                                            {"heap", required_argument, NULL, 'M'},
                                            {"events", required_argument, NULL, 'E'},
                                            {"timeline", required_argument, NULL, 'T'},
                                            {"latencies", required_argument, NULL, 'L'},
                                            {"phases", no_argument, NULL, 'P'},
                                            {"counter", required_argument, NULL, 'C'},
                                            {NULL, 0, NULL, 0}};
    int found, status = 0;
    optind = 0;
    while (status == 0 &&
           (found = cli_option_next_of(argc, argv, ":r:" SUBJECTS_SHORTS, options, SUBJECTS_LISTS)) != -1)
        status = option_take(found, ret_options);
    static const struct cli_exclusion exclusions[] = {
        {"H", "M", "are two ways to say the same: give one"},
        {"P", "j", "do not go together: the records have the phases"}};
    return status ? status : cli_exclusions_check("run", options, exclusions, 2);
}

/* Finds the limit for a multiple of the workload's published minimum heap. The caller frees it. */
static int heap_resolve(const struct race_options *options, const struct target *target, char **ret_limit)
{
    json_t *minima = NULL;
    double multiple;
    uint64_t minimum = 0;
    int status = minheap_multiple_read("run: --heap", options->heap, &multiple);
    if (status == 0)
        status = minheap_file_read(GCMATRIX_MINIMUM_HEAPS, &minima);
    if (status == 0)
        minimum = minheap_file_find(minima, target->workload, target->workload_options,
                                    (uint64_t)options->subjects.seed);
    if (status == 0 && minimum == 0)
        status =
            message_bad_input("run: %s has no minimum heap of '%s' with seed %lld; --heap-limit takes bytes, "
                              "and 'gcmatrix minheap' finds the minimum",
                              GCMATRIX_MINIMUM_HEAPS, options->workload, options->subjects.seed);
    if (status == 0)
        *ret_limit = text_format("%" PRIu64, minheap_multiple_bytes(multiple, minimum));
    json_decref(minima);
    return status;
}

/* What one process writes is of one process. */
static int files_check(const struct race_options *options)
{
    for (int i = 0; i < RACE_FILES; i++)
        if (options->files[i] && (options->rounds > 1 || options->subjects.count > 1))
            return message_bad_input(
                "%s: it holds one process: it goes with one collector and without --runs", file_places[i]);
    return 0;
}

/* Begins a file, which has another name than those before it. */
static int file_begin(struct race *race, int file)
{
    const char *path = race->options->files[file];
    int status = path ? writing_begin_path(file_places[file], path, &race->files[file]) : 0;
    for (int other = 0; path && other < file && status == 0; other++)
        if (writing_is_same(&race->files[other], &race->files[file]))
            status = message_bad_input("%s: '%s' is written to already", file_places[file], path);
    return status;
}

static int race_open(const struct race_options *options, struct race *ret_race)
{
    int status = files_check(options);
    if (status == 0)
        status = target_find_unbuilt("run", options->workload, options->subjects.collectors,
                                     options->subjects.count);
    ret_race->options = options;
    ret_race->count = options->subjects.count;
    ret_race->contenders = memory_new(ret_race->count, sizeof *ret_race->contenders);
    for (size_t i = 0; i < ret_race->count && status == 0; i++)
        status = contender_open("run", options->workload, options->subjects.collectors[i],
                                options->subjects.allocator, &ret_race->contenders[i]);
    return status;
}

/* Closes the files: they are kept when the process did its work or ran out of memory. */
static int files_close(struct race *race, int status)
{
    for (int i = 0; i < RACE_FILES; i++) {
        if (status == 0)
            status = writing_keep(&race->files[i]);
        else
            writing_drop(&race->files[i]);
    }
    return status;
}

static void race_close(struct race *race)
{
    for (size_t i = 0; i < race->count; i++)
        contender_close(&race->contenders[i]);
    free(race->contenders);
}

/* Runs all rounds and prints what there is, which after an interrupt is what was complete. */
static int race_run(struct race *race)
{
    int status = 0;
    for (int i = 0; i < RACE_FILES && status == 0; i++)
        status = file_begin(race, i);
    if (status == 0)
        status = race_rounds_run(race);
    status = files_close(race, status);
    subprocess_interrupts_release();
    if (status == 0 || (status == MESSAGE_INTERRUPTED && race->rounds > 0)) {
        race_results_print(race);
        int failed = race_results_status(race);
        status = status ? status : failed;
    }
    if (status == MESSAGE_INTERRUPTED && race->options->rounds > 1)
        message_note("run: interrupted after %zu of %lld rounds", race->rounds, race->options->rounds);
    return status;
}

static int command_run(int argc, char **argv)
{
    struct race_options options = {.subjects = SUBJECTS_NONE, .rounds = 1};
    struct race race = {0};
    char *limit = NULL;
    int status = options_read(argc, argv, &options);
    if (status == 0)
        status = subjects_operand_check(argc, argv, &options.subjects, 1,
                                        "one workload and -c COLLECTOR are needed, as in "
                                        "'gcmatrix run binary-trees -c rc'");
    if (status != 0)
        return status;
    options.workload = argv[optind];
    subprocess_interrupts_hold();
    status = race_open(&options, &race);
    if (status == 0 && options.heap)
        status = heap_resolve(&options, &race.contenders[0].target, &limit);
    if (limit)
        options.heap_limit = limit;
    if (status == 0)
        status = race_run(&race);
    free(limit);
    race_close(&race);
    return status;
}

const struct cli_command cli_run = {
    .name = "run",
    .summary = "runs one workload with one collector, or several in turn, and says what came of it",
    .usage =
        "usage: gcmatrix run WORKLOAD[:OPTIONS] -c COLLECTOR[:OPTIONS]... [OPTION]...\n\n"
        "  -c, --collector NAME[:OPTIONS]   as in rc-trial:roots=10000; several are compared side by side, "
        "each\n"
        "                                   once in every round, with ratios to the first\n"
        "  -a, --allocator NAME[:TUNING]    glibc, jemalloc, mimalloc or tcmalloc, in the tuning default or\n"
        "                                   normalised; or the path of a shared object (default: glibc)\n"
        "  -s, --seed N                     of the workload (default: 1)\n"
        "  -r, --runs N                     runs N rounds and shows the median (default: 1)\n"
        "      --heap-limit BYTES           the collector's heap, as in 64MiB or 64MB (default: none)\n"
        "      --heap MULTIPLE              the same, as a multiple of the workload's published minimum "
        "heap\n"
        "      --events FILE                writes the raw pauses as CSV\n"
        "      --timeline FILE              writes the heap's size over time as CSV\n"
        "      --latencies FILE             writes the times of requests as CSV (of a workload that serves\n"
        "                                   them); these three are of one process, and are written whole or "
        "not at\n"
        "                                   all\n"
        "      --phases                     also prints where the time of pauses went, phase by phase\n"
        "      --counter perf|instructions  counts the workload's instructions too: by the processor, where "
        "it\n"
        "                                   shows its counters; or exactly, under valgrind, in a second "
        "process\n"
        "                                   some seventy times slower\n"
        "  -j, --json                       prints the records instead of a summary\n\n"
        "The process runs with a fixed environment, as in a matrix. 'gcmatrix list' shows what there is.\n"
        "Stopped by Ctrl-C, it shows the rounds that are complete. Exit status 1 if a collector ran out of "
        "memory,\n"
        "a process crashed, or two of them disagree on their result.\n",
    .run = command_run,
};
