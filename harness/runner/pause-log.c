/* SPDX-License-Identifier: MIT */
#include "harness/runner/pause-log.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

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

static const char *kind_name(enum gc_pause_kind kind)
{
    static const char *const names[] = {[GC_PAUSE_FULL] = "full",
                                        [GC_PAUSE_YOUNG] = "young",
                                        [GC_PAUSE_SLICE] = "slice",
                                        [GC_PAUSE_CASCADE] = "cascade"};
    return names[kind];
}

/* Closes a stream that was written to: -1 when any of it did not reach the file. */
static int stream_finish(FILE *stream)
{
    bool failed = ferror(stream);
    return fclose(stream) == 0 && !failed ? 0 : -1;
}

int recorder_write_events(const struct recorder *recorder, const char *path, uint64_t start_ns)
{
    FILE *stream = fopen(path, "w");
    if (!stream)
        return -1;
    fputs("kind,begin_ns,end_ns,visited_objects,freed_objects,freed_bytes\n", stream);
    for (uint64_t i = 0; i < recorder->pause_count; i++) {
        const struct gc_pause *pause = &recorder->pauses[i];
        fprintf(stream, "%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n",
                kind_name(pause->kind), pause->begin_ns - start_ns, pause->end_ns - start_ns,
                pause->visited_objects, pause->freed_objects, pause->freed_bytes);
    }
    return stream_finish(stream);
}

int recorder_write_timeline(const struct recorder *recorder, const char *path, uint64_t start_ns)
{
    FILE *stream = fopen(path, "w");
    if (!stream)
        return -1;
    fputs("time_ns,allocated_bytes,heap_bytes,rss_bytes\n", stream);
    for (uint64_t i = 0; i < recorder->sample_count; i++) {
        const struct recorder_sample *sample = &recorder->samples[i];
        fprintf(stream, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", sample->time_ns - start_ns,
                sample->allocated_bytes, sample->heap_bytes, sample->rss_bytes);
    }
    return stream_finish(stream);
}

static int compare_lengths(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
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
            lengths.sorted_ns[lengths.count++] = pause->end_ns - pause->begin_ns;
    }
    if (lengths.count > 0)
        qsort(lengths.sorted_ns, lengths.count, sizeof *lengths.sorted_ns, compare_lengths);
    return lengths;
}

uint64_t recorder_quantile(const struct recorder_lengths *lengths, double quantile)
{
    double rank = ceil(quantile * (double)lengths->count);
    return lengths->sorted_ns[rank < 1 ? 0 : (uint64_t)rank - 1];
}
