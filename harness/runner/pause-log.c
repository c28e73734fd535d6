/* SPDX-License-Identifier: MIT */
#include "harness/runner/pause-log.h"

#include "base/quantile.h"
#include "harness/results/events.h"
#include "harness/results/timelines.h"
#include "harness/runner/resources.h"

static struct recorder *recorder_of(struct gc_listener *listener)
{
    return (struct recorder *)listener;
}

static void sum_add(struct recorder_sum *sum, const struct gc_pause *pause)
{
    uint64_t length = pause->end_ns - pause->begin_ns;
    sum->count++;
    sum->total_ns += length;
    sum->max_ns = length > sum->max_ns ? length : sum->max_ns;
    sum->visited_objects += pause->visited_objects;
    sum->freed_objects += pause->freed_objects;
}

static void on_pause(struct gc_listener *listener, const struct gc_pause *pause)
{
    struct recorder *recorder = recorder_of(listener);
    sum_add(pause->kind == GC_PAUSE_CASCADE ? &recorder->cascades : &recorder->collections, pause);
    recorder->slices += pause->kind == GC_PAUSE_SLICE;
    if (recorder->pause_count < recorder->pause_capacity)
        recorder->pauses[recorder->pause_count++] = *pause;
    else
        recorder->pauses_dropped++;
}

/* Every second sample goes, and as many bytes again pass before the next: the buffer spans any run at an even
 * density. */
static void samples_thin(struct recorder *recorder)
{
    uint64_t kept = 0;
    for (uint64_t i = 0; i < recorder->sample_count; i += 2)
        recorder->samples[kept++] = recorder->samples[i];
    recorder->sample_count = kept;
    recorder->sample_interval *= 2;
}

void recorder_sample_now(struct recorder *recorder, const struct gc_mutator *mutator)
{
    uint64_t begin = gc_clock();
    if (recorder->sample_count == RECORDER_SAMPLES)
        samples_thin(recorder);
    recorder->samples[recorder->sample_count++] = (struct recorder_sample){
        .time_ns = begin,
        .allocated_bytes = mutator->allocated_bytes,
        .heap_bytes = gc_held_bytes(mutator),
        .rss_bytes = process_rss_bytes(),
    };
    recorder->samples_taken++;
    recorder->sampling_ns += gc_clock() - begin;
}

static uint64_t on_sample(struct gc_listener *listener, const struct gc_mutator *mutator)
{
    recorder_sample_now(recorder_of(listener), mutator);
    return mutator->allocated_bytes + recorder_of(listener)->sample_interval;
}

int recorder_open(struct recorder *recorder, uint64_t pause_capacity)
{
    *recorder = (struct recorder){
        .listener = {.pause = on_pause, .sample = on_sample},
        .pauses = process_map_touched(pause_capacity * sizeof *recorder->pauses),
        .pause_capacity = pause_capacity,
        .samples = process_map_touched(RECORDER_SAMPLES * sizeof *recorder->samples),
        .sample_interval = RECORDER_FIRST_INTERVAL,
    };
    return recorder->pauses && recorder->samples ? 0 : -1;
}

int recorder_write_events(const struct recorder *recorder, const char *path, uint64_t start_ns)
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
    for (uint64_t i = 0; i < recorder->pause_count; i++) {
        const struct gc_pause *pause = &recorder->pauses[i];
        events_add(file, &(struct event){
                             .kind = kinds[pause->kind],
                             .begin_ns = (int64_t)(pause->begin_ns - start_ns),
                             .end_ns = (int64_t)(pause->end_ns - start_ns),
                             .visited_objects = (int64_t)pause->visited_objects,
                             .freed_objects = (int64_t)pause->freed_objects,
                             .freed_bytes = (int64_t)pause->freed_bytes,
                         });
    }
    return events_finish(file);
}

int recorder_write_timeline(const struct recorder *recorder, const char *path, uint64_t start_ns)
{
    FILE *file = timelines_create(path);
    if (!file)
        return -1;
    for (uint64_t i = 0; i < recorder->sample_count; i++) {
        const struct recorder_sample *sample = &recorder->samples[i];
        timelines_add(file, &(struct timeline_point){
                                .time_ns = (int64_t)(sample->time_ns - start_ns),
                                .allocated_bytes = (int64_t)sample->allocated_bytes,
                                .heap_bytes = (int64_t)sample->heap_bytes,
                                .rss_bytes = (int64_t)sample->rss_bytes,
                            });
    }
    return timelines_finish(file);
}

struct recorder_lengths recorder_lengths_sorted(const struct recorder *recorder, bool with_cascades)
{
    struct recorder_lengths lengths = {0};
    if (recorder->pause_count == 0)
        return lengths;
    lengths.sorted_ns = process_map_touched(recorder->pause_count * sizeof *lengths.sorted_ns);
    for (uint64_t i = 0; lengths.sorted_ns && i < recorder->pause_count; i++) {
        const struct gc_pause *pause = &recorder->pauses[i];
        if (with_cascades || pause->kind != GC_PAUSE_CASCADE)
            lengths.sorted_ns[lengths.count++] = (int64_t)(pause->end_ns - pause->begin_ns);
    }
    quantile_sort_ns(lengths.sorted_ns, lengths.count);
    return lengths;
}
