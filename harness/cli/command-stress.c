/* SPDX-License-Identifier: MIT */
/* gcmatrix stress: compares every collector with the truth, on programs made up from a seed. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/cli/cli.h"
#include "harness/cli/reached.h"
#include "harness/cli/stress-work.h"
#include "harness/cli/unchecked.h"
#include "harness/stress/keep.h"
#include "harness/stress/reproduce.h"
#include "harness/stress/runtimes.h"

enum {
    DEFAULT_SECONDS = 20,
    SHRINK_SECONDS = 120,    /* the time to shrink one finding */
    WORK_SHARE = 4,          /* a campaign counts work in the last part of its time, one in so many at most */
    RUNTIME_NUMBERS = 60000, /* fields of an object and frames that each runtime has */
    RUNTIME_SECONDS = 10,    /* the time that a runtime has for one program */
};

struct stress_options {
    struct text_list collectors, commands; /* the commands are those of runtimes */
    struct runtimes runtimes;
    long long programs, seconds, seed, jobs, time_limit;
    bool swarm, faults, work, as_json;
    const char *recipe;     /* for --work */
    struct conditions zeal; /* of --zeal: the level and how often */
    bool has_zeal;
    const char *keep;
    const char *replay;
    const char *conditions; /* for --replay, or in place of the mixes */
    const char *collector_options;
    const char *dials;
    const char *boundaries; /* in place of those of all workers */
};

/* ---- choosing what to run ---- */

/* Reads "every", "nth=3" or "random=7" into `zeal`. */
static int zeal_read(const char *text, struct stress_options *options)
{
    char error[OPTION_ERROR_BYTES];
    const char *equals = strchr(text, '=');
    char *conditions = equals ? text_format("zeal=%.*s,every=%s", (int)(equals - text), text, equals + 1)
                              : text_format("zeal=%s", text);
    option_table_defaults(&conditions_table, &options->zeal);
    int status = option_table_parse(&conditions_table, conditions, &options->zeal, error);
    free(conditions);
    options->has_zeal = true;
    return status == 0
               ? 0
               : message_bad_input("stress: --zeal takes none, every, nth=N or random=N, not '%s'", text);
}

static int table_check(const struct option_table *table, const char *name, const char *text)
{
    char error[OPTION_ERROR_BYTES];
    void *values = memory_new(table->bytes, 1);
    option_table_defaults(table, values);
    int status = option_table_parse(table, text, values, error);
    free(values);
    return status == 0 ? 0 : message_bad_input("stress: %s: %s", name, error);
}

static bool is_wanted(const struct stress_options *options, const struct conditions *conditions)
{
    if (options->faults && conditions->fault == FAULT_NONE)
        return false;
    if (options->commands.count && !runtimes_take(conditions))
        return false;
    return !options->swarm || conditions->swarm;
}

static struct driver_mix mix_make(const struct stress_options *options, const struct driver_mix *standard,
                                  struct conditions conditions)
{
    char text[OPTIONS_TEXT_BYTES];
    if (options->has_zeal) {
        conditions.zeal = options->zeal.zeal;
        conditions.every = options->zeal.every;
    }
    /* A long program with a collection at every allocation would take quadratic time. */
    bool is_slow = options->has_zeal && conditions.zeal != ZEAL_NONE;
    const char *dials = options->dials ? options->dials : is_slow ? "" : standard->dials;
    uint64_t programs = is_slow && standard->programs > 20 ? 20 : standard->programs;
    if (options->dials || is_slow)
        conditions.bounds = conditions.ringless =
            false; /* bounds are for programs that a mix makes for them */
    options_print(&conditions_table, &conditions, text);
    return (struct driver_mix){.conditions = text_format("%s", text), .dials = dials, .programs = programs};
}

/* Makes the standard mixes without those that the command line rules out, or the one mix that it gives. The
 * caller frees the texts of their conditions. */
static size_t mixes_make(const struct stress_options *options, struct driver_mix *mixes)
{
    char error[OPTION_ERROR_BYTES];
    size_t count = 0;
    if (options->conditions) {
        mixes[0] = (struct driver_mix){.conditions = text_format("%s", options->conditions),
                                       .dials = options->dials ? options->dials : "",
                                       .programs = 50};
        return 1;
    }
    for (size_t i = 0; i < driver_mix_count; i++) {
        struct conditions conditions;
        option_table_defaults(&conditions_table, &conditions);
        option_table_parse(&conditions_table, driver_mixes[i].conditions, &conditions, error);
        if (is_wanted(options, &conditions))
            mixes[count++] = mix_make(options, &driver_mixes[i], conditions);
    }
    return count;
}

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

/* ---- results ---- */

static void show_progress(const struct driver_request *request, const struct driver_result *result)
{
    static uint64_t shown_ns;
    uint64_t programs = 0, operations = 0;
    if (result->elapsed_ns - shown_ns < 200000000)
        return;
    shown_ns = result->elapsed_ns;
    for (size_t i = 0; i < request->worker_count; i++) {
        programs += result->tallies[i].programs;
        operations += result->tallies[i].sums.operations;
    }
    double seconds = (double)result->elapsed_ns / 1e9;
    fprintf(stderr, "\r%4.0f s  %.0f programs/s  %.2f million operations/s  %zu findings \033[K", seconds,
            (double)programs / seconds, (double)operations / seconds / 1e6, result->finding_count);
}

static void table_print(const struct driver_request *request, const struct driver_result *result)
{
    printf("%-14s %9s %11s %11s %9s %10s %10s %6s %9s %9s %11s\n", "collector", "programs", "operations",
           "collections", "cascades", "collected", "at zero", "moved", "checks", "findings", "boundaries");
    for (size_t i = 0; i < request->worker_count; i++) {
        const struct driver_tally *tally = &result->tallies[i];
        struct reached reached = reached_count(request->boundaries, tally->hits);
        printf("%-14s %9" PRIu64 " %11" PRIu64 " %11" PRIu64 " %9" PRIu64 " %10" PRIu64 " %10" PRIu64
               " %6" PRIu64 " %9" PRIu64 " %9" PRIu64 " %6zu/%zu\n",
               request->workers[i]->collector, tally->programs, tally->sums.operations,
               tally->sums.collections, tally->sums.cascades, tally->sums.collected,
               tally->sums.freed_at_zero, tally->sums.moved, tally->sums.checks, tally->findings,
               reached.count, reached.possible);
    }
}

/* Returns where the last `count` lines of a text begin. */
static const char *last_lines(const char *text, int count)
{
    const char *begin = text + strlen(text);
    if (begin > text)
        begin--; /* the newline that ends the last of them */
    while (begin > text && !(begin[-1] == '\n' && --count == 0))
        begin--;
    return begin;
}

/* Prints what a process wrote to standard error. A collector's worker says in the first line what is wrong, and
 * most runtimes say it in the last ones. */
static void detail_print(const struct worker *worker, const char *detail)
{
    enum { RUNTIME_LINES = 5 };
    int left = worker->runtime ? RUNTIME_LINES : 1;
    const char *line = worker->runtime ? last_lines(detail, left) : detail;
    for (; *line && left > 0; left--) {
        int length = (int)strcspn(line, "\n");
        message_say("  %.*s", length, line);
        line += length + (line[length] == '\n');
    }
}

static void finding_print(const struct driver_finding *finding)
{
    printf("\n%s: %s: %s\n", finding->worker->collector, finding->kind, finding->text);
    detail_print(finding->worker, finding->detail);
    printf("  seed %" PRIu64 ", after %.1f s, setting '%s'%s%s%s%s%s%s\n", finding->line.seed,
           (double)finding->after_ns / 1e9, finding->mix->conditions, *finding->mix->dials ? ", dials '" : "",
           finding->mix->dials, *finding->mix->dials ? "'" : "",
           finding->options && *finding->options ? ", options '" : "",
           finding->options ? finding->options : "", finding->options && *finding->options ? "'" : "");
}

/* Shrinks and saves each finding, and prints its path. */
static int findings_keep(const struct stress_options *options, const struct driver_request *request,
                         const struct driver_result *result)
{
    int status = 0;
    for (size_t i = 0; i < result->finding_count && status == 0 && options->keep; i++) {
        struct kept kept;
        status = keep_finding(request, &result->findings[i], options->keep, SHRINK_SECONDS, &kept);
        if (status == 0)
            fprintf(options->as_json ? stderr : stdout,
                    "\n%s: %" PRIu64 " operations after %" PRIu64 " runs%s\n  %s\n", kept.path,
                    kept.operations, kept.processes,
                    kept.reproduced ? "" : "; it does not fail by itself, and is as it was found",
                    kept.command);
        kept_free(&kept);
    }
    return status;
}

static json_t *tally_json(const struct driver_request *request, size_t place,
                          const struct driver_tally *tally)
{
    const struct worker *worker = request->workers[place];
    return json_pack("{ss sI sI sI sI sI sI sI sI sI sI sI so}", "collector", worker->collector, "programs",
                     (json_int_t)tally->programs, "operations", (json_int_t)tally->sums.operations,
                     "collections", (json_int_t)tally->sums.collections, "cascades",
                     (json_int_t)tally->sums.cascades, "collected_objects", (json_int_t)tally->sums.collected,
                     "freed_at_zero_objects", (json_int_t)tally->sums.freed_at_zero, "moved",
                     (json_int_t)tally->sums.moved, "checks", (json_int_t)tally->sums.checks,
                     "failed_allocations", (json_int_t)tally->sums.failed, "exhausted",
                     (json_int_t)tally->sums.exhausted, "findings", (json_int_t)tally->findings, "boundaries",
                     reached_json(request->boundaries, tally->hits));
}

static json_t *finding_json(const struct driver_finding *finding)
{
    return json_pack("{ss ss ss sI sf ss ss ss*}", "collector", finding->worker->collector, "kind",
                     finding->kind, "text", finding->text, "seed", (json_int_t)finding->line.seed, "after_s",
                     (double)finding->after_ns / 1e9, "setting", finding->mix->conditions, "dials",
                     finding->mix->dials, "options", finding->options);
}

static void json_print(const struct driver_request *request, const struct driver_result *result,
                       const struct stress_work *work, const struct unchecked *unchecked)
{
    json_t *collectors = json_array();
    json_t *findings = json_array();
    for (size_t i = 0; i < request->worker_count; i++)
        json_array_append_new(collectors, tally_json(request, i, &result->tallies[i]));
    for (size_t i = 0; i < result->finding_count; i++)
        json_array_append_new(findings, finding_json(&result->findings[i]));
    stress_work_findings_json(work, (double)result->elapsed_ns / 1e9, findings);
    char *boundaries = boundaries_text(request->boundaries);
    json_t *all = json_pack("{ss sI sf sb ss so so sI so}", "schema", "gcmatrix.stress.1", "seed",
                            (json_int_t)request->seed, "seconds", (double)result->elapsed_ns / 1e9,
                            "interrupted", result->interrupted, "boundaries", boundaries, "collectors",
                            collectors, "findings", findings, "work_patterns",
                            (json_int_t)stress_work_counted(work), "not_checked", unchecked_json(unchecked));
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
    free(boundaries);
}

static int results_show(const struct stress_options *options, const struct driver_request *request,
                        const struct driver_result *result, const struct stress_work *work)
{
    bool interrupted = result->interrupted || work->interrupted;
    size_t findings = result->finding_count + stress_work_findings(work);
    int status = 0;
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
    struct unchecked unchecked;
    unchecked_read(request, &options->runtimes, &unchecked);
    if (options->as_json) {
        json_print(request, result, work, &unchecked);
    } else {
        table_print(request, result);
        reached_print(request, result);
        unchecked_print(&unchecked);
        for (size_t i = 0; i < result->finding_count; i++)
            finding_print(&result->findings[i]);
        status = interrupted ? 0 : stress_work_print_findings(work, SHRINK_SECONDS);
        if (stress_work_counted(work) > 0)
            printf("\nwork: %zu of %zu patterns counted\n", stress_work_counted(work),
                   request->worker_count * work_pattern_count);
        printf("\nseed %" PRIu64 ", %.1f s: %zu finding%s%s\n", request->seed,
               (double)result->elapsed_ns / 1e9, findings, findings == 1 ? "" : "s",
               interrupted ? ", interrupted" : "");
    }
    unchecked_free(&unchecked);
    if (status == 0)
        status = interrupted ? 0 : findings_keep(options, request, result);
    if (status != 0)
        return status;
    return interrupted ? MESSAGE_INTERRUPTED : findings ? MESSAGE_FAILED_CELLS : 0;
}

/* ---- one program ---- */

static void replay_conditions(const struct stress_options *options, char ret_text[static OPTIONS_TEXT_BYTES])
{
    char error[OPTION_ERROR_BYTES];
    struct conditions conditions = options->zeal;
    if (!options->has_zeal)
        option_table_defaults(&conditions_table, &conditions);
    option_table_parse(&conditions_table, options->conditions, &conditions, error);
    options_print(&conditions_table, &conditions, ret_text);
}

/* Runs the program under each of the collectors. Returns 1 when one of them fails. */
static int replay(const struct stress_options *options, const struct workers *workers)
{
    char conditions[OPTIONS_TEXT_BYTES];
    struct driver_request request = {0};
    struct program program;
    int status = collectors_choose(options, workers, &request);
    if (status == 0)
        status = reproduction_read(options->replay, &program);
    if (status != 0) {
        free(request.workers);
        return status;
    }
    replay_conditions(options, conditions);
    for (size_t i = 0; i < request.worker_count; i++) {
        struct worker_outcome outcome;
        const struct worker *worker = request.workers[i];
        struct reproduction reproduction = {.truth = request.truth,
                                            .worker = worker,
                                            .conditions = conditions,
                                            .options = options->collector_options,
                                            .seed = (uint64_t)options->seed};
        if (reproduction_run(&reproduction, &program, &outcome) < 0) {
            status = message_storage("stress: %s: %s", worker->path, strerror(errno));
            break;
        }
        printf("%-14s %s%s%s\n", worker->collector, outcome.found ? outcome.kind : "ok",
               outcome.found ? ": " : "", outcome.found ? outcome.text : "");
        if (outcome.found)
            detail_print(worker, outcome.detail);
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
    return (struct stress_work){
        .request = {.jobs = (size_t)options->jobs, .seed = (uint64_t)options->seed, .seconds = seconds}};
}

/* Counts the work of each collector, and does nothing else. */
static int count_work(const struct stress_options *options, const struct workers *workers)
{
    struct driver_request chosen = {0};
    int status = collectors_choose(options, workers, &chosen);
    struct stress_work work = work_open(options, (double)options->seconds);
    work.request.workers = chosen.workers;
    work.request.worker_count = chosen.worker_count;
    if (status == 0)
        status = stress_work_run(&work, options->recipe, options->as_json, SHRINK_SECONDS);
    stress_work_free(&work);
    free(chosen.workers);
    return status;
}

/* ---- the command ---- */

/* The seconds of a campaign in which work is counted: none where the command line says what to run. */
static double work_seconds(const struct stress_options *options, const struct driver_request *request)
{
    bool narrowed = options->programs || options->conditions || options->dials || options->has_zeal ||
                    options->swarm || options->faults || options->commands.count;
    double wanted =
        WORK_PATTERN_SECONDS * (double)(request->worker_count * work_pattern_count) / (double)request->jobs;
    double most = (double)options->seconds / WORK_SHARE;
    return narrowed ? 0 : wanted < most ? wanted : most;
}

/* Counts the work of those collectors in which the campaign has found nothing. The workers of `ret_work` are to be
 * freed. */
static int campaign_work(const struct stress_options *options, const struct driver_request *request,
                         const struct driver_result *result, double seconds, struct stress_work *ret_work)
{
    *ret_work = work_open(options, seconds);
    struct work_request *wanted = &ret_work->request;
    wanted->workers = memory_new(request->worker_count + 1, sizeof *wanted->workers);
    if (seconds <= 0 || result->interrupted)
        return 0;
    for (size_t i = 0; i < request->worker_count; i++)
        if (!result->tallies[i].findings && work_is_built(request->workers[i]))
            wanted->workers[wanted->worker_count++] = request->workers[i];
    return stress_work_measure(ret_work, NULL, isatty(STDERR_FILENO) && !options->as_json);
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

static int campaign(const struct stress_options *options, const struct workers *workers)
{
    struct boundaries boundaries = {0};
    struct stress_work work = {0};
    struct driver_request request = {.seed = (uint64_t)options->seed,
                                     .programs = (uint64_t)options->programs,
                                     .seconds = (double)options->seconds,
                                     .jobs = (size_t)options->jobs};
    struct driver_result result = {0};
    struct driver_mix *mixes = memory_new(driver_mix_count + 1, sizeof *mixes);
    int status = collectors_choose(options, workers, &request);
    if (status == 0)
        status = boundaries_choose(options, workers, &boundaries);
    request.boundaries = &boundaries;
    request.mixes = mixes;
    request.mix_count = mixes_make(options, mixes);
    if (status == 0 && request.mix_count == 0)
        status = message_bad_input("stress: no way of running programs is left by these options");
    bool shows = isatty(STDERR_FILENO) && !options->as_json;
    double for_work = work_seconds(options, &request);
    request.seconds -= for_work;
    if (status == 0)
        status = driver_run(&request, shows ? show_progress : NULL, &result);
    if (status == 0)
        status = campaign_work(options, &request, &result, for_work, &work);
    if (status == 0)
        status = results_show(options, &request, &result, &work);
    stress_work_free(&work);
    free(work.request.workers);
    if (result.tallies)
        driver_result_free(&request, &result);
    for (size_t i = 0; i < request.mix_count; i++)
        free((char *)mixes[i].conditions);
    free(mixes);
    free(request.workers);
    boundaries_free(&boundaries);
    return status;
}

static int option_take(int found, struct stress_options *options)
{
    switch (found) {
    case 'c':
        text_list_take(&options->collectors, text_format("%s", optarg));
        return 0;
    case 'p':
        return cli_integer_read("--programs", optarg, 1, INT64_MAX / 2, &options->programs);
    case 't':
        return cli_integer_read("--seconds", optarg, 1, 10000000, &options->seconds);
    case 's':
        return cli_integer_read("--seed", optarg, 0, INT64_MAX / 2, &options->seed);
    case 'J':
        return cli_integer_read("--jobs", optarg, 1, 256, &options->jobs);
    case 'z':
        return zeal_read(optarg, options);
    case 'S':
        options->conditions = optarg;
        return table_check(&conditions_table, "--setting", optarg);
    case 'd':
        options->dials = optarg;
        return table_check(&dials_table, "--dials", optarg);
    case 'b':
        options->boundaries = optarg;
        return 0;
    case 'k':
        options->keep = optarg;
        return 0;
    case 'R':
        options->replay = optarg;
        return 0;
    case 'u':
        text_list_take(&options->commands, text_format("%s", optarg));
        return 0;
    case 'l':
        return cli_integer_read("--time-limit", optarg, 1, 100, &options->time_limit);
    case 'o':
        options->collector_options = optarg;
        return 0;
    case 'w':
        options->swarm = true;
        return 0;
    case 'f':
        options->faults = true;
        return 0;
    case 'W':
        options->work = true;
        return 0;
    case 'r':
        options->recipe = optarg;
        return 0;
    case 'j':
        options->as_json = true;
        return 0;
    default:
        return MESSAGE_BAD_INPUT;
    }
}

static int options_read(int argc, char **argv, struct stress_options *ret_options)
{
    static const struct option options[] = {{"collector", required_argument, NULL, 'c'},
                                            {"programs", required_argument, NULL, 'p'},
                                            {"seconds", required_argument, NULL, 't'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"swarm", no_argument, NULL, 'w'},
                                            {"zeal", required_argument, NULL, 'z'},
                                            {"faults", no_argument, NULL, 'f'},
                                            {"setting", required_argument, NULL, 'S'},
                                            {"dials", required_argument, NULL, 'd'},
                                            {"boundaries", required_argument, NULL, 'b'},
                                            {"keep", required_argument, NULL, 'k'},
                                            {"replay", required_argument, NULL, 'R'},
                                            {"options", required_argument, NULL, 'o'},
                                            {"runtime", required_argument, NULL, 'u'},
                                            {"time-limit", required_argument, NULL, 'l'},
                                            {"work", no_argument, NULL, 'W'},
                                            {"recipe", required_argument, NULL, 'r'},
                                            {"jobs", required_argument, NULL, 'J'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    int found, status = 0;
    optind = 0;
    while (status == 0 && (found = cli_option_next_of(argc, argv, ":c:s:j", options, "cu")) != -1)
        status = option_take(found, ret_options);
    static const struct cli_exclusion exclusions[] = {
        {"R", "ptwfdbkJj", "do not go together: one program is run, under each collector once"},
        {"W", "pwzfSdbkRoul", "do not go together: work is counted in programs of its own"},
        {"S", "zwf", "do not go together: a setting says all of how programs run"},
    };
    if (status == 0)
        status = cli_exclusions_check("stress", options, exclusions, sizeof exclusions / sizeof *exclusions);
    if (status == 0)
        status = cli_operands_check(argc, argv, 0, 0, "");
    if (status == 0 && ret_options->collector_options && !ret_options->replay)
        status = message_bad_input("stress: --options goes with --replay; in a campaign they are drawn");
    if (status == 0 && ret_options->time_limit && !ret_options->commands.count)
        status =
            message_bad_input("stress: --time-limit goes with --runtime; a collector has %d s for a program",
                              WORKERS_TIME_LIMIT);
    if (status == 0 && ret_options->collector_options && ret_options->commands.count)
        status = message_bad_input("stress: --options and --runtime do not go together: a runtime has the "
                                   "options of its command");
    if (status == 0 && ret_options->recipe && !ret_options->work)
        status = message_bad_input("stress: --recipe goes with --work");
    if (!ret_options->programs && !ret_options->seconds && !ret_options->work)
        ret_options->seconds = DEFAULT_SECONDS;
    return status;
}

static int command_run(int argc, char **argv)
{
    struct stress_options options = {.seed = time(NULL), .jobs = sysconf(_SC_NPROCESSORS_ONLN)};
    struct workers workers = {0};
    int status = options_read(argc, argv, &options);
    if (status == 0)
        status = workers_find(&workers);
    if (status == 0)
        status = runtimes_open(&workers, &options.commands,
                               options.time_limit ? (uint64_t)options.time_limit : RUNTIME_SECONDS,
                               &options.runtimes);
    if (status == 0)
        status = options.work     ? count_work(&options, &workers)
                 : options.replay ? replay(&options, &workers)
                                  : campaign(&options, &workers);
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
        "      --jobs N           processes at a time (default: one for each processor)\n"
        "  -j, --json             prints the result for programs\n\n"
        "What each program can reach, reads back, and holds is compared with census; the heap is "
        "checked, memory "
        "is\n"
        "poisoned when it is freed, counts are recounted. Exit status 1 when something was found.\n",
    .run = command_run,
};
