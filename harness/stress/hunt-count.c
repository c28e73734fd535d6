/* SPDX-License-Identifier: MIT */
/*
 * What candidates cost. A workload line is recorded first, by a process that ends when its file, its objects or its
 * time grow beyond what a candidate may take. Then work-X counts each program under both collectors: it drops what has
 * too many words, and the steps drop more. No clock decides, unless the machine stands still.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/writing.h"
#include "harness/results/records.h"
#include "harness/stress/hunt-internal.h"
#include "harness/stress/same-build.h"

enum {
    WAIT_MS = 100,
    LOOK_MS = 10,         /* at the file of a recording that goes on */
    STEPS_MAX = 20000000, /* of a candidate under the second collector; the first may take more */
    STEPS_WORSE = 25,     /* so many times as many */
    RECORDING_BYTES = HUNT_OPERATIONS_MAX * 8,             /* of a file: an operation takes some four */
    OBJECT_BYTES = HUNT_OPERATIONS_MAX * RECIPE_WORDS * 8, /* of all objects: all words of a recipe */
};
#define RECORDING_NS UINT64_C(20000000000) /* of wall time, for what takes some 20 ms */

/* What a process costs that does nothing, so that no ratio is one of two trifles. */
static const double floors[HUNT_WAYS] = {
    [HUNT_TIME] = 20000,     [HUNT_WORK] = 20000,      [HUNT_PAUSE] = 5000,
    [HUNT_MEMORY] = 1 << 18, [HUNT_GARBAGE] = 1 << 16,
};

struct hunt_counting hunt_counting_open(const struct hunt_request *request)
{
    return (struct hunt_counting){.request = request,
                                  .children = memory_new(request->jobs, sizeof(struct child))};
}

void hunt_counting_close(struct hunt_counting *counting)
{
    if (counting->folder)
        rmdir(counting->folder);
    free(counting->folder);
    free(counting->children);
    free(counting->said);
    *counting = (struct hunt_counting){0};
}

/* ---- the ratio ---- */

static double cost(enum hunt_by by, const struct work_line *line)
{
    switch (by) {
    case HUNT_PAUSE:
        return (double)line->pause_steps;
    case HUNT_MEMORY:
        return (double)line->charged_peak;
    case HUNT_GARBAGE:
        return line->samples ? (double)line->held_sum / (double)line->samples : 0;
    case HUNT_TIME:
    case HUNT_WORK:
    case HUNT_WAYS:
        break;
    }
    return (double)line->steps;
}

/* Compares the two lines of a candidate, or drops it: the program was cut, a collector took too many steps, or a line
 * is missing. */
static void compare(enum hunt_by by, struct hunt_candidate *candidate)
{
    const struct work_line *a = &candidate->lines[0];
    const struct work_line *b = &candidate->lines[1];
    if (candidate->drop != HUNT_KEPT)
        return;
    if (a->cut || b->spent || (a->spent && by != HUNT_WORK && by != HUNT_TIME))
        candidate->drop = HUNT_TOO_LARGE;
    else if (!a->steps || !b->steps)
        candidate->drop = HUNT_FAILED;
    else
        candidate->ratio = (cost(by, a) + floors[by]) / (cost(by, b) + floors[by]);
}

/* ---- tasks, several at a time ---- */

/* What is done for each candidate in turn. A task that has nothing to do starts no process. */
struct task_kind {
    size_t tasks; /* of each candidate */
    int (*start)(struct hunt_counting *counting, struct hunt_candidate *candidate, size_t place, size_t task,
                 struct child *child);
    void (*look)(struct hunt_counting *counting, struct hunt_candidate *candidate, size_t place,
                 const struct child *child); /* while it runs; or NULL */
    int (*take)(struct hunt_counting *counting, struct hunt_candidate *candidate, size_t task,
                const struct child *child);
};

struct turn {
    size_t next, done;
    size_t *running; /* by job: its task */
};

static int tasks_start(struct hunt_counting *counting, const struct task_kind *kind,
                       struct hunt_candidate *candidates, size_t tasks, struct turn *turn)
{
    int status = 0;
    for (size_t job = 0; job < counting->request->jobs; job++)
        while (!counting->children[job].pid && turn->next < tasks && status == 0) {
            size_t task = turn->running[job] = turn->next++, place = task / kind->tasks;
            status = kind->start(counting, &candidates[place], place, task % kind->tasks,
                                 &counting->children[job]);
            turn->done += !counting->children[job].pid;
        }
    return status;
}

static void tasks_look(struct hunt_counting *counting, const struct task_kind *kind,
                       struct hunt_candidate *candidates, const struct turn *turn)
{
    for (size_t job = 0; job < counting->request->jobs && kind->look; job++) {
        size_t place = turn->running[job] / kind->tasks;
        if (counting->children[job].pid)
            kind->look(counting, &candidates[place], place, &counting->children[job]);
    }
}

static int tasks_run(struct hunt_counting *counting, const struct task_kind *kind,
                     struct hunt_candidate *candidates, size_t count)
{
    size_t jobs = counting->request->jobs, tasks = count * kind->tasks;
    struct turn turn = {.running = memory_new(jobs, sizeof *turn.running)};
    int status = 0;
    while (turn.done < tasks && status == 0 && !watch_interrupted()) {
        status = tasks_start(counting, kind, candidates, tasks, &turn);
        if (status != 0 || turn.done == tasks)
            break;
        struct child *child =
            child_wait(counting->children, jobs, kind->look ? LOOK_MS : WAIT_MS, WORKERS_SILENCE_NS);
        tasks_look(counting, kind, candidates, &turn);
        if (!child)
            continue;
        size_t task = turn.running[child - counting->children];
        status = kind->take(counting, &candidates[task / kind->tasks], task % kind->tasks, child);
        child_close(child);
        turn.done++;
    }
    for (size_t job = 0; job < jobs; job++)
        child_close(&counting->children[job]);
    free(turn.running);
    return status;
}

/* ---- recording ---- */

static char *recording_folder(const struct hunt_counting *counting, size_t place)
{
    return text_format("%s/%zu", counting->folder, place);
}

static char *recording_path(const struct hunt_counting *counting, size_t place)
{
    return text_format("%s/%zu/program.gcp", counting->folder, place);
}

static int folder_make(struct hunt_counting *counting)
{
    if (counting->folder)
        return 0;
    counting->folder = text_scratch("gcmatrix");
    if (mkdtemp(counting->folder))
        return 0;
    int status = message_storage("hunt: %s: %s", counting->folder, strerror(errno));
    free(counting->folder);
    counting->folder = NULL;
    return status;
}

static int recording_start(struct hunt_counting *counting, struct hunt_candidate *candidate, size_t place,
                           size_t task, struct child *child)
{
    const struct hunt_request *request = counting->request;
    struct text_list argv = {0};
    (void)task;
    if (candidate->form != HUNT_WORKLOAD)
        return 0;
    int status = folder_make(counting);
    char *folder = status == 0 ? recording_folder(counting, place) : NULL;
    if (status == 0 && mkdir(folder, 0700) != 0)
        status = message_storage("hunt: %s: %s", folder, strerror(errno));
    if (status == 0) {
        char *options = workload_line_options(&candidate->workload);
        char *file = recording_path(counting, place);
        request->record(request->record_context, candidate->workload.kind, options, file, OBJECT_BYTES,
                        &argv);
        if (child_start(child, argv.items) != 0)
            status = message_bad_input("%s cannot be started: %s", argv.items[0], strerror(errno));
        free(options);
        free(file);
    }
    text_list_free(&argv);
    free(folder);
    return status;
}

/* The bytes of the files in a folder. */
static off_t folder_bytes(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    struct stat about;
    off_t bytes = 0;
    while (folder && (entry = readdir(folder)))
        if (fstatat(dirfd(folder), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(about.st_mode))
            bytes += about.st_size;
    if (folder)
        closedir(folder);
    return bytes;
}

/* Ends a recording that is too large, or that takes too long. It says nothing before its end. */
static void recording_look(struct hunt_counting *counting, struct hunt_candidate *candidate, size_t place,
                           const struct child *child)
{
    char *folder = recording_folder(counting, place);
    bool is_late = watch_clock() - child->heard_ns > RECORDING_NS;
    if (is_late || folder_bytes(folder) > RECORDING_BYTES) {
        candidate->drop = HUNT_TOO_LARGE;
        kill(child->pid, SIGKILL);
    }
    free(folder);
}

/* ---- what a process said at its end ---- */

/* A pair ends with the reason. work-X begins with it, and its usage follows. */
enum reason_place { REASON_FIRST, REASON_LAST };

/* The line of a process that says why it ended, or NULL where it said nothing. The caller frees it. */
static char *reason_find(const struct child *child, enum reason_place place)
{
    const char *text = child->error.text ? child->error.text : "", *found = NULL;
    size_t length = 0;
    for (size_t bytes; *text; text += bytes + (text[bytes] == '\n')) {
        bytes = strcspn(text, "\n");
        if (bytes && (!found || place == REASON_LAST)) {
            found = text;
            length = bytes;
        }
    }
    return found ? text_format("%.*s", (int)length, found) : NULL;
}

static void reason_keep(struct hunt_counting *counting, const struct child *child, enum reason_place place)
{
    free(counting->said);
    counting->said = reason_find(child, place);
}

static int exit_code(const struct child *child)
{
    return WIFEXITED(child->status) ? WEXITSTATUS(child->status) : -1;
}

/* Of an executable that is gone, which would fail for each candidate. */
static int unstarted(const struct hunt_counting *counting)
{
    return message_bad_input("hunt: %s: it cannot be started: build it again",
                             counting->said ? counting->said : "a process");
}

static int recording_take(struct hunt_counting *counting, struct hunt_candidate *candidate, size_t task,
                          const struct child *child)
{
    int code = exit_code(child);
    (void)task;
    if (code == 0 || candidate->drop != HUNT_KEPT)
        return 0;
    reason_keep(counting, child, REASON_LAST);
    if (code == CHILD_EXIT_UNSTARTED)
        return unstarted(counting);
    if (code == RECORDS_EXIT_STORAGE)
        return message_storage("hunt: a recording: %s",
                               counting->said ? counting->said : "it was not written");
    if (code == RECORDS_EXIT_OOM)
        candidate->drop = HUNT_TOO_LARGE;
    else
        candidate->drop = code == MESSAGE_BAD_INPUT ? HUNT_REFUSED : HUNT_FAILED;
    return 0;
}

static const struct task_kind recording = {
    .tasks = 1, .start = recording_start, .look = recording_look, .take = recording_take};

/* Drops what has become too large since the last look. */
static void recordings_weigh(struct hunt_counting *counting, struct hunt_candidate *candidates, size_t count)
{
    struct stat about;
    for (size_t i = 0; i < count; i++) {
        if (candidates[i].form != HUNT_WORKLOAD || candidates[i].drop != HUNT_KEPT || !counting->folder)
            continue;
        char *path = recording_path(counting, i);
        if (stat(path, &about) == 0 && about.st_size > RECORDING_BYTES)
            candidates[i].drop = HUNT_TOO_LARGE;
        free(path);
    }
}

static void recordings_remove(const struct hunt_counting *counting, size_t count)
{
    for (size_t i = 0; i < count && counting->folder; i++) {
        char *folder = recording_folder(counting, i);
        writing_folder_remove(folder);
        free(folder);
    }
}

/* ---- counting ---- */

static int count_start(struct hunt_counting *counting, struct hunt_candidate *candidate, size_t place,
                       size_t side, struct child *child)
{
    char text[RECIPE_TEXT_BYTES];
    const struct hunt_side *on = &counting->request->sides[side];
    char *file = candidate->form == HUNT_WORKLOAD ? recording_path(counting, place) : NULL;
    struct work_task task = {.file = file,
                             .options = on->options,
                             .most = side == 0 ? STEPS_MAX * STEPS_WORSE : STEPS_MAX,
                             .operations = HUNT_OPERATIONS_MAX,
                             .sizes = {candidate->n},
                             .size_count = 1};
    if (!file) {
        recipe_print(&candidate->recipe, text);
        task.recipe = text;
    }
    int status = candidate->drop == HUNT_KEPT ? work_start(on->worker, &task, child) : 0;
    free(file);
    return status;
}

static int count_take(struct hunt_counting *counting, struct hunt_candidate *candidate, size_t side,
                      const struct child *child)
{
    struct work_line *line = &candidate->lines[side];
    if (child->output.text && work_line_read(child->output.text, line))
        return 0;
    *line = (struct work_line){0};
    reason_keep(counting, child, REASON_FIRST);
    return exit_code(child) == CHILD_EXIT_UNSTARTED ? unstarted(counting) : 0;
}

static const struct task_kind count_kind = {.tasks = HUNT_SIDES, .start = count_start, .take = count_take};

int hunt_candidates_count(struct hunt_counting *counting, struct hunt_candidate *candidates, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        candidates[i].drop = HUNT_KEPT;
        candidates[i].ratio = 0;
        memset(candidates[i].lines, 0, sizeof candidates[i].lines);
    }
    int status = tasks_run(counting, &recording, candidates, count);
    recordings_weigh(counting, candidates, count);
    if (status == 0)
        status = tasks_run(counting, &count_kind, candidates, count);
    recordings_remove(counting, count);
    for (size_t i = 0; i < count && !watch_interrupted(); i++)
        compare(counting->request->by, &candidates[i]);
    return status;
}

/* ---- one candidate, and what a side says of its options ---- */

int hunt_count(const struct hunt_request *request, struct hunt_candidate *candidate, char **ret_said)
{
    struct hunt_counting counting = hunt_counting_open(request);
    struct watch watch;
    watch_begin(&watch);
    int status = hunt_candidates_count(&counting, candidate, 1);
    *ret_said = counting.said;
    counting.said = NULL;
    hunt_counting_close(&counting);
    if (status == 0 && watch_interrupted())
        status = MESSAGE_INTERRUPTED;
    watch_end(&watch);
    return status;
}

int hunt_side_check(const struct hunt_side *side)
{
    struct work_task task = {.recipe = "leaf",
                             .options = side->options,
                             .most = STEPS_MAX,
                             .operations = HUNT_OPERATIONS_MAX,
                             .sizes = {1},
                             .size_count = 1};
    struct child child = {0};
    char *path = work_path(side->worker);
    int status = same_build_check("hunt", path);
    free(path);
    if (status == 0)
        status = work_start(side->worker, &task, &child);
    if (status != 0)
        return status;
    work_await(&child);
    char *said = reason_find(&child, REASON_FIRST);
    if (exit_code(&child) != 0)
        status =
            said ? message_bad_input("hunt: %s", said)
                 : message_bad_input("hunt: work-%s failed, and did not say why", side->worker->collector);
    free(said);
    child_close(&child);
    return status;
}
