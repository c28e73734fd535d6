/* SPDX-License-Identifier: MIT */
#include "harness/runner/pause-log.h"

#include "base/quantile.h"
#include "harness/results/events.h"
#include "harness/results/timelines.h"
#include "harness/runner/resources.h"

static struct pause_log *log_of(struct gc_listener *listener)
{
    return (struct pause_log *)listener;
}

static void sum_add(struct pause_log_sum *sum, const struct gc_pause *pause)
{
    uint64_t length = pause->end_ns - pause->begin_ns;
    sum->count++;
    sum->total_ns += length;
    sum->max_ns = length > sum->max_ns ? length : sum->max_ns;
    sum->visited_objects += pause->visited_objects;
    sum->freed_objects += pause->freed_objects;
}

static void kernel_read(struct kernel_account *kernel, uint64_t now_ns)
{
    struct resources_usage usage = resources_usage_now();
    kernel_account_add(kernel, now_ns, &usage);
}

/* The time, after the kernel's account if that is due. A pause begins after the reading: what that costs is the
 * mutator's. */
static uint64_t begin_read(struct kernel_account *kernel)
{
    uint64_t now_ns = gc_clock();
    if (!kernel_account_due(kernel, now_ns))
        return now_ns;
    kernel_read(kernel, now_ns);
    kernel->read_at_ns = gc_clock();
    return kernel->read_at_ns;
}

static uint64_t on_begin(struct gc_listener *listener)
{
    struct pause_log *log = log_of(listener);
    uint64_t begin_ns = begin_read(&log->kernel);
    phase_log_pause_begin(&log->phases, begin_ns, log->pause_count, log->pause_count < log->pause_capacity);
    return begin_ns;
}

static void on_phase(struct gc_listener *listener, const struct gc_mutator *mutator, enum gc_phase phase)
{
    phase_log_phase(&log_of(listener)->phases, mutator, phase);
}

static void on_pause(struct gc_listener *listener, const struct gc_pause *pause)
{
    struct pause_log *log = log_of(listener);
    kernel_account_pause(
        &log->kernel, pause->kind == GC_PAUSE_CASCADE ? KERNEL_ACCOUNT_CASCADES : KERNEL_ACCOUNT_COLLECTING,
        pause->end_ns - pause->begin_ns);
    if (kernel_account_due(&log->kernel, pause->end_ns))
        kernel_read(&log->kernel, pause->end_ns);
    phase_log_pause_end(&log->phases, pause);
    sum_add(pause->kind == GC_PAUSE_CASCADE ? &log->cascades : &log->collections, pause);
    log->slices += pause->kind == GC_PAUSE_SLICE;
    if (log->pause_count < log->pause_capacity)
        log->pauses[log->pause_count++] = *pause;
    else
        log->pauses_dropped++;
}

/* Drops every second sample and doubles the interval. So the buffer spans any workload at an even density. */
static void samples_thin(struct pause_log *log)
{
    uint64_t kept = 0;
    for (uint64_t i = 0; i < log->sample_count; i += 2)
        log->samples[kept++] = log->samples[i];
    log->sample_count = kept;
    log->sample_interval *= 2;
}

/* The resident size, as read now, or as read less than PAUSE_LOG_RSS_NS ago. */
static uint64_t resident(struct pause_log *log, uint64_t now_ns)
{
    if (now_ns - log->rss_read_ns >= PAUSE_LOG_RSS_NS) {
        log->rss_bytes = resources_rss_bytes();
        log->rss_read_ns = now_ns;
    }
    return log->rss_bytes;
}

static void sample_take(struct pause_log *log, const struct gc_mutator *mutator)
{
    uint64_t begin = gc_clock();
    if (log->sample_count == PAUSE_LOG_SAMPLES)
        samples_thin(log);
    log->samples[log->sample_count++] = (struct pause_log_sample){
        .time_ns = begin,
        .allocated_bytes = mutator->clock.allocated_bytes,
        .heap_bytes = gc_held_bytes(mutator),
        .rss_bytes = resident(log, begin),
    };
    log->samples_taken++;
    log->sampling_ns += gc_clock() - begin;
}

void pause_log_sample_now(struct pause_log *log, const struct gc_mutator *mutator)
{
    log->rss_read_ns = 0;
    sample_take(log, mutator);
}

static uint64_t on_sample(struct gc_listener *listener, const struct gc_mutator *mutator)
{
    sample_take(log_of(listener), mutator);
    return mutator->clock.allocated_bytes + log_of(listener)->sample_interval;
}

int pause_log_open(struct pause_log *log, uint64_t pause_capacity)
{
    *log = (struct pause_log){
        .listener = {.begin = on_begin, .pause = on_pause, .phase = on_phase, .sample = on_sample},
        .pauses = resources_map_touched(pause_capacity * sizeof *log->pauses),
        .pause_capacity = pause_capacity,
        .phases = {.rows = resources_map_touched(pause_capacity * sizeof *log->phases.rows),
                   .capacity = pause_capacity},
        .samples = resources_map_touched(PAUSE_LOG_SAMPLES * sizeof *log->samples),
        .sample_interval = PAUSE_LOG_FIRST_INTERVAL,
    };
    return log->pauses && log->phases.rows && log->samples ? 0 : -1;
}

int pause_log_write_events(const struct pause_log *log, const char *path, uint64_t start_ns)
{
    static const enum event_kind kinds[] = {
        [GC_PAUSE_FULL] = EVENT_FULL,
        [GC_PAUSE_YOUNG] = EVENT_YOUNG,
        [GC_PAUSE_SLICE] = EVENT_SLICE,
        [GC_PAUSE_CASCADE] = EVENT_CASCADE,
    };
    FILE *file = events_create(path);
    if (!file)
        return -1;
    for (uint64_t i = 0; i < log->pause_count; i++) {
        const struct gc_pause *pause = &log->pauses[i];
        events_add(file, &(struct event){
                             .kind = kinds[pause->kind],
                             .begin_ns = (int64_t)(pause->begin_ns - start_ns),
                             .end_ns = (int64_t)(pause->end_ns - start_ns),
                             .visited_objects = (int64_t)pause->visited_objects,
                             .freed_objects = (int64_t)pause->freed_objects,
                             .freed_bytes = (int64_t)pause->freed_bytes,
                             .reason = pause->reason,
                         });
    }
    return events_finish(file);
}

int pause_log_write_timeline(const struct pause_log *log, const char *path, uint64_t start_ns)
{
    FILE *file = timelines_create(path);
    if (!file)
        return -1;
    for (uint64_t i = 0; i < log->sample_count; i++) {
        const struct pause_log_sample *sample = &log->samples[i];
        timelines_add(file, &(struct timeline_point){
                                .time_ns = (int64_t)(sample->time_ns - start_ns),
                                .allocated_bytes = (int64_t)sample->allocated_bytes,
                                .heap_bytes = (int64_t)sample->heap_bytes,
                                .rss_bytes = (int64_t)sample->rss_bytes,
                            });
    }
    return timelines_finish(file);
}

struct pause_log_lengths pause_log_lengths_sorted(const struct pause_log *log, bool with_cascades)
{
    struct pause_log_lengths lengths = {0};
    if (log->pause_count == 0)
        return lengths;
    lengths.sorted_ns = resources_map_touched(log->pause_count * sizeof *lengths.sorted_ns);
    for (uint64_t i = 0; lengths.sorted_ns && i < log->pause_count; i++) {
        const struct gc_pause *pause = &log->pauses[i];
        if (with_cascades || pause->kind != GC_PAUSE_CASCADE)
            lengths.sorted_ns[lengths.count++] = (int64_t)(pause->end_ns - pause->begin_ns);
    }
    quantile_sort_ns(lengths.sorted_ns, lengths.count);
    return lengths;
}
