/* SPDX-License-Identifier: MIT */
#include "harness/cli/stress-work.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/cli/cli.h"
#include "harness/report/figure.h"
#include "harness/results/json-text.h"

enum { SHARE = 4 }; /* a campaign counts work in the last part of its time, one in so many at most */

double stress_work_share(size_t workers, size_t jobs, double seconds)
{
    double wanted = WORK_PATTERN_SECONDS * (double)(workers * work_pattern_count) / (double)jobs;
    return fmin(wanted, seconds / SHARE);
}

static size_t fit_count(const struct stress_work *work)
{
    return work->request.worker_count * work->request.pattern_count;
}

static const struct work_fit *fit_of(const struct stress_work *work, size_t worker, size_t pattern)
{
    return &work->fits[worker * work->request.pattern_count + pattern];
}

static void show_progress(size_t done, size_t count)
{
    fprintf(stderr, "\rwork: %zu of %zu patterns \033[K", done, count);
}

static int recipe_check(const char *option, const char *text)
{
    struct recipe parsed;
    char error[PROGRAM_ERROR_BYTES];
    return recipe_parse(text, &parsed, error) < 0 ? message_bad_input("stress: %s: %s", option, error) : 0;
}

int stress_work_measure(struct stress_work *work, const struct work_pattern *own, bool shows)
{
    int status = 0;
    work->request.patterns = own ? own : work_patterns;
    work->request.pattern_count = own ? 1 : work_pattern_count;
    work->fits = memory_new(fit_count(work) + 1, sizeof *work->fits);
    if (own)
        status = recipe_check("--recipe", own->recipe);
    if (status == 0 && own && own->peak)
        status = recipe_check("--peak", own->peak);
    if (status != 0)
        return status;
    status = work_measure(&work->request, shows ? show_progress : NULL, work->fits, &work->interrupted);
    if (shows)
        fputs("\r\033[K", stderr);
    return status;
}

void stress_work_free(struct stress_work *work)
{
    if (work->fits)
        work_fits_free(work->fits, fit_count(work));
    free(work->fits);
    work->fits = NULL;
}

size_t stress_work_counted(const struct stress_work *work)
{
    size_t counted = 0;
    for (size_t i = 0; i < fit_count(work); i++)
        counted += work->fits[i].count > 0;
    return counted;
}

size_t stress_work_findings(const struct stress_work *work)
{
    size_t findings = 0;
    for (size_t i = 0; i < fit_count(work); i++)
        findings += work_is_finding(&work->fits[i]);
    return findings;
}

/* ---- tables ---- */

static double steps_per_word(const struct work_line *line)
{
    return (double)line->steps / (double)line->size;
}

static const char *verdict(const struct work_fit *fit)
{
    return fit->error                  ? "failed"
           : work_is_eventful(fit)     ? "AN EVENT FOR EACH OBJECT"
           : work_is_unpaused(fit)     ? "WORK IN NO PAUSE"
           : work_peak_stays(fit)      ? fit->reason ? "a peak stays, as it says" : "A PEAK STAYS"
           : fit->has_peak             ? "as without its peak"
           : !work_is_superlinear(fit) ? "linear"
           : fit->reason               ? "superlinear, as it says"
                                       : "SUPERLINEAR";
}

static void patterns_print(const struct stress_work *work)
{
    printf("%-22s %8s %14s %14s %9s  %s\n", "pattern", "n", "steps a word", "at the least", "exponent", "");
    for (size_t i = 0; i < work->request.pattern_count; i++) {
        const struct work_fit *fit = fit_of(work, 0, i);
        if (!fit->count)
            continue;
        const struct work_line *last = &fit->lines[fit->count - 1];
        printf("%-22s %8" PRIu64 " %14.1f %14.1f %9.2f  %s\n", work->request.patterns[i].name, last->n,
               steps_per_word(last), steps_per_word(fit->lines), fit->exponent, verdict(fit));
    }
}

static void collector_print(const struct stress_work *work, size_t worker)
{
    const struct work_fit *worst = NULL;
    size_t counted = 0, said = 0, found = 0, worst_at = 0;
    for (size_t i = 0; i < work->request.pattern_count; i++) {
        const struct work_fit *fit = fit_of(work, worker, i);
        counted += fit->count > 0;
        said += fit->count > 0 && work_is_superlinear(fit) && fit->reason;
        found += work_is_finding(fit);
        if (fit->count && (!worst || fit->exponent > worst->exponent)) {
            worst = fit;
            worst_at = i;
        }
    }
    if (worst)
        printf("%-17s %8zu %9.2f  %-22s %8zu %9zu\n", work->request.workers[worker]->collector, counted,
               worst->exponent, work->request.patterns[worst_at].name, said, found);
}

void stress_work_print(const struct stress_work *work)
{
    if (work->request.worker_count == 1) {
        patterns_print(work);
        return;
    }
    printf("%-17s %8s %9s  %-22s %8s %9s\n", "collector", "patterns", "exponent", "at most, in", "as said",
           "findings");
    for (size_t i = 0; i < work->request.worker_count; i++)
        collector_print(work, i);
}

/* ---- findings ---- */

static uint64_t most_unpaused(const struct work_fit *fit)
{
    uint64_t most = 0;
    for (size_t i = 0; i < fit->count; i++)
        most = fit->lines[i].unpaused > most ? fit->lines[i].unpaused : most;
    return most;
}

/* What was found, in a line. The caller frees it. */
static char *finding_text(const struct work_pattern *pattern, const struct work_fit *fit)
{
    const struct work_line *first = fit->lines;
    const struct work_line *last = fit->count ? &fit->lines[fit->count - 1] : first;
    const struct work_line *pair = work_peak_stays(fit);
    if (fit->error)
        return text_format("in '%s': %s", pattern->name, fit->error);
    if (work_is_unpaused(fit))
        return text_format("in '%s' %" PRIu64 " steps between two objects lie in no pause", pattern->name,
                           most_unpaused(fit));
    if (pair)
        return text_format("in '%s' %" PRIu64
                           " bytes are held on average long after the peak '%s', and %" PRIu64 " without it",
                           pattern->name, pair[1].late, pattern->peak, pair->late);
    if (work_is_eventful(fit))
        return text_format("in '%s' %" PRIu64 " of %" PRIu64 " objects took the slow path of allocation",
                           pattern->name, last->events, last->objects);
    return text_format("in '%s' work grows with exponent %.2f: %.1f steps a word at n=%" PRIu64
                       ", %.1f at n=%" PRIu64 "%s",
                       pattern->name, fit->exponent, steps_per_word(first), first->n, steps_per_word(last),
                       last->n, last->spent ? ", where it was ended" : "");
}

static int finding_print(const struct worker *worker, const struct work_pattern *pattern,
                         const struct work_fit *fit, double seconds)
{
    struct work_shrunk shrunk;
    char *text = finding_text(pattern, fit);
    printf("\n%s: work: %s\n", worker->collector, text);
    free(text);
    if (fit->error)
        return 0;
    int status = work_shrink(worker, pattern, seconds, &shrunk);
    if (status == 0)
        printf("  gcmatrix stress -c %s --work --recipe '%s'%s%s%s\n", worker->collector, shrunk.recipe,
               *shrunk.peak ? " --peak '" : "", shrunk.peak, *shrunk.peak ? "'" : "");
    return status;
}

int stress_work_print_findings(const struct stress_work *work, double seconds)
{
    size_t findings = stress_work_findings(work);
    int status = 0;
    for (size_t i = 0; i < fit_count(work) && status == 0; i++)
        if (work_is_finding(&work->fits[i]))
            status = finding_print(work->request.workers[i / work->request.pattern_count],
                                   &work->request.patterns[i % work->request.pattern_count], &work->fits[i],
                                   seconds / (double)findings);
    return status;
}

/* ---- JSON ---- */

void stress_work_findings_json(const struct stress_work *work, double after_s, json_t *findings)
{
    for (size_t i = 0; i < fit_count(work); i++) {
        if (!work_is_finding(&work->fits[i]))
            continue;
        const struct work_pattern *pattern = &work->request.patterns[i % work->request.pattern_count];
        char *text = finding_text(pattern, &work->fits[i]);
        json_array_append_new(
            findings,
            json_pack("{so ss so sI sf ss ss ss}", "collector",
                      json_text(work->request.workers[i / work->request.pattern_count]->collector), "kind",
                      "work", "text", json_text(text), "seed", (json_int_t)work->request.seed, "after_s",
                      after_s, "setting", "", "dials", "", "recipe", pattern->recipe));
        free(text);
    }
}

static json_t *fit_json(const struct worker *worker, const struct work_pattern *pattern,
                        const struct work_fit *fit)
{
    json_t *programs = json_array();
    for (size_t i = 0; i < fit->count; i++)
        json_array_append_new(
            programs,
            json_pack("{sI sI sI sI sI sI sI sI}", "n", (json_int_t)fit->lines[i].n, "words",
                      (json_int_t)fit->lines[i].size, "steps", (json_int_t)fit->lines[i].steps, "pause_steps",
                      (json_int_t)fit->lines[i].pause_steps, "collections",
                      (json_int_t)fit->lines[i].collections, "events", (json_int_t)fit->lines[i].events,
                      "unpaused_steps", (json_int_t)fit->lines[i].unpaused, "late_bytes",
                      (json_int_t)fit->lines[i].late));
    return json_pack("{so ss ss ss* so sb so* so* so}", "collector", json_text(worker->collector), "pattern",
                     pattern->name, "recipe", pattern->recipe, "peak", pattern->peak, "exponent",
                     figure_json(fit->exponent), "finding", work_is_finding(fit), "reason",
                     fit->reason ? json_text(fit->reason) : NULL, "error",
                     fit->error ? json_text(fit->error) : NULL, "programs", programs);
}

static json_t *fits_json(const struct stress_work *work)
{
    json_t *all = json_array();
    for (size_t i = 0; i < fit_count(work); i++)
        if (work->fits[i].count || work->fits[i].error)
            json_array_append_new(all, fit_json(work->request.workers[i / work->request.pattern_count],
                                                &work->request.patterns[i % work->request.pattern_count],
                                                &work->fits[i]));
    return all;
}

static void json_print(const struct stress_work *work)
{
    json_t *all = json_pack("{ss sb so}", "schema", "gcmatrix.work.1", "interrupted", work->interrupted,
                            "work", fits_json(work));
    cli_json_print(all, 0);
}

int stress_work_run(struct stress_work *work, const struct work_pattern *own, bool as_json, double seconds)
{
    int status = stress_work_measure(work, own, isatty(STDERR_FILENO) && !as_json);
    if (status == 0 && as_json) {
        json_print(work);
    } else if (status == 0) {
        stress_work_print(work);
        status = work->interrupted ? 0 : stress_work_print_findings(work, seconds);
    }
    if (status != 0)
        return status;
    return work->interrupted ? MESSAGE_INTERRUPTED : stress_work_findings(work) ? MESSAGE_FAILED_CELLS : 0;
}
