/* SPDX-License-Identifier: MIT */
/* gcmatrix minheap: finds the smallest heap in which a pair does its work. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/minheap/minheap.h"
#include "harness/campaign/process/subprocess.h"
#include "harness/cli/cli.h"
#include "harness/cli/minheap-spec.h"
#include "harness/cli/target.h"
#include "harness/results/json-text.h"

struct minheap_options {
    const char *workload, *collector, *allocator, *spec, *output;
    long long seed, trials, timeout_seconds;
    bool as_json;
};

static void bytes_print(const char *before, uint64_t bytes)
{
    printf("%s%" PRIu64 " bytes (%.4g MiB)", before, bytes, (double)bytes / (1 << 20));
}

static void trials_print(const struct minheap_result *result)
{
    unsigned runs = 0;
    for (unsigned i = 0; i < result->count; i++)
        runs += result->trials[i].runs;
    printf("  of %u trial%s in %u processes, to %d%% or %d KiB\n", result->count,
           result->count == 1 ? "" : "s", runs, MINHEAP_PERCENT, MINHEAP_STEP >> 10);
    for (unsigned i = 0; i < result->count; i++) {
        const struct minheap_trial *trial = &result->trials[i];
        if (trial->refused)
            printf("  trial %u: %u answers did not hold when they were run again\n", i + 1, trial->refused);
        if (trial->not_monotone)
            printf("  trial %u: not monotone: %" PRIu64 " bytes fit, but the larger %" PRIu64 " did not\n",
                   i + 1, trial->bytes, trial->not_monotone);
    }
}

static void result_print(const struct target *target, const struct minheap_options *options,
                         const struct minheap_result *result, const struct minheap_pair *pair)
{
    message_say("%s x %s on %s, seed %lld", options->workload, options->collector, target->allocator.name,
                options->seed);
    bytes_print("  minimum heap  ", result->median);
    if (result->low < result->high)
        printf(" [%" PRIu64 " to %" PRIu64 "]", result->low, result->high);
    puts("");
    trials_print(result);
    printf("  without a limit the work took %.3g s; more than %.3g s counts as too small\n",
           (double)pair->wall_ns / 1e9, (double)pair->timeout_ns / 1e9);
}

static void result_print_json(const struct target *target, const struct minheap_options *options,
                              const struct minheap_result *result, const struct minheap_pair *pair)
{
    json_t *answer =
        json_pack("{ss ss so ss so ss sI}", "schema", "gcmatrix.minheap.1", "workload", target->workload,
                  "workload_options", json_text(target->workload_options), "collector", target->collector,
                  "collector_options", json_text(target->collector_options), "allocator",
                  target->allocator.name, "seed", (json_int_t)options->seed);
    json_object_update_new(answer, minheap_describe(result, pair));
    cli_json_print(answer, 0);
}

static int target_measure(const struct target *target, const struct minheap_options *options)
{
    char *name = text_format("%s x %s", options->workload, options->collector);
    struct minheap_progress shown;
    struct minheap_pair pair = {.request = {.pair = target->pair,
                                            .workload_options = target->workload_options,
                                            .collector_options = target->collector_options,
                                            .allocator = &target->allocator,
                                            .seed = (uint64_t)options->seed},
                                .timeout_ns = options->timeout_seconds * 1000000000,
                                .name = name,
                                .shown = &shown};
    struct minheap_result result;
    minheap_progress_start(&shown, (size_t)options->trials);
    int status = minheap_find("minheap", &pair, (unsigned)options->trials, &result);
    bool kept = status == 0 || (status == MESSAGE_INTERRUPTED && result.count > 0);
    free(name);
    subprocess_interrupts_release();
    if (kept && options->as_json)
        result_print_json(target, options, &result, &pair);
    else if (kept)
        result_print(target, options, &result, &pair);
    if (status == MESSAGE_INTERRUPTED)
        message_note("minheap: interrupted after %u of %lld trials", result.count, options->trials);
    if (kept && !result.monotone)
        message_note("minheap: the minimum is not to be relied on: a larger heap was too small");
    return status;
}

#define NEEDS "one workload and -c COLLECTOR are needed, as in 'gcmatrix minheap binary-trees -c mark-sweep'"

static int options_read(int argc, char **argv, struct minheap_options *ret_options)
{
    static const struct option options[] = {{"collector", required_argument, NULL, 'c'},
                                            {"allocator", required_argument, NULL, 'a'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"trials", required_argument, NULL, 't'},
                                            {"timeout", required_argument, NULL, 'T'},
                                            {"spec", required_argument, NULL, 'S'},
                                            {"output", required_argument, NULL, 'o'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    int found, status = 0;
    optind = 0;
    while (status == 0 && (found = cli_option_next(argc, argv, ":c:a:s:t:o:j", options)) != -1) {
        if (found == 'c')
            ret_options->collector = optarg;
        else if (found == 'a')
            ret_options->allocator = optarg;
        else if (found == 's')
            status = cli_integer_read("--seed", optarg, 0, INT64_MAX, &ret_options->seed);
        else if (found == 't')
            status = cli_integer_read("--trials", optarg, 1, MINHEAP_TRIALS_MAX, &ret_options->trials);
        else if (found == 'T')
            status = cli_integer_read("--timeout", optarg, 1, 86400, &ret_options->timeout_seconds);
        else if (found == 'S')
            ret_options->spec = optarg;
        else if (found == 'o')
            ret_options->output = optarg;
        else if (found == 'j')
            ret_options->as_json = true;
        else
            status = MESSAGE_BAD_INPUT;
    }
    static const struct cli_exclusion exclusions[] = {
        {"S", "casj", "do not go together: the matrix names the workloads, collectors and seed"}};
    return status ? status : cli_exclusions_check("minheap", options, exclusions, 1);
}

/* Measures a whole matrix, which itself names everything that is run. */
static int spec_measure(const struct minheap_options *options)
{
    subprocess_interrupts_hold();
    return minheap_spec_publish(options->spec, options->output, (unsigned)options->trials,
                                options->timeout_seconds * 1000000000);
}

static int command_run(int argc, char **argv)
{
    struct minheap_options options = {.allocator = "glibc", .seed = 1, .trials = 5};
    struct target target;
    int status = options_read(argc, argv, &options);
    if (status != 0)
        return status;
    if (options.spec && cli_operands_check(argc, argv, 0, 0, "") != 0)
        return MESSAGE_BAD_INPUT;
    if (options.spec)
        return spec_measure(&options);
    if (options.output)
        return message_bad_input("minheap: --output goes with --spec");
    if (cli_operands_check(argc, argv, 1, 1, NEEDS) != 0)
        return MESSAGE_BAD_INPUT;
    if (!options.collector)
        return message_bad_input("minheap: " NEEDS);
    options.workload = argv[optind];
    subprocess_interrupts_hold();
    status = target_find("minheap", options.workload, options.collector, options.allocator, &target);
    if (status == 0)
        status = target_measure(&target, &options);
    target_free(&target);
    return status;
}

const struct cli_command cli_minheap = {
    .name = "minheap",
    .summary = "finds the smallest heap that a workload does its work in under a collector",
    .usage =
        "usage: gcmatrix minheap WORKLOAD[:OPTIONS] -c COLLECTOR[:OPTIONS] [OPTION]...\n"
        "       gcmatrix minheap --spec MATRIX [-t N] [--timeout SECONDS] [-o FILE]\n\n"
        "  -c, --collector NAME[:OPTIONS]   as in mark-sweep:growth=4\n"
        "  -a, --allocator NAME[:TUNING]    glibc, jemalloc, mimalloc or tcmalloc, in the tuning default or\n"
        "                                   normalised; or the path of a shared object (default: glibc)\n"
        "  -s, --seed N                     of the workload (default: 1)\n"
        "  -t, --trials N                   searches N times and gives the median and the range (default: "
        "5)\n"
        "      --timeout SECONDS            a process that takes longer has too small a heap (default: ten\n"
        "                                   times what it takes without a limit, and at least 2 s)\n"
        "      --spec MATRIX                publishes the minima of all entries with heaps: writes the file\n"
        "                                   that the matrix takes them from, if it is one of minimum heaps\n"
        "  -o, --output FILE                writes this one instead\n"
        "  -j, --json                       prints the answer as JSON\n\n"
        "What objects hold, the collector's bytes in front of each and its own tables are charged against\n"
        "the limit. Every answer was run twice; three larger heaps are tried, and one that is too small is\n"
        "said. Ctrl-C shows the trials that are complete; of --spec it leaves the file as it was. Exit "
        "status 1\n"
        "when a process breaks.\n",
    .run = command_run,
};
