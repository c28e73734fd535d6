/* SPDX-License-Identifier: MIT */
/* The phases of a pause follow each other from its begin to its end, and add up to it. */
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/runner/pause-log.h"
#include "tests/tap.h"

static struct pause_log pause_log;
static struct gc_mutator mutator;

static struct gc_listener *listener(void)
{
    return &pause_log.listener;
}

/* A pause with so many phases, of which each frees an object of 24 bytes more than the one before. */
static struct gc_pause pause_make(const enum gc_phase *phases, int count)
{
    struct gc_pause pause = gc_pause_begin(&mutator, GC_PAUSE_FULL);
    for (int i = 0; i < count; i++) {
        gc_phase(&mutator, phases[i]);
        mutator.account.freed_objects += (uint64_t)i + 1;
        mutator.account.freed_bytes += 24 * ((uint64_t)i + 1);
    }
    gc_pause_end(&mutator, &pause, 7);
    return pause;
}

static void start(uint64_t capacity)
{
    assert(pause_log_open(&pause_log, capacity) == 0);
    mutator = (struct gc_mutator){.observer.listener = &pause_log.listener, .clock.event_at = UINT64_MAX};
}

static void adds_up(void)
{
    static const enum gc_phase phases[] = {GC_PHASE_MARK, GC_PHASE_SWEEP, GC_PHASE_MARK};
    start(8);
    struct gc_pause pause = pause_make(phases, 3);
    const struct phase_log *log = &pause_log.phases;
    const struct phase_log_row *rows = log->rows;
    tap_equal((int64_t)log->count, 3, "each phase is kept");
    tap_ok(rows[0].begin_ns == pause.begin_ns && rows[2].end_ns == pause.end_ns,
           "the first begins with the pause, the last ends with it");
    tap_ok(rows[0].end_ns == rows[1].begin_ns && rows[1].end_ns == rows[2].begin_ns, "without a gap");
    tap_ok(rows[0].freed_objects == 1 && rows[1].freed_objects == 2 && rows[2].freed_objects == 3,
           "each has what was freed in it");
    tap_equal((int64_t)(rows[0].freed_bytes + rows[1].freed_bytes + rows[2].freed_bytes),
              (int64_t)pause.freed_bytes, "which adds up to the pause's");
    const struct phase_log_sum *mark = &log->sums[GC_PHASE_MARK], *sweep = &log->sums[GC_PHASE_SWEEP];
    tap_ok(mark->count == 2 && mark->freed_objects == 4 && sweep->count == 1, "phases of a kind are summed");
    tap_equal((int64_t)(mark->total_ns + sweep->total_ns), (int64_t)(pause.end_ns - pause.begin_ns),
              "and the sums are the pause's time, to the nanosecond");
    tap_ok(mark->max_ns <= mark->total_ns && 2 * mark->max_ns >= mark->total_ns, "with the longest");
    pause_make(phases, 1);
    tap_ok(log->count == 4 && rows[3].pause == 1 && rows[2].pause == 0, "a row names its pause");
    pause_make(phases, 0);
    tap_equal((int64_t)log->count, 4, "a pause without a phase has none");
    gc_phase(&mutator, GC_PHASE_FREE);
    tap_ok(log->count == 4 && log->sums[GC_PHASE_FREE].count == 0, "outside a pause nothing is a phase");
}

static void no_room(void)
{
    static const enum gc_phase phases[] = {GC_PHASE_GREY, GC_PHASE_SCAN};
    const struct phase_log *log = &pause_log.phases;
    start(3);
    pause_make(phases, 2);
    pause_make(phases, 2);
    tap_equal((int64_t)log->count, 2, "a pause of which a phase finds no room keeps none");
    tap_ok(phase_log_total(log) == 4 && log->sums[GC_PHASE_SCAN].count == 2, "its phases stay in the sums");
    pause_make(phases, 1);
    tap_ok(log->count == 3 && log->rows[2].pause == 2, "a later one that fits is kept");
    pause_make(phases, 0);
    tap_ok(pause_log.pauses_dropped == 1 && log->count == 3, "where there is no room for pauses, too");
}

/* As a process that runs out of memory in the midst of a collection. */
static void cut_short(void)
{
    static const enum gc_phase phases[] = {GC_PHASE_COPY};
    start(8);
    pause_make(phases, 1);
    gc_pause_begin(&mutator, GC_PAUSE_FULL);
    gc_phase(&mutator, GC_PHASE_COPY);
    gc_phase(&mutator, GC_PHASE_TRIM);
    tap_equal((int64_t)phase_log_whole(&pause_log.phases), 1,
              "the phases of a pause that never ended are left out");
}

static void nobody_listens(void)
{
    start(8);
    listener()->phase = NULL;
    static const enum gc_phase phases[] = {GC_PHASE_MARK};
    pause_make(phases, 1);
    tap_ok(pause_log.pause_count == 1 && pause_log.phases.count == 0,
           "a listener that takes no phases gets its pauses");
    mutator.observer.listener = NULL;
    pause_make(phases, 1);
    tap_equal((int64_t)pause_log.pause_count, 1, "and without a listener nothing is called");
}

static void file(void)
{
    char *path = text_scratch("test-phase-log");
    char text[256];
    close(mkstemp(path));
    start(4);
    pause_log.phases.rows[0] = (struct phase_log_row){1000, 1250, 3, 72, 5, GC_PHASE_DROP};
    pause_log.phases.count = 1;
    tap_equal(phase_log_write(&pause_log.phases, path, 900), 0, "phases are written");
    FILE *stream = fopen(path, "r");
    size_t length = stream ? fread(text, 1, sizeof text - 1, stream) : 0;
    text[length] = '\0';
    if (stream)
        fclose(stream);
    tap_same(text, "phase,pause,begin_ns,end_ns,freed_objects,freed_bytes\ndrop,5,100,350,3,72\n",
             "one line each, their times from the start of the run");
    unlink(path);
    free(path);
    tap_equal(phase_log_write(&pause_log.phases, "/nonexistent/file", 0), -1,
              "a file that cannot be is an error");
}

int main(void)
{
    adds_up();
    no_room();
    cut_short();
    nobody_listens();
    file();
    return tap_done();
}
