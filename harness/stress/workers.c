/* SPDX-License-Identifier: MIT */
#include "harness/stress/workers.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/build.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/nearest.h"
#include "base/text.h"

static const char prefix[] = "stress-";

/* ---- finding ---- */

static void worker_add(struct workers *workers, const char *folder, const char *name)
{
    char *path = text_format("%s/%s", folder, name);
    struct stat status;
    const char *collector = name + sizeof prefix - 1;
    bool usable = stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
    for (size_t i = 0; i < workers->count; i++)
        usable &= strcmp(workers->items[i].collector, collector) != 0;
    if (!usable) {
        free(path);
        return;
    }
    workers->items = reallocarray(workers->items, workers->count + 1, sizeof *workers->items);
    if (!workers->items)
        exit(message_storage("stress: out of memory"));
    workers->items[workers->count++] =
        (struct worker){.collector = text_format("%s", collector), .path = path};
}

static void folder_look(struct workers *workers, const char *folder)
{
    DIR *stream = opendir(folder);
    const struct dirent *entry;
    while (stream && (entry = readdir(stream)))
        if (strncmp(entry->d_name, prefix, sizeof prefix - 1) == 0)
            worker_add(workers, folder, entry->d_name);
    if (stream)
        closedir(stream);
}

static void folders_look(struct workers *workers, const char *list)
{
    char *copy = text_format("%s", list);
    char *rest = copy;
    for (char *folder; (folder = strsep(&rest, ":"));)
        folder_look(workers, folder);
    free(copy);
}

static void own_folders_look(struct workers *workers)
{
    static const char *const places[] = {"harness/stress", "../harness/stress", "../libexec/gcmatrix"};
    char *path = realpath("/proc/self/exe", NULL);
    if (!path)
        return;
    *strrchr(path, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places && !workers->count; i++) {
        char *folder = text_format("%s/%s", path, places[i]);
        folder_look(workers, folder);
        free(folder);
    }
    free(path);
}

/* The command that builds a collector's worker in the build of this program; NULL if it makes none. The caller
 * frees it. */
static char *worker_command(const char *collector)
{
    char *path = realpath("/proc/self/exe", NULL), *folder = path ? build_folder(path) : NULL;
    char *worker = folder ? text_format("%s/harness/stress/stress-%s", folder, collector) : NULL;
    char *command = worker && build_makes(worker) ? build_command(&worker, 1) : NULL;
    free(worker);
    free(folder);
    free(path);
    return command;
}

static int compare_workers(const void *a, const void *b)
{
    const struct worker *x = a;
    const struct worker *y = b;
    bool x_is_truth = strcmp(x->collector, WORKERS_TRUTH) == 0;
    bool y_is_truth = strcmp(y->collector, WORKERS_TRUTH) == 0;
    return x_is_truth != y_is_truth ? y_is_truth - x_is_truth : strcmp(x->collector, y->collector);
}

int workers_find(struct workers *ret_workers)
{
    *ret_workers = (struct workers){0};
    if (getenv("GCMATRIX_STRESS"))
        folders_look(ret_workers, getenv("GCMATRIX_STRESS"));
    else
        own_folders_look(ret_workers);
    if (ret_workers->count)
        qsort(ret_workers->items, ret_workers->count, sizeof *ret_workers->items, compare_workers);
    if (ret_workers->count && strcmp(ret_workers->items[0].collector, WORKERS_TRUTH) == 0)
        return 0;
    workers_free(ret_workers);
    char *command = worker_command(WORKERS_TRUTH);
    int status = message_bad_input("stress: no workers (stress-" WORKERS_TRUTH
                                   " and others) near this program; build them%s%s, or name their folder in "
                                   "GCMATRIX_STRESS",
                                   command ? ": " : "", command ? command : "");
    free(command);
    return status;
}

void workers_free(struct workers *workers)
{
    for (size_t i = 0; i < workers->count; i++) {
        free(workers->items[i].collector);
        free(workers->items[i].path);
    }
    free(workers->items);
    *workers = (struct workers){0};
}

const struct worker *workers_named(const struct workers *workers, const char *collector)
{
    const char **names = memory_new(workers->count, sizeof *names);
    const struct worker *found = NULL;
    for (size_t i = 0; i < workers->count; i++) {
        names[i] = workers->items[i].collector;
        if (strcmp(names[i], collector) == 0)
            found = &workers->items[i];
    }
    const char *near = found ? NULL : nearest_name(collector, names, workers->count);
    char *command = found ? NULL : worker_command(collector);
    if (command)
        message_bad_input("stress: stress-%s is not built; %s", collector, command);
    else if (near)
        message_bad_input("stress: there is no worker for collector '%s'; did you mean '%s'?", collector,
                          near);
    else if (!found)
        message_bad_input(
            "stress: there is no worker for collector '%s'; 'gcmatrix list' shows the collectors", collector);
    free(command);
    free(names);
    return found;
}

/* ---- running ---- */

/* The words with which every worker's command begins. */
static void command_begin(const struct worker *worker, struct text_list *argv)
{
    text_list_take(argv, text_format("%s", worker->path));
    text_list_take(argv, text_format("--time-limit=%" PRIu64,
                                     worker->time_limit ? worker->time_limit : WORKERS_TIME_LIMIT));
    if (worker->runtime)
        text_list_take(argv, text_format("--runtime=%s", worker->runtime));
}

static int command_start(struct text_list *argv, struct child *child)
{
    int status = child_start(child, argv->items);
    int error = errno;
    text_list_free(argv);
    errno = error;
    return status;
}

int workers_start(const struct worker *worker, const struct worker_task *task, struct child *child)
{
    struct text_list argv = {0};
    command_begin(worker, &argv);
    text_list_take(&argv, text_format("--seed=%" PRIu64, task->seed));
    text_list_take(&argv, text_format("--programs=%" PRIu64, task->programs));
    text_list_take(&argv, text_format("--setting=%s", task->conditions ? task->conditions : ""));
    text_list_take(&argv, text_format("--dials=%s", task->dials ? task->dials : ""));
    text_list_take(&argv, text_format("--options=%s", task->options ? task->options : ""));
    text_list_take(&argv, text_format("--boundaries=%s", task->boundaries ? task->boundaries : ""));
    if (task->coverage)
        text_list_take(&argv, text_format("--coverage"));
    if (task->file)
        text_list_take(&argv, text_format("%s", task->file));
    return command_start(&argv, child);
}

/* Reads lines of a kind, a number and a name. Returns 0, or -1 where one is none. */
static int boundaries_list_read(char *text, struct boundaries *boundaries)
{
    for (char *line; (line = strsep(&text, "\n"));) {
        uint64_t value;
        char word[16];
        int used;
        enum gc_boundary_kind kind;
        if (!*line)
            continue;
        if (sscanf(line, "%15s %" SCNu64 " %n", word, &value, &used) != 2 ||
            !boundaries_kind_read(word, strlen(word), &kind))
            return -1;
        boundaries_add(boundaries, kind, value, line + used);
    }
    return 0;
}

int workers_boundaries(const struct workers *workers, struct boundaries *boundaries)
{
    int status = 0;
    for (size_t i = 0; i < workers->count && status == 0; i++) {
        struct text_list argv = {0};
        struct child child = {0};
        text_list_take(&argv, text_format("%s", workers->items[i].path));
        text_list_take(&argv, text_format("--list-boundaries"));
        status = command_start(&argv, &child);
        while (status == 0 && !child_wait(&child, 1, 1000, WORKERS_SILENCE_NS))
            ;
        if (status != 0 || child.status != 0 || boundaries_list_read(child.output.text, boundaries) < 0)
            status = message_bad_input("stress: %s does not say what its boundaries are; build it anew",
                                       workers->items[i].path);
        child_close(&child);
    }
    return status;
}

int workers_describe(const struct worker *worker, struct child *child)
{
    struct text_list argv = {0};
    command_begin(worker, &argv);
    text_list_take(&argv, text_format("--describe"));
    if (command_start(&argv, child) < 0)
        return -1;
    while (!child_wait(child, 1, 1000, WORKERS_SILENCE_NS))
        ;
    return 0;
}

void workers_unchecked(const struct worker *worker, struct text_list *ret_lines)
{
    struct child child = {0};
    *ret_lines = (struct text_list){0};
    if (workers_describe(worker, &child) < 0)
        return;
    bool said = WIFEXITED(child.status) && WEXITSTATUS(child.status) == 0 && child.output.text;
    char *rest = said ? child.output.text : NULL;
    strsep(&rest, "\n"); /* its name */
    for (const char *line; (line = strsep(&rest, "\n"));)
        if (*line)
            text_list_take(ret_lines, text_format("%s", line));
    child_close(&child);
}

/* ---- reading ---- */

/* Reads one line of numbers. Returns false when it is cut off. */
static bool line_read(const char *text, struct line *ret_line)
{
    text = line_numbers_read(text, (uint64_t *)ret_line, LINE_COLUMN_COUNT);
    return text && strchr(text, '\n') != NULL;
}

/* Returns what a line has behind its numbers: what its program reached first, or NULL. */
static char *hits_read(const char *text)
{
    for (int column = 0; column < LINE_COLUMN_COUNT; column++)
        text = strchr(text, ' ') + 1;
    size_t length = strcspn(text, " \n");
    return length && *text != '-' ? text_format("%.*s", (int)length, text) : NULL;
}

static void lines_read(const char *text, struct worker_outcome *outcome)
{
    struct line line;
    size_t capacity = 0;
    for (; text && line_read(text, &line); text = strchr(text, '\n') + 1) {
        if (outcome->count == capacity) {
            capacity = capacity * 2 + 64;
            outcome->lines = memory_grow(outcome->lines, capacity, sizeof line);
            outcome->hits = memory_grow(outcome->hits, capacity, sizeof *outcome->hits);
        }
        outcome->hits[outcome->count] = hits_read(text);
        outcome->lines[outcome->count++] = line;
    }
}

/* The line of a finding in what a worker wrote to standard error: the last that is one. A runtime writes there, too, and
 * may write the same words. */
static char *finding_line(char *text)
{
    static const char begin[] = "finding: seed ";
    char *found = NULL;
    for (char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (strncmp(line, begin, sizeof begin - 1) == 0)
            found = line;
    return found ? found : strstr(text, begin);
}

/* Ends the text at `end`, and takes empty lines from there. */
static void lines_end(char *text, char *end)
{
    *end = '\0';
    while (end > text && end[-1] == '\n' && (end - text == 1 || end[-2] == '\n'))
        *--end = '\0';
}

/* Reads the worker's line of a finding if it is there, and leaves the rest of `text` as the detail. */
static bool finding_read(char *text, struct worker_outcome *outcome)
{
    char options[OPTIONS_TEXT_BYTES];
    int used = 0;
    char *line = finding_line(text);
    if (!line)
        return false;
    line[strcspn(line, "\n")] = '\0';
    if (sscanf(line, "finding: seed %" SCNu64 " at %" SCNu64 " options %511s kind %23[a-z-]: %n",
               &outcome->seed, &outcome->at, options, outcome->kind, &used) != 4)
        return false;
    outcome->text = text_format("%s", line + used);
    outcome->options = text_format("%s", strcmp(options, "-") == 0 ? "" : options);
    escape_clean(outcome->text);
    escape_clean(outcome->options);
    lines_end(text, line);
    return true;
}

static void kind_set(struct worker_outcome *outcome, const char *kind)
{
    strncpy(outcome->kind, kind, KIND_BYTES - 1);
}

void workers_outcome_read(const struct child *child, uint64_t first, struct worker_outcome *ret_outcome)
{
    *ret_outcome = (struct worker_outcome){.seed = first};
    lines_read(child->output.text, ret_outcome);
    if (ret_outcome->count)
        ret_outcome->seed = ret_outcome->lines[ret_outcome->count - 1].seed + 1;
    if (WIFEXITED(child->status) && WEXITSTATUS(child->status) == 0)
        return;
    ret_outcome->found = true;
    ret_outcome->detail = text_format("%s", child->error.text ? child->error.text : "");
    if (finding_read(ret_outcome->detail, ret_outcome))
        return;
    ret_outcome->options = text_format("%s", "");
    if (WIFSIGNALED(child->status)) {
        kind_set(ret_outcome, WTERMSIG(child->status) == SIGKILL ? "time-out" : "crash");
        ret_outcome->text = text_format("the worker ended by signal %d (%s)", WTERMSIG(child->status),
                                        strsignal(WTERMSIG(child->status)));
    } else {
        kind_set(ret_outcome, WEXITSTATUS(child->status) == LINE_EXIT_USAGE ? "environment" : "crash");
        ret_outcome->text = text_format("the worker ended with status %d", WEXITSTATUS(child->status));
    }
}

void workers_outcome_free(struct worker_outcome *outcome)
{
    for (size_t i = 0; i < outcome->count; i++)
        free(outcome->hits[i]);
    free(outcome->hits);
    free(outcome->lines);
    free(outcome->options);
    free(outcome->text);
    free(outcome->detail);
    *outcome = (struct worker_outcome){0};
}

size_t workers_outcome_compare(const struct worker_outcome *truth, const struct worker_outcome *outcome,
                               const char **ret_field)
{
    size_t count = truth->count < outcome->count ? truth->count : outcome->count;
    for (size_t i = 0; i < count; i++) {
        const struct line *expected = &truth->lines[i];
        const struct line *found = &outcome->lines[i];
        /* Programs that came to their end are alike, whatever failed on the way. */
        bool digests = found->digest && expected->digest;
        bool alike = digests && found->alike && expected->alike;
        bool ended = digests && !found->exhausted && !expected->exhausted;
        *ret_field = (alike || ended) && found->digest != expected->digest   ? "digest"
                     : alike && found->exhausted != expected->exhausted      ? "exhausted"
                     : found->counted && found->counted != expected->counted ? "counted"
                                                                             : NULL;
        if (*ret_field)
            return i;
    }
    return outcome->count;
}
