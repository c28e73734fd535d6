/* SPDX-License-Identifier: MIT */
#include "harness/cli/page-watch.h"

#include <math.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/process/subprocess.h"
#include "harness/report/page.h"
#include "harness/report/plot.h"
#include "harness/report/tables.h"

enum {
    WATCH_INTERVAL = 10, /* seconds from one page to the next, at least */
    WATCH_SHARE = 20, /* and at least so many times what a page takes: the run's processor is not kept busy */
    WATCH_LOOK = 1000, /* milliseconds from one look at the run's files to the next */
    WATCH_NICENESS = 19,
};

/* What changes when the run does: the size of its rows, and the time at which its manifest was written. */
struct watch_state {
    off_t rows;
    struct timespec manifest;
};

struct watch {
    const char *folder, *baseline;
    struct watch_state state; /* of the last page */
    unsigned interval;        /* seconds from that page to the next */
    bool ended;               /* as of the last page */
    bool aside;               /* this process is where it does not disturb the run */
};

/* Moves this process to where the newest session of the run has its harness. */
static void watch_go_aside(struct watch *watch, const json_t *manifest)
{
    const json_t *sessions = json_object_get(manifest, "sessions");
    const json_t *session = json_array_get(sessions, json_array_size(sessions) - 1);
    const json_t *processor = json_object_get(session, "orchestrator_processor");
    cpu_set_t set;
    if (watch->aside || !json_is_integer(processor))
        return;
    watch->aside = true;
    CPU_ZERO(&set);
    CPU_SET((int)json_integer_value(processor), &set);
    sched_setaffinity(0, sizeof(set), &set); /* one that is not there any more is no reason to end */
}

static struct stat watch_stat(const char *folder, const char *name)
{
    struct stat about = {0};
    char *path = text_format("%s/%s", folder, name);
    stat(path, &about); /* where it fails all is 0 */
    free(path);
    return about;
}

static struct watch_state watch_look(const char *folder)
{
    return (struct watch_state){watch_stat(folder, "runs.csv").st_size,
                                watch_stat(folder, "manifest.json").st_mtim};
}

static bool watch_has_changed(const struct watch *watch)
{
    struct watch_state now = watch_look(watch->folder);
    return now.rows != watch->state.rows || now.manifest.tv_sec != watch->state.manifest.tv_sec ||
           now.manifest.tv_nsec != watch->state.manifest.tv_nsec;
}

/* Returns the seconds that this process has had of a processor. */
static double watch_processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Writes the page. `begin` is when this process began with it, by its processor's time. */
static int watch_page_write(struct watch *watch, const struct run *run, double begin)
{
    struct tables tables;
    size_t *drawn = memory_new(plot_figure_count, sizeof(*drawn));
    int status = tables_make(run, watch->baseline, &tables);
    double least = ceil(WATCH_SHARE * (watch_processor_seconds() - begin));
    watch->interval = least > WATCH_INTERVAL ? (unsigned)least : WATCH_INTERVAL;
    if (status == 0)
        status = page_write(run, &tables, drawn, run->ended ? 0 : watch->interval);
    tables_fini(&tables);
    free(drawn);
    return status;
}

static void watch_say(const struct run *run)
{
    if (run->ended)
        message_say("%s/report.html: %zu processes; the run has ended, and 'gcmatrix plot' draws its charts",
                    run->store->dir, run->store->row_count);
    else
        message_say("%s/report.html: %zu processes", run->store->dir, run->store->row_count);
    fflush(stdout);
}

/* Writes the page as the run is now. */
static int watch_renew(struct watch *watch)
{
    struct run run;
    double begin = watch_processor_seconds();
    watch->state = watch_look(watch->folder);
    int status = run_open(&run, watch->folder);
    if (status != 0)
        return status;
    watch_go_aside(watch, run.store->manifest);
    status = watch_page_write(watch, &run, begin);
    watch->ended = run.ended;
    if (status == 0)
        watch_say(&run);
    run_close(&run);
    return status;
}

/* Waits until the interval has passed and the run has changed. Returns 0 or MESSAGE_INTERRUPTED. */
static int watch_wait(const struct watch *watch)
{
    int interrupted = subprocess_interrupts_wait((int)watch->interval * 1000);
    while (!interrupted && !watch_has_changed(watch))
        interrupted = subprocess_interrupts_wait(WATCH_LOOK);
    return interrupted ? MESSAGE_INTERRUPTED : 0;
}

int page_watch(const char *folder, const char *baseline)
{
    struct watch watch = {.folder = folder, .baseline = baseline};
    subprocess_interrupts_hold();
    setpriority(PRIO_PROCESS, 0, WATCH_NICENESS);
    int status = watch_renew(&watch);
    while (status == 0 && !watch.ended) {
        status = watch_wait(&watch);
        if (status == 0)
            status = watch_renew(&watch);
    }
    return status;
}
