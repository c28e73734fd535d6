/* SPDX-License-Identifier: MIT */
#include "harness/stress/work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/stress/recipe-shrink.h"
#include "harness/stress/same-build.h"
#include "harness/stress/watch.h"

enum { WAIT_MS = 200 };

/* ---- the fit ---- */

double work_exponent(const struct work_line *lines, size_t count)
{
    size_t first = count < WORK_DOUBLINGS ? 0 : count - WORK_DOUBLINGS, fitted = count - first;
    double x_mean = 0, y_mean = 0, xy = 0, xx = 0;
    for (size_t i = first; i < count; i++) {
        x_mean += log((double)lines[i].size) / (double)fitted;
        y_mean += log((double)lines[i].steps) / (double)fitted;
    }
    for (size_t i = first; i < count; i++) {
        double x = log((double)lines[i].size) - x_mean;
        xy += x * (log((double)lines[i].steps) - y_mean);
        xx += x * x;
    }
    return xx > 0 ? xy / xx : 0;
}

bool work_is_superlinear(const struct work_fit *fit)
{
    return fit->exponent > WORK_EXPONENT_MAX || (fit->count && fit->lines[fit->count - 1].spent);
}

bool work_is_eventful(const struct work_fit *fit)
{
    const struct work_line *last = fit->count ? &fit->lines[fit->count - 1] : NULL;
    return last && last->events > last->objects / WORK_EVENT_OBJECTS + WORK_FIRST;
}

bool work_is_unpaused(const struct work_fit *fit)
{
    for (size_t i = 0; i < fit->count; i++)
        if (fit->lines[i].unpaused > WORK_UNPAUSED_MAX)
            return true;
    return false;
}

const struct work_line *work_peak_stays(const struct work_fit *fit)
{
    for (size_t i = 0; fit->has_peak && i + 1 < fit->count; i += 2)
        if (fit->lines[i + 1].late > WORK_PEAK_TIMES * fit->lines[i].late + WORK_PEAK_BYTES)
            return &fit->lines[i];
    return NULL;
}

bool work_is_finding(const struct work_fit *fit)
{
    return fit->error || work_is_eventful(fit) || work_is_unpaused(fit) ||
           ((work_is_superlinear(fit) || work_peak_stays(fit)) && !fit->reason);
}

/* Whether programs that are larger still decide. */
static bool is_open(const struct work_fit *fit)
{
    return fit->count == WORK_DOUBLINGS && fit->exponent > WORK_EXPONENT_LOOK &&
           !fit->lines[fit->count - 1].spent;
}

/* ---- one process ---- */

/* Starts work-X on the sizes that follow those that were counted; or on the one of a pattern with a peak. */
static int start(const struct worker *worker, const struct work_pattern *pattern, struct work_fit *fit,
                 struct child *child)
{
    size_t first = fit->count;
    size_t end = pattern->peak ? 1 : first ? WORK_DOUBLINGS + WORK_MORE : WORK_DOUBLINGS;
    struct work_task task = {.recipe = pattern->recipe,
                             .peak = pattern->peak,
                             .eagerness = pattern->peak ? WORK_PEAK_EAGERNESS : WORK_EAGERNESS,
                             .most = WORK_STEPS_MAX,
                             .operations = RECIPE_OPERATIONS_MAX};
    for (size_t i = first; i < end; i++)
        task.sizes[task.size_count++] = pattern->peak ? WORK_PEAK_SIZE : (uint64_t)WORK_FIRST << i;
    fit->has_peak = pattern->peak != NULL;
    return work_start(worker, &task, child);
}

/* Adds what a process printed that has ended. */
static void take(const struct child *child, struct work_fit *fit)
{
    const char *text = child->output.text;
    while (text && fit->count < WORK_DOUBLINGS + WORK_MORE && work_line_read(text, &fit->lines[fit->count])) {
        fit->count++;
        text = strchr(text, '\n') + 1;
    }
    fit->exponent = fit->has_peak ? 0 : work_exponent(fit->lines, fit->count);
    if (WIFEXITED(child->status) && WEXITSTATUS(child->status) == 0)
        return;
    const char *said = child->error.text && *child->error.text ? child->error.text : "it said nothing";
    free(fit->error);
    fit->error = WIFSIGNALED(child->status)
                     ? text_format("its worker ended by signal %d", WTERMSIG(child->status))
                     : text_format("%.*s", (int)strcspn(said, "\n"), said);
    escape_clean(fit->error);
}

int work_run(const struct worker *worker, const struct work_pattern *pattern, struct work_fit *ret_fit)
{
    struct child child = {0};
    *ret_fit = (struct work_fit){0};
    do {
        int status = start(worker, pattern, ret_fit, &child);
        if (status != 0)
            return status;
        work_await(&child);
        take(&child, ret_fit);
        child_close(&child);
    } while (!ret_fit->error && is_open(ret_fit));
    return 0;
}

/* ---- what collectors say of themselves ---- */

static int build_check(const struct worker *worker)
{
    char *path = work_path(worker);
    int status = same_build_check("stress", path);
    free(path);
    return status;
}

/* Notes the reasons that a worker gives, one line for each pattern. */
static int reasons_read(const struct work_request *request, size_t worker, struct work_fit *fits)
{
    struct child child = {0};
    int status = work_ask_superlinear(request->workers[worker], &child);
    char *rest = child.output.text;
    for (char *line; status == 0 && rest && (line = strsep(&rest, "\n"));) {
        const char *reason = strchr(line, '\t');
        for (size_t i = 0; reason && i < request->pattern_count; i++) {
            const char *name = request->patterns[i].name;
            if (strlen(name) == (size_t)(reason - line) && strncmp(name, line, strlen(name)) == 0)
                fits[worker * request->pattern_count + i].reason = text_format("%s", reason + 1);
        }
    }
    child_close(&child);
    return status;
}

/* ---- all patterns ---- */

struct measuring {
    const struct work_request *request;
    struct work_fit *fits;
    struct child *children;
    size_t *running; /* the fit of each child */
    size_t *order;   /* the fits, in the order in which they have their turn */
    struct watch watch;
    size_t next;
    size_t done;
};

static int fit_start(struct measuring *measuring, size_t job, size_t fit)
{
    const struct work_request *request = measuring->request;
    const struct worker *worker = request->workers[fit / request->pattern_count];
    const struct work_pattern *pattern = &request->patterns[fit % request->pattern_count];
    measuring->running[job] = fit;
    return start(worker, pattern, &measuring->fits[fit], &measuring->children[job]);
}

/* Takes what a child found, and lets it go on with larger programs if these decide. */
static int fit_take(struct measuring *measuring, struct child *child)
{
    size_t job = (size_t)(child - measuring->children);
    struct work_fit *fit = &measuring->fits[measuring->running[job]];
    take(child, fit);
    child_close(child);
    if (!fit->error && is_open(fit) && !watch_interrupted())
        return fit_start(measuring, job, measuring->running[job]);
    measuring->done++;
    return 0;
}

static int measure_all(struct measuring *measuring, work_progress progress)
{
    const struct work_request *request = measuring->request;
    size_t count = request->worker_count * request->pattern_count;
    int status = 0;
    while (status == 0 && measuring->done < count && !watch_interrupted()) {
        if (request->seconds > 0 && watch_seconds(&measuring->watch) > request->seconds)
            count = measuring->next;
        for (size_t job = 0; job < request->jobs && measuring->next < count && status == 0; job++)
            if (!measuring->children[job].pid)
                status = fit_start(measuring, job, measuring->order[measuring->next++]);
        struct child *child =
            status == 0 ? child_wait(measuring->children, request->jobs, WAIT_MS, WORKERS_SILENCE_NS) : NULL;
        if (child)
            status = fit_take(measuring, child);
        if (progress)
            progress(measuring->done, count);
    }
    return status;
}

/* Every fit in turn, or shuffled where there may be time for some of them alone. */
static size_t *order_make(const struct work_request *request)
{
    size_t count = request->worker_count * request->pattern_count;
    size_t *order = memory_new(count + 1, sizeof *order);
    struct random_state random;
    random_seed(&random, request->seed);
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count; i > 1 && request->seconds > 0; i--) {
        size_t other = random_below(&random, i);
        size_t moved = order[i - 1];
        order[i - 1] = order[other];
        order[other] = moved;
    }
    return order;
}

int work_measure(const struct work_request *request, work_progress progress, struct work_fit *ret_fits,
                 bool *ret_interrupted)
{
    struct measuring measuring = {.request = request,
                                  .fits = ret_fits,
                                  .children = memory_new(request->jobs, sizeof *measuring.children),
                                  .running = memory_new(request->jobs, sizeof *measuring.running),
                                  .order = order_make(request)};
    int status = 0;
    memset(ret_fits, 0, request->worker_count * request->pattern_count * sizeof *ret_fits);
    watch_begin(&measuring.watch);
    for (size_t i = 0; i < request->worker_count && status == 0; i++) {
        status = build_check(request->workers[i]);
        if (status == 0)
            status = reasons_read(request, i, ret_fits);
    }
    if (status == 0)
        status = measure_all(&measuring, progress);
    *ret_interrupted = watch_interrupted();
    for (size_t job = 0; job < request->jobs; job++)
        child_close(&measuring.children[job]);
    watch_end(&measuring.watch);
    free(measuring.children);
    free(measuring.running);
    free(measuring.order);
    return status;
}

void work_fits_free(struct work_fit *fits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(fits[i].error);
        free(fits[i].reason);
    }
}

/* ---- shrinking ---- */

struct shrinking {
    const struct worker *worker;
    struct work_pattern pattern; /* of which one recipe is made smaller, */
    const char **text;           /* and this is where it stands */
    uint64_t end_ns;             /* of its time, by watch_clock() */
    int status;
};

static bool stays(void *context, const struct recipe *smaller)
{
    struct shrinking *shrinking = context;
    const char *before = *shrinking->text;
    char text[RECIPE_TEXT_BYTES];
    struct work_fit fit;
    if (shrinking->status != 0 || watch_clock() > shrinking->end_ns)
        return false;
    recipe_print(smaller, text);
    *shrinking->text = text;
    shrinking->status = work_run(shrinking->worker, &shrinking->pattern, &fit);
    *shrinking->text = before;
    bool still = shrinking->status == 0 && !fit.error && work_is_finding(&fit);
    free(fit.error);
    return still;
}

/* Makes one recipe of the pattern smaller, the one that stands at `text`. */
static int shrink(struct shrinking *shrinking, const char **text, char ret_text[static RECIPE_TEXT_BYTES])
{
    char error[PROGRAM_ERROR_BYTES];
    struct recipe shrunk;
    shrinking->text = text;
    if (recipe_parse(*text, &shrunk, error) < 0)
        return message_bad_input("stress: %s", error);
    recipe_shrink(&shrunk, stays, shrinking);
    recipe_print(&shrunk, ret_text);
    *text = ret_text;
    return shrinking->status;
}

int work_shrink(const struct worker *worker, const struct work_pattern *pattern, double seconds,
                struct work_shrunk *ret_shrunk)
{
    struct shrinking shrinking = {
        .worker = worker, .pattern = *pattern, .end_ns = watch_clock() + (uint64_t)(seconds * 1e9)};
    *ret_shrunk = (struct work_shrunk){0};
    int status = shrink(&shrinking, &shrinking.pattern.recipe, ret_shrunk->recipe);
    if (status == 0 && pattern->peak)
        status = shrink(&shrinking, &shrinking.pattern.peak, ret_shrunk->peak);
    return status;
}
