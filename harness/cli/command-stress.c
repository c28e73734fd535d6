/* SPDX-License-Identifier: MIT */
/* gcmatrix stress: compares every collector with the truth, on programs made up from a seed. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/cli/cli.h"
#include "harness/cli/effort.h"
#include "harness/cli/stress-results.h"
#include "harness/cli/stress-ways.h"
#include "harness/cli/stress-work.h"
#include "harness/stress/keep.h"
#include "harness/stress/reproduce.h"
#include "harness/stress/watch.h"

enum {
    DEFAULT_SECONDS = 20,
    SHRINK_SECONDS = 120,    /* the time to shrink one finding */
    RUNTIME_NUMBERS = 60000, /* fields of an object and frames that each runtime has */
    RUNTIME_SECONDS = 10,    /* the time that a runtime has for one program */
};
#define PROGRAMS_SECONDS_MIN 0.1 /* what programs have at least, whatever came before them */

struct stress_options {
    struct effort effort;
    struct stress_ways ways;
    struct text_list collectors, commands; /* the commands are those of runtimes */
    struct runtimes runtimes;
    long long time_limit;
    bool work;
    const char *recipe, *peak; /* for --work */
    const char *keep;
    struct writing_folder kept; /* of --keep */
    const char *replay;
    const char *collector_options;
    const char *boundaries; /* in place of those of all workers */
};

/* ---- what is tested ---- */

/* Takes the named collectors and the runtimes; all collectors where neither is named. Returns 0 or
 * MESSAGE_BAD_INPUT. */
static int collectors_choose(const struct stress_options *options, const struct workers *workers,
                             struct driver_request *request)
{
    request->truth = &workers->items[0];
    size_t most = workers->count + options->collectors.count + options->commands.count;
    request->workers = memory_new(most, sizeof *request->workers);
    for (size_t i = 0; i < options->collectors.count; i++) {
        const struct worker *worker = workers_named(workers, options->collectors.items[i]);
        if (!worker)
            return MESSAGE_BAD_INPUT;
        request->workers[request->worker_count++] = worker;
    }
    for (size_t i = 0; i < options->runtimes.count; i++)
        request->workers[request->worker_count++] = &options->runtimes.items[i].worker;
    bool all = request->worker_count == 0;
    for (size_t i = 0; i < workers->count && all; i++)
        request->workers[request->worker_count++] = &workers->items[i];
    return 0;
}

/* The boundaries of all workers, also of those that are not tested: programs do not depend on what is tested. Objects of
 * runtimes have fewer fields, and runtimes fewer frames: an object of Lua has 65,535. */
static int boundaries_choose(const struct stress_options *options, const struct workers *workers,
                             struct boundaries *ret_boundaries)
{
    *ret_boundaries = (struct boundaries){0};
    if (options->boundaries && boundaries_read(options->boundaries, ret_boundaries) < 0)
        return message_bad_input("stress: --boundaries takes a list as in bytes=8,16 refs=256, not '%s'",
                                 options->boundaries);
    int status = options->boundaries ? 0 : workers_boundaries(workers, ret_boundaries);
    if (options->commands.count) {
        boundaries_cut(ret_boundaries, GC_BOUNDARY_REFERENCES, RUNTIME_NUMBERS);
        boundaries_cut(ret_boundaries, GC_BOUNDARY_FRAMES, RUNTIME_NUMBERS);
    }
    return status;
}

/* ---- one program ---- */

/* Runs the program under each of the collectors. Returns 1 when one of them fails. */
static int replay(const struct stress_options *options, const struct workers *workers)
{
    char conditions[OPTIONS_TEXT_BYTES];
    struct driver_request request = {0};
    struct program program;
    int status = collectors_choose(options, workers, &request);
    if (status == 0)
        status = driver_check(&request);
    if (status == 0)
        status = reproduction_read(options->replay, &program);
    if (status != 0) {
        free(request.workers);
        return status;
    }
    stress_ways_conditions(&options->ways, conditions);
    for (size_t i = 0; i < request.worker_count; i++) {
        struct worker_outcome outcome;
        const struct worker *worker = request.workers[i];
        struct reproduction reproduction = {.truth = request.truth,
                                            .worker = worker,
                                            .conditions = conditions,
                                            .options = options->collector_options,
                                            .seed = (uint64_t)options->effort.seed};
        if (reproduction_run(&reproduction, &program, &outcome) < 0) {
            status = message_storage("stress: %s: %s", worker->path, strerror(errno));
            break;
        }
        printf("%-14s %s%s%s\n", worker->collector, outcome.found ? outcome.kind : "ok",
               outcome.found ? ": " : "", outcome.found ? outcome.text : "");
        if (outcome.found)
            stress_results_detail_print(worker, outcome.detail);
        status = outcome.found ? MESSAGE_FAILED_CELLS : status;
        workers_outcome_free(&outcome);
    }
    program_free(&program);
    free(request.workers);
    return status;
}

/* ---- work ---- */

static struct stress_work work_open(const struct stress_options *options, double seconds)
{
    return (struct stress_work){.request = {.jobs = (size_t)options->effort.jobs,
                                            .seed = (uint64_t)options->effort.seed,
                                            .seconds = seconds}};
}

/* Counts the work of each collector, and does nothing else. */
static int count_work(const struct stress_options *options, const struct workers *workers)
{
    struct driver_request chosen = {0};
    const struct work_pattern own = {"recipe", options->recipe, options->peak};
    int status = collectors_choose(options, workers, &chosen);
    struct stress_work work = work_open(options, (double)options->effort.seconds);
    work.request.workers = chosen.workers;
    work.request.worker_count = chosen.worker_count;
    if (status == 0)
        status =
            stress_work_run(&work, options->recipe ? &own : NULL, options->effort.as_json, SHRINK_SECONDS);
    stress_work_free(&work);
    free(chosen.workers);
    return status;
}

/* ---- a campaign ---- */

struct campaign {
    const struct stress_options *options;
    struct boundaries boundaries;
    struct driver_mix *mixes;
    struct driver_request request;
    struct stress_results results;
    uint64_t begin_ns;   /* by watch_clock() */
    double work_seconds; /* in which work is counted, in the end */
};

/* Whether the command line says what to run: then there is nothing but programs. */
static bool is_narrow(const struct stress_options *options)
{
    return options->effort.programs || options->commands.count || stress_ways_are_narrow(&options->ways);
}

static double work_seconds(const struct stress_options *options, const struct driver_request *request)
{
    double whole = is_narrow(options) ? 0 : (double)options->effort.seconds;
    return stress_work_share(request->worker_count, request->jobs, whole);
}

static int campaign_open(const struct stress_options *options, const struct workers *workers,
                         struct campaign *ret_campaign)
{
    struct driver_request *request = &ret_campaign->request;
    *ret_campaign = (struct campaign){.options = options,
                                      .mixes = memory_new(driver_mix_count + 1, sizeof *ret_campaign->mixes),
                                      .begin_ns = watch_clock(),
                                      .results = {.request = request, .runtimes = &options->runtimes}};
    *request = (struct driver_request){.seed = (uint64_t)options->effort.seed,
                                       .programs = (uint64_t)options->effort.programs,
                                       .seconds = (double)options->effort.seconds,
                                       .jobs = (size_t)options->effort.jobs,
                                       .boundaries = &ret_campaign->boundaries,
                                       .mixes = ret_campaign->mixes};
    int status = collectors_choose(options, workers, request);
    if (status == 0)
        status = driver_check(request);
    ret_campaign->results.rules = memory_new(request->worker_count + 1, sizeof *ret_campaign->results.rules);
    if (status == 0)
        status = stress_ways_check(&options->ways);
    if (status == 0)
        status = boundaries_choose(options, workers, &ret_campaign->boundaries);
    request->mix_count = stress_ways_mixes(&options->ways, options->commands.count > 0, ret_campaign->mixes);
    if (status == 0 && request->mix_count == 0)
        status = message_bad_input("stress: no way of running programs is left by these options");
    ret_campaign->work_seconds = work_seconds(options, request);
    return status;
}

static void campaign_close(struct campaign *campaign)
{
    struct stress_results *results = &campaign->results;
    stress_work_free(&results->work);
    free(results->work.request.workers);
    if (results->programs.tallies)
        driver_result_free(&campaign->request, &results->programs);
    rules_free(results->rules, campaign->request.worker_count);
    free(results->rules);
    stress_ways_mixes_free(campaign->mixes, campaign->request.mix_count);
    free(campaign->mixes);
    free(campaign->request.workers);
    boundaries_free(&campaign->boundaries);
}

/* Looks at the rules of the model, where nothing says that programs alone are wanted. */
static int campaign_rules(struct campaign *campaign)
{
    const struct driver_request *request = &campaign->request;
    if (is_narrow(campaign->options))
        return 0;
    return rules_look(request->workers, request->worker_count, request->jobs, campaign->results.rules);
}

/* Runs programs in the time that is left of the whole. */
static int campaign_programs(struct campaign *campaign)
{
    struct driver_request *request = &campaign->request;
    double passed = (double)(watch_clock() - campaign->begin_ns) / 1e9;
    if (request->seconds > 0)
        request->seconds = fmax(request->seconds - campaign->work_seconds - passed, PROGRAMS_SECONDS_MIN);
    return driver_run(request, effort_shows(&campaign->options->effort) ? stress_results_progress : NULL,
                      &campaign->results.programs);
}

/* Counts the work of those collectors in which the campaign has found nothing. */
static int campaign_work(struct campaign *campaign)
{
    const struct driver_request *request = &campaign->request;
    struct stress_results *results = &campaign->results;
    results->work = work_open(campaign->options, campaign->work_seconds);
    struct work_request *wanted = &results->work.request;
    wanted->workers = memory_new(request->worker_count + 1, sizeof *wanted->workers);
    if (campaign->work_seconds <= 0 || results->programs.interrupted)
        return 0;
    for (size_t i = 0; i < request->worker_count; i++)
        if (!results->programs.tallies[i].findings && work_is_built(request->workers[i]))
            wanted->workers[wanted->worker_count++] = request->workers[i];
    return stress_work_measure(&results->work, NULL, effort_shows(&campaign->options->effort));
}

static int campaign_show(const struct campaign *campaign)
{
    const struct stress_options *options = campaign->options;
    const struct stress_results *results = &campaign->results;
    bool as_json = options->effort.as_json, interrupted = stress_results_interrupted(results);
    int status = 0;
    if (as_json)
        stress_results_json_print(results);
    else
        status = stress_results_print(results, SHRINK_SECONDS);
    if (status == 0 && options->keep && !interrupted)
        status = stress_results_keep(results, &options->kept, SHRINK_SECONDS, as_json ? stderr : stdout);
    if (status != 0)
        return status;
    return interrupted ? MESSAGE_INTERRUPTED : stress_results_findings(results) ? MESSAGE_FAILED_CELLS : 0;
}

static int campaign_run(const struct stress_options *options, const struct workers *workers)
{
    struct campaign campaign;
    int status = campaign_open(options, workers, &campaign);
    if (status == 0)
        status = campaign_rules(&campaign);
    if (status == 0)
        status = campaign_programs(&campaign);
    if (status == 0)
        status = campaign_work(&campaign);
    if (status == 0)
        status = campaign_show(&campaign);
    campaign_close(&campaign);
    return status;
}

/* ---- the command ---- */

static int collector_take(const char *name, struct text_list *collectors)
{
    for (size_t i = 0; i < collectors->count; i++)
        if (strcmp(collectors->items[i], name) == 0)
            return message_bad_input("stress: the collector '%s' is named twice", name);
    text_list_take(collectors, text_format("%s", name));
    return 0;
}

/* Where the text of an option goes that is taken as it stands; NULL: it is none of these. */
static const char **text_of(int found, struct stress_options *options)
{
    return found == 'b'   ? &options->boundaries
           : found == 'k' ? &options->keep
           : found == 'R' ? &options->replay
           : found == 'o' ? &options->collector_options
           : found == 'r' ? &options->recipe
           : found == 'P' ? &options->peak
                          : NULL;
}

static int option_take(int found, struct stress_options *options)
{
    const char **text = text_of(found, options);
    if (text) {
        *text = optarg;
        return 0;
    }
    switch (found) {
    case 'c':
        return collector_take(optarg, &options->collectors);
    case 'u':
        text_list_take(&options->commands, text_format("%s", optarg));
        return 0;
    case 'l':
        return cli_integer_read("--time-limit", optarg, 1, 100, &options->time_limit);
    case 'W':
        options->work = true;
        return 0;
    default:
        return strchr(STRESS_WAYS_LETTERS, found) ? stress_ways_option_take(found, &options->ways)
                                                  : effort_option_take(found, &options->effort);
    }
}

/* Checks what an option says of another one, by their values. */
static int options_check(const struct stress_options *options)
{
    if (options->collector_options && !options->replay)
        return message_bad_input("stress: --options goes with --replay; in a campaign they are drawn");
    if (options->time_limit && !options->commands.count)
        return message_bad_input(
            "stress: --time-limit goes with --runtime; a collector has %d s for a program",
            WORKERS_TIME_LIMIT);
    if (options->collector_options && options->commands.count)
        return message_bad_input("stress: --options and --runtime do not go together: a runtime has the "
                                 "options of its command");
    if (options->recipe && !options->work)
        return message_bad_input("stress: --recipe goes with --work");
    if (options->peak && !options->recipe)
        return message_bad_input("stress: --peak goes with --recipe: what is held behind it is compared");
    return 0;
}

static int options_read(int argc, char **argv, struct stress_options *ret_options)
{
    static const struct option options[] = {EFFORT_OPTIONS,
                                            STRESS_WAYS_OPTIONS,
                                            {"collector", required_argument, NULL, 'c'},
                                            {"boundaries", required_argument, NULL, 'b'},
                                            {"keep", required_argument, NULL, 'k'},
                                            {"replay", required_argument, NULL, 'R'},
                                            {"options", required_argument, NULL, 'o'},
                                            {"runtime", required_argument, NULL, 'u'},
                                            {"time-limit", required_argument, NULL, 'l'},
                                            {"work", no_argument, NULL, 'W'},
                                            {"recipe", required_argument, NULL, 'r'},
                                            {"peak", required_argument, NULL, 'P'},
                                            {NULL, 0, NULL, 0}};
    static const struct cli_exclusion exclusions[] = {
        {"R", "ptwfdbkJj", "do not go together: one program is run, under each collector once"},
        {"W", "pwzfSdbkRoul", "do not go together: work is counted in programs of its own"},
        {"S", "zwf", "do not go together: a setting says all of how programs run"},
    };
    struct effort *effort = &ret_options->effort;
    int found, status = 0;
    optind = 0;
    while (status == 0 && (found = cli_option_next_of(argc, argv, ":c:" EFFORT_SHORTS, options, "cu")) != -1)
        status = option_take(found, ret_options);
    if (status == 0)
        status = cli_exclusions_check("stress", options, exclusions, sizeof exclusions / sizeof *exclusions);
    if (status == 0)
        status = cli_operands_check(argc, argv, 0, 0, "");
    if (status == 0)
        status = options_check(ret_options);
    if (!effort->programs && !effort->seconds && !ret_options->work)
        effort->seconds = DEFAULT_SECONDS;
    return status;
}

static int command_run(int argc, char **argv)
{
    struct stress_options options = {.effort = effort_standard(time(NULL)), .kept = {.at = -1}};
    struct workers workers = {0};
    int status = options_read(argc, argv, &options);
    if (status == 0)
        status = workers_find(&workers);
    if (status == 0)
        status = runtimes_open(&workers, &options.commands,
                               options.time_limit ? (uint64_t)options.time_limit : RUNTIME_SECONDS,
                               &options.runtimes);
    if (status == 0 && options.keep)
        status = keep_folder_open(options.keep, &options.kept);
    if (status == 0)
        status = options.work     ? count_work(&options, &workers)
                 : options.replay ? replay(&options, &workers)
                                  : campaign_run(&options, &workers);
    writing_folder_close(&options.kept);
    runtimes_close(&options.runtimes);
    workers_free(&workers);
    text_list_free(&options.collectors);
    text_list_free(&options.commands);
    return status;
}

const struct cli_command cli_stress = {
    .name = "stress",
    .summary = "runs made-up programs under every collector, and compares each with the truth",
    .usage =
        "usage: gcmatrix stress [OPTION]...\n\n"
        "  -c, --collector NAME   to be tested (default: all; may be given several times)\n"
        "      --programs N       as many under each (default: as come in the time)\n"
        "      --seconds T        as long as that (default: 20)\n"
        "  -s, --seed N           of the first program, the next has N + 1 (default: the time of day)\n"
        "      --swarm            only programs whose every dial is drawn\n"
        "      --zeal LEVEL       collects at allocations: none, every, nth=N or random=N (default: all "
        "in turn)\n"
        "      --faults           only with allocations that fail, or a limit on the heap\n"
        "      --setting TEXT     one way of running instead of all in turn, as in zeal=every,swarm=on\n"
        "      --dials TEXT       what programs look like, as in operations=1000,depth=500\n"
        "      --boundaries TEXT  sizes at which programs look for mistakes by one, as in 'bytes=512 "
        "refs=256'\n"
        "                         (default: those of all collectors)\n"
        "      --keep DIR         shrinks what is found, and saves it there as a program and as text\n"
        "      --replay FILE      runs one program (.gcp or .gcp.txt) instead\n"
        "      --options TEXT     of the collector, for --replay, as in roots=3\n"
        "      --runtime COMMAND  a runtime of your own instead, which reads programs on its standard input\n"
        "      --time-limit T     seconds that such a runtime has for one program (default: 10)\n"
        "      --work             counts work at sizes that double, and nothing else: is it linear?\n"
        "      --recipe TEXT      of a program of any size, for --work, as in 'list:n; n*ring:3'\n"
        "      --peak TEXT        a recipe before that: is as much held behind it as without it?\n"
        "      --jobs N           processes at a time (default: one for each processor)\n"
        "  -j, --json             prints the result for programs\n\n"
        "What each program can reach, reads back, and holds is compared with census; the heap is "
        "checked, memory "
        "is\n"
        "poisoned when it is freed, counts are recounted. Where no option says what to run, the rules of the "
        "model\n"
        "of memory come first, and work is counted in the end. Exit status 1 when something was found.\n",
    .run = command_run,
};
