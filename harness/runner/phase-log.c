/* SPDX-License-Identifier: MIT */
#include "harness/runner/phase-log.h"

#include "harness/results/phases.h"

void phase_log_pause_begin(struct phase_log *log, uint64_t begin_ns, uint64_t place, bool kept)
{
    log->in_pause = true;
    log->in_phase = false;
    log->short_of_room = !kept;
    log->first = log->count;
    log->open.begin_ns = begin_ns;
    log->open.pause = (uint32_t)place;
    log->freed_objects = 0;
    log->freed_bytes = 0;
}

static void sum_add(struct phase_log_sum *sum, const struct phase_log_row *row)
{
    uint64_t length = row->end_ns - row->begin_ns;
    sum->count++;
    sum->total_ns += length;
    sum->max_ns = length > sum->max_ns ? length : sum->max_ns;
    sum->freed_objects += row->freed_objects;
    sum->freed_bytes += row->freed_bytes;
}

/* Ends the phase under way, in which so much was freed. */
static void phase_close(struct phase_log *log, uint64_t end_ns, uint64_t freed_objects, uint64_t freed_bytes)
{
    struct phase_log_row row = log->open;
    row.end_ns = end_ns;
    row.freed_objects = freed_objects;
    row.freed_bytes = freed_bytes;
    log->freed_objects += freed_objects;
    log->freed_bytes += freed_bytes;
    sum_add(&log->sums[row.phase], &row);
    if (log->count == log->capacity)
        log->short_of_room = true;
    if (!log->short_of_room)
        log->rows[log->count++] = row;
}

void phase_log_phase(struct phase_log *log, const struct gc_mutator *mutator, enum gc_phase phase)
{
    const struct gc_account *account = &mutator->account;
    if (!log->in_pause)
        return;
    if (log->in_phase) {
        uint64_t now_ns = gc_clock();
        phase_close(log, now_ns, account->freed_objects - log->open.freed_objects,
                    account->freed_bytes - log->open.freed_bytes);
        log->open.begin_ns = now_ns;
    }
    log->open.phase = phase;
    log->open.freed_objects = account->freed_objects;
    log->open.freed_bytes = account->freed_bytes;
    log->in_phase = true;
}

void phase_log_pause_end(struct phase_log *log, const struct gc_pause *pause)
{
    if (log->in_phase)
        phase_close(log, pause->end_ns, pause->freed_objects - log->freed_objects,
                    pause->freed_bytes - log->freed_bytes);
    if (log->short_of_room)
        log->count = log->first;
    log->in_pause = false;
    log->in_phase = false;
}

uint64_t phase_log_whole(const struct phase_log *log)
{
    return log->in_pause ? log->first : log->count;
}

uint64_t phase_log_total(const struct phase_log *log)
{
    uint64_t total = 0;
    for (int phase = 0; phase < GC_PHASE_KINDS; phase++)
        total += log->sums[phase].count;
    return total;
}

int phase_log_write(const struct phase_log *log, const char *path, uint64_t start_ns)
{
    FILE *file = phases_create(path);
    if (!file)
        return -1;
    uint64_t whole = phase_log_whole(log);
    for (uint64_t i = 0; i < whole; i++) {
        const struct phase_log_row *row = &log->rows[i];
        phases_add(file, &(struct phase_row){
                             .phase = row->phase,
                             .pause = row->pause,
                             .begin_ns = (int64_t)(row->begin_ns - start_ns),
                             .end_ns = (int64_t)(row->end_ns - start_ns),
                             .freed_objects = (int64_t)row->freed_objects,
                             .freed_bytes = (int64_t)row->freed_bytes,
                         });
    }
    return phases_finish(file);
}
