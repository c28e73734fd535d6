/* SPDX-License-Identifier: MIT */
#include "harness/cli/stress-results.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/message.h"
#include "harness/cli/cli.h"
#include "harness/cli/reached.h"
#include "harness/cli/unchecked.h"
#include "harness/results/json-text.h"
#include "harness/stress/keep.h"

void stress_results_progress(const struct driver_request *request, const struct driver_result *result)
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

/* ---- sums ---- */

/* Of the model: the rules that were looked at, and the collectors that broke one. */
static size_t rules_counted(const struct stress_results *results)
{
    size_t counted = 0;
    for (size_t i = 0; i < results->request->worker_count; i++)
        counted += results->rules[i].kept + results->rules[i].broken;
    return counted;
}

static size_t rules_findings(const struct stress_results *results)
{
    size_t findings = 0;
    for (size_t i = 0; i < results->request->worker_count; i++)
        findings += results->rules[i].broken > 0;
    return findings;
}

size_t stress_results_findings(const struct stress_results *results)
{
    return rules_findings(results) + results->programs.finding_count + stress_work_findings(&results->work);
}

bool stress_results_interrupted(const struct stress_results *results)
{
    return results->programs.interrupted || results->work.interrupted;
}

static double seconds_of(const struct stress_results *results)
{
    return (double)results->programs.elapsed_ns / 1e9;
}

/* ---- to a person ---- */

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

void stress_results_detail_print(const struct worker *worker, const char *detail)
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
    stress_results_detail_print(finding->worker, finding->detail);
    printf("  seed %" PRIu64 ", after %.1f s, setting '%s'%s%s%s%s%s%s\n", finding->line.seed,
           (double)finding->after_ns / 1e9, finding->mix->conditions, *finding->mix->dials ? ", dials '" : "",
           finding->mix->dials, *finding->mix->dials ? "'" : "",
           finding->options && *finding->options ? ", options '" : "",
           finding->options ? finding->options : "", finding->options && *finding->options ? "'" : "");
}

/* Prints the first rule that a collector broke, and the command that says all. */
static void rules_print(const struct worker *worker, const struct rules *rules)
{
    char *path = rules_path(worker);
    putchar('\n');
    message_say("%s: model: %s", worker->collector, rules->first);
    if (*rules->detail)
        message_say("  %s", rules->detail);
    if (rules->broken > 1)
        message_say("  and %zu more", rules->broken - 1);
    message_say("  %s", path);
    free(path);
}

static void sums_print(const struct stress_results *results)
{
    const struct stress_work *work = &results->work;
    size_t findings = stress_results_findings(results);
    size_t collectors = results->request->worker_count, looked = 0;
    for (size_t i = 0; i < collectors; i++)
        looked += results->rules[i].looked;
    if (looked > 0)
        printf("\nmodel: %zu rules looked at, under %zu of %zu collectors\n", rules_counted(results), looked,
               collectors);
    if (stress_work_counted(work) > 0)
        printf("\nwork: %zu of %zu patterns counted\n", stress_work_counted(work),
               collectors * work_pattern_count);
    printf("\nseed %" PRIu64 ", %.1f s: %zu finding%s%s\n", results->request->seed, seconds_of(results),
           findings, findings == 1 ? "" : "s", stress_results_interrupted(results) ? ", interrupted" : "");
}

int stress_results_print(const struct stress_results *results, double seconds)
{
    const struct driver_request *request = results->request;
    struct unchecked unchecked;
    int status = 0;
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
    unchecked_read(request, results->runtimes, &unchecked);
    table_print(request, &results->programs);
    reached_print(request, &results->programs);
    unchecked_print(&unchecked);
    unchecked_free(&unchecked);
    for (size_t i = 0; i < request->worker_count; i++)
        if (results->rules[i].broken)
            rules_print(request->workers[i], &results->rules[i]);
    for (size_t i = 0; i < results->programs.finding_count; i++)
        finding_print(&results->programs.findings[i]);
    if (!stress_results_interrupted(results))
        status = stress_work_print_findings(&results->work, seconds);
    sums_print(results);
    return status;
}

/* ---- JSON ---- */

static json_t *tally_json(const struct driver_request *request, size_t place,
                          const struct driver_tally *tally)
{
    const struct worker *worker = request->workers[place];
    return json_pack("{so sI sI sI sI sI sI sI sI sI sI sI so}", "collector", json_text(worker->collector),
                     "programs", (json_int_t)tally->programs, "operations",
                     (json_int_t)tally->sums.operations, "collections", (json_int_t)tally->sums.collections,
                     "cascades", (json_int_t)tally->sums.cascades, "collected_objects",
                     (json_int_t)tally->sums.collected, "freed_at_zero_objects",
                     (json_int_t)tally->sums.freed_at_zero, "moved", (json_int_t)tally->sums.moved, "checks",
                     (json_int_t)tally->sums.checks, "failed_allocations", (json_int_t)tally->sums.failed,
                     "exhausted", (json_int_t)tally->sums.exhausted, "findings", (json_int_t)tally->findings,
                     "boundaries", reached_json(request->boundaries, tally->hits));
}

static json_t *finding_json(const struct driver_finding *finding)
{
    return json_pack("{so so so sI sf ss ss so*}", "collector", json_text(finding->worker->collector), "kind",
                     json_text(finding->kind), "text", json_text(finding->text), "seed",
                     (json_int_t)finding->line.seed, "after_s", (double)finding->after_ns / 1e9, "setting",
                     finding->mix->conditions, "dials", finding->mix->dials, "options",
                     finding->options ? json_text(finding->options) : NULL);
}

/* A collector that broke rules, as a campaign's findings have it. */
static json_t *rules_json(const struct stress_results *results, size_t place)
{
    const struct rules *rules = &results->rules[place];
    return json_pack("{so ss so sI sf ss ss sI}", "collector",
                     json_text(results->request->workers[place]->collector), "kind", "model", "text",
                     json_text(rules->first), "seed", (json_int_t)results->request->seed, "after_s", 0.0,
                     "setting", "", "dials", "", "rules", (json_int_t)rules->broken);
}

static json_t *findings_json(const struct stress_results *results)
{
    json_t *findings = json_array();
    for (size_t i = 0; i < results->request->worker_count; i++)
        if (results->rules[i].broken)
            json_array_append_new(findings, rules_json(results, i));
    for (size_t i = 0; i < results->programs.finding_count; i++)
        json_array_append_new(findings, finding_json(&results->programs.findings[i]));
    stress_work_findings_json(&results->work, seconds_of(results), findings);
    return findings;
}

void stress_results_json_print(const struct stress_results *results)
{
    const struct driver_request *request = results->request;
    struct unchecked unchecked;
    json_t *collectors = json_array();
    char *boundaries = boundaries_text(request->boundaries);
    for (size_t i = 0; i < request->worker_count; i++)
        json_array_append_new(collectors, tally_json(request, i, &results->programs.tallies[i]));
    unchecked_read(request, results->runtimes, &unchecked);
    json_t *all = json_pack(
        "{ss sI sf sb ss so so sI sI so}", "schema", "gcmatrix.stress.1", "seed", (json_int_t)request->seed,
        "seconds", seconds_of(results), "interrupted", stress_results_interrupted(results), "boundaries",
        boundaries, "collectors", collectors, "findings", findings_json(results), "model_rules",
        (json_int_t)rules_counted(results), "work_patterns", (json_int_t)stress_work_counted(&results->work),
        "not_checked", unchecked_json(&unchecked));
    unchecked_free(&unchecked);
    cli_json_print(all, 0);
    free(boundaries);
}

/* ---- what is kept ---- */

static void kept_print(const struct kept *kept, FILE *stream)
{
    char *path = escape_plain(kept->path, PATH_MAX);
    fprintf(stream, "\n%s: %" PRIu64 " operations after %" PRIu64 " runs%s\n  %s\n", path, kept->operations,
            kept->processes, kept->reproduced ? "" : "; it does not fail by itself, and is as it was found",
            kept->command);
    free(path);
}

int stress_results_keep(const struct stress_results *results, const struct writing_folder *folder,
                        double seconds, FILE *stream)
{
    const struct driver_result *programs = &results->programs;
    int status = 0;
    for (size_t i = 0; i < programs->finding_count && status == 0; i++) {
        struct kept kept;
        status = keep_finding(results->request, &programs->findings[i], folder, seconds, &kept);
        if (status == 0)
            kept_print(&kept, stream);
        kept_free(&kept);
    }
    return status;
}
