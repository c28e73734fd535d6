/* SPDX-License-Identifier: MIT */
/* gcmatrix run: runs a workload on one allocator, under one collector or under several in turn, and prints the
 * result. It needs no hyperfine. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/number.h"
#include "base/random.h"
#include "base/writing.h"
#include "harness/campaign/minheap/minheap-file.h"
#include "harness/campaign/process/counter.h"
#include "harness/campaign/process/pair-process.h"
#include "harness/campaign/process/progress.h"
#include "harness/cli/cli.h"
#include "harness/cli/contender.h"
#include "harness/cli/scratch.h"
#include "harness/cli/subjects.h"
#include "harness/cli/summary.h"
#include "harness/report/figure.h"
#include "harness/results/json-text.h"
#include "harness/results/records.h"

/* The files that a process can be told to write, and their options. */
enum run_file { FILE_EVENTS, FILE_TIMELINE, FILE_LATENCIES, FILES };
static const char *const file_places[FILES] = {"run: --events", "run: --timeline", "run: --latencies"};

struct run_options {
    struct subjects subjects;
    const char *workload, *heap_limit, *heap, *files[FILES];
    long long rounds; /* processes of each collector */
    bool counts;      /* count instructions under valgrind */
    bool perf;        /* count by the processor's counters */
    bool phases;      /* print where the time of pauses went */
};

struct race {
    const struct run_options *options;
    struct contender *contenders;
    size_t count;
    struct writing files[FILES];
    struct progress progress;
    size_t rounds; /* complete */
};

/* ---- one process ---- */

static struct command_request request_make(const struct race *race, const struct target *target)
{
    const struct run_options *options = race->options;
    return (struct command_request){.pair = target->pair,
                                    .workload_options = target->workload_options,
                                    .collector_options = target->collector_options,
                                    .allocator = &target->allocator,
                                    .seed = (uint64_t)options->subjects.seed,
                                    .heap_limit = options->heap_limit,
                                    .record = "-",
                                    .events = race->files[FILE_EVENTS].part,
                                    .timeline = race->files[FILE_TIMELINE].part,
                                    .latencies = race->files[FILE_LATENCIES].part,
                                    .counters = options->perf};
}

/* Whether a contender of several goes on without this one. Alone, it is the command that fails. */
static int contender_fail(const struct race *race, struct contender *contender, char *reason)
{
    int status = 0;
    if (race->count == 1) {
        message_note("%s: %s", contender->target.pair, reason);
        free(reason);
        status = MESSAGE_FAILED_CELLS;
    } else {
        contender->reason = reason;
    }
    return status;
}

/* Takes a record. Of several contenders one that ran out of memory is not run again. */
static void record_take(const struct race *race, struct contender *contender, json_t *record)
{
    const char *state = json_string_value(json_object_get(record, "status"));
    const char *reason = json_string_value(json_object_get(record, "reason"));
    if (race->count > 1 && state && strcmp(state, "ok") != 0)
        contender->reason = text_format("%s: %s", state, reason ? reason : "");
    else
        json_array_append(contender->records, record);
}

/* Runs one process of a contender. Returns 0, or a status after one line. */
static int process_once(const struct race *race, struct contender *contender)
{
    struct pair_process process;
    struct command_request request = request_make(race, &contender->target);
    int status = 0;
    if (contender->reason)
        return 0;
    pair_process_run(&request, 0, &process);
    if (process.end == SUBPROCESS_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else if (process.end != SUBPROCESS_EXITED)
        status =
            contender_fail(race, contender, subprocess_explain(process.end, process.code, process.said, 0));
    else if (!process.record && process.code == RECORDS_EXIT_STORAGE)
        status = message_storage("%s", process.said ? process.said : "the process could not write its files");
    else if (!process.record)
        status = message_bad_input("%s", process.said ? process.said : "the process wrote no record");
    else if (request.latencies && !json_object_get(process.record, "latency"))
        status = message_bad_input("run: %s serves no requests: it has no latencies to write",
                                   contender->target.workload);
    else
        record_take(race, contender, process.record);
    pair_process_free(&process);
    return status;
}

/* Counts the instructions of the record's work and adds them to the record. */
static int instructions_add(const struct race *race, const struct target *target, const char *valgrind,
                            json_t *record)
{
    struct command_request request = request_make(race, target);
    char *scratch, *reason = NULL;
    int64_t instructions;
    int status = scratch_make("run", &scratch);
    if (status != 0)
        return status;
    enum counter_end end =
        counter_count(valgrind, &request, scratch, json_string_value(json_object_get(record, "checksum")), 0,
                      &instructions, &reason);
    writing_folder_remove(scratch);
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

/* Counts the instructions once, for each contender's first record. Every process does the same work. */
static int records_count(struct race *race)
{
    char *valgrind = race->options->counts ? counter_find("run") : NULL;
    int status = race->options->counts && !valgrind ? MESSAGE_BAD_INPUT : 0;
    for (size_t i = 0; i < race->count && valgrind && status == 0; i++) {
        json_t *record = json_array_get(race->contenders[i].records, 0);
        const char *state = json_string_value(json_object_get(record, "status"));
        if (state && strcmp(state, "ok") == 0) {
            progress_show(&race->progress, "instructions, under valgrind");
            status = instructions_add(race, &race->contenders[i].target, valgrind, record);
        }
    }
    free(valgrind);
    return status;
}

/* ---- all processes ---- */

/* Runs every contender once, in a shuffled order, so that none has the same neighbour each time. */
static int round_run(struct race *race, struct random_state *random)
{
    size_t order[SUBJECTS_MAX];
    int status = 0;
    for (size_t i = 0; i < race->count; i++) {
        size_t other = random_below(random, i + 1);
        order[i] = order[other];
        order[other] = i;
    }
    for (size_t i = 0; i < race->count && status == 0; i++) {
        struct contender *contender = &race->contenders[order[i]];
        if (race->progress.total > 1)
            progress_show(&race->progress, contender->name);
        status = process_once(race, contender);
        progress_step(&race->progress);
    }
    race->rounds += status == 0;
    return status;
}

static int rounds_run(struct race *race)
{
    struct random_state random;
    size_t rounds = (size_t)race->options->rounds;
    int status = 0;
    random_seed(&random, (uint64_t)race->options->subjects.seed);
    progress_start_late(&race->progress, race->count * rounds);
    while (race->rounds < rounds && status == 0)
        status = round_run(race, &random);
    if (status == 0)
        status = records_count(race);
    progress_stop(&race->progress);
    return status;
}

/* ---- results ---- */

static void race_print(const struct race *race)
{
    const struct target *target = &race->contenders[0].target;
    long long rounds = (long long)race->rounds;
    message_say("%s on %s (%s), seed %lld; %lld round%s of every collector%s", race->options->workload,
                target->allocator.name, target->allocator.tuning->name, race->options->subjects.seed, rounds,
                rounds == 1 ? "" : "s", rounds == 1 ? "" : ", each in an order of its own");
    puts("");
    contenders_print(race->contenders, race->count);
    if (rounds == 1)
        puts("One round says nothing of noise: --runs 5 gives intervals.");
    else
        printf("Medians over rounds. x: mean ratio of a round, with its interval%s.\n",
               rounds < CONTENDER_ROUNDS_FEW
                   ? ", which trusts from so few rounds that ratios scatter\nnormally. "
                     "'gcmatrix matrix' makes claims that hold for all comparisons together"
                   : "");
}

static json_t *contender_json(const struct contender *contender, const struct contender *first)
{
    struct contender_ratio ratio = contender_ratio_of(contender, first);
    return json_pack("{so so ss so so so sO}", "collector", json_text(contender->name), "reason",
                     json_text(contender->reason), "role", contender_role_name(contender), "ratio",
                     figure_json(ratio.ratio), "ratio_low", figure_json(ratio.interval.low), "ratio_high",
                     figure_json(ratio.interval.high), "records", contender->records);
}

static json_t *race_json(const struct race *race)
{
    json_t *all = json_array();
    if (race->count == 1 && race->options->rounds == 1)
        all = (json_decref(all), json_incref(json_array_get(race->contenders[0].records, 0)));
    else if (race->count == 1)
        all = (json_decref(all), json_incref(race->contenders[0].records));
    else
        for (size_t i = 0; i < race->count; i++)
            json_array_append_new(all, contender_json(&race->contenders[i], &race->contenders[0]));
    return race->count == 1 ? all
                            : json_pack("{ss so sI so}", "schema", "gcmatrix.run.1", "workload",
                                        json_text(race->options->workload), "rounds",
                                        (json_int_t)race->rounds, "collectors", all);
}

/* Prints the phases of each collector's pauses. */
static void phases_print(const struct race *race)
{
    for (size_t i = 0; i < race->count; i++) {
        const struct contender *contender = &race->contenders[i];
        size_t processes = json_array_size(contender->records);
        puts("");
        if (processes > 1)
            message_say("Pauses of %s, %zu processes together:", contender->name, processes);
        else
            message_say("Pauses of %s:", contender->name);
        summary_phases_print(contender->records);
    }
}

static void result_print(const struct race *race)
{
    if (race->options->subjects.as_json) {
        cli_json_print(race_json(race), 0);
    } else if (race->count == 1) {
        summary_print(race->contenders[0].records, race->contenders[0].target.allocator.tuning->name);
    } else {
        race_print(race);
    }
    if (race->options->phases)
        phases_print(race);
}

/* Says what failed, and whose checksum is not the first one's. */
static int race_status(const struct race *race)
{
    const struct contender *first = NULL;
    int status = 0;
    for (size_t i = 0; i < race->count; i++) {
        const struct contender *contender = &race->contenders[i];
        if (contender->reason) {
            message_note("run: %s: %s", contender->name, contender->reason);
            status = MESSAGE_FAILED_CELLS;
        }
        if (json_array_size(contender->records) == 0)
            continue;
        status = summary_status(contender->records) ? MESSAGE_FAILED_CELLS : status;
        first = first ? first : contender;
        const json_t *mine = json_object_get(json_array_get(contender->records, 0), "checksum");
        const json_t *other = json_object_get(json_array_get(first->records, 0), "checksum");
        if (!json_equal(mine, other)) {
            message_note("run: %s: checksum %s, but %s under %s", contender->name, json_string_value(mine),
                         json_string_value(other), first->name);
            status = MESSAGE_FAILED_CELLS;
        }
    }
    return status;
}

/* ---- the command ---- */

static int heap_limit_check(const char *text)
{
    uint64_t bytes;
    if (number_bytes_read(text, &bytes) < 0)
        return message_bad_input("run: --heap-limit is '%s'; it takes " NUMBER_BYTES_EXPECTED, text);
    return 0;
}

static int option_take(int found, struct run_options *options)
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
        options->files[FILE_EVENTS] = optarg;
        return 0;
    case 'T':
        options->files[FILE_TIMELINE] = optarg;
        return 0;
    case 'L':
        options->files[FILE_LATENCIES] = optarg;
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

static int options_read(int argc, char **argv, struct run_options *ret_options)
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
static int heap_resolve(const struct run_options *options, const struct target *target, char **ret_limit)
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
static int files_check(const struct run_options *options)
{
    for (int i = 0; i < FILES; i++)
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

static int race_open(const struct run_options *options, struct race *ret_race)
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
    for (int i = 0; i < FILES; i++) {
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
    for (int i = 0; i < FILES && status == 0; i++)
        status = file_begin(race, i);
    if (status == 0)
        status = rounds_run(race);
    status = files_close(race, status);
    subprocess_interrupts_release();
    if (status == 0 || (status == MESSAGE_INTERRUPTED && race->rounds > 0)) {
        result_print(race);
        int failed = race_status(race);
        status = status ? status : failed;
    }
    if (status == MESSAGE_INTERRUPTED && race->options->rounds > 1)
        message_note("run: interrupted after %zu of %lld rounds", race->rounds, race->options->rounds);
    return status;
}

static int command_run(int argc, char **argv)
{
    struct run_options options = {.subjects = SUBJECTS_NONE, .rounds = 1};
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
