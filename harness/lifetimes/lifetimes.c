/* SPDX-License-Identifier: MIT */
#include "harness/lifetimes/lifetimes.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/quantile.h"

uint64_t lifetimes_time(const struct lifetimes_tick *ticks, size_t count, uint64_t clock)
{
    size_t low = 0, high = count;
    while (low < high) { /* looks for the first tick past `clock` */
        size_t middle = low + (high - low) / 2;
        if (ticks[middle].clock > clock)
            high = middle;
        else
            low = middle + 1;
    }
    if (low == 0)
        return ticks[0].time_ns;
    if (low == count)
        return ticks[count - 1].time_ns;
    const struct lifetimes_tick *before = &ticks[low - 1], *after = &ticks[low];
    double share = (double)(clock - before->clock) / (double)(after->clock - before->clock);
    return before->time_ns + (uint64_t)(share * (double)(after->time_ns - before->time_ns));
}

static bool is_of(const struct lifetimes_object *object, enum lifetimes_class kind)
{
    return kind == LIFETIMES_ALL || object->cyclic == (kind == LIFETIMES_CYCLIC);
}

/* ---- lengths ---- */

enum length { DELAY_OPS, DELAY_BYTES, DELAY_NS, DRAG_OPS, DRAG_BYTES };

static uint64_t ns_between(const struct lifetimes_input *input, uint64_t from, uint64_t to)
{
    if (input->tick_count == 0)
        return 0;
    return lifetimes_time(input->ticks, input->tick_count, to) -
           lifetimes_time(input->ticks, input->tick_count, from);
}

static uint64_t length_of(const struct lifetimes_input *input, const struct lifetimes_object *object,
                          enum length length)
{
    switch (length) {
    case DELAY_OPS:
        return object->freed.op - object->death.op;
    case DELAY_BYTES:
        return object->freed.clock - object->death.clock;
    case DELAY_NS:
        return ns_between(input, object->death.clock, object->freed.clock);
    case DRAG_OPS:
        return object->death.op - object->last_use.op;
    case DRAG_BYTES:
        break;
    }
    return object->death.clock - object->last_use.clock;
}

/* Lengths are below 2^53, so that a double holds each of them exactly. */
static struct lifetimes_spread spread_of(const struct lifetimes_input *input, enum lifetimes_class kind,
                                         enum length length, double *room)
{
    struct lifetimes_spread spread = {0};
    size_t count = 0;
    for (size_t i = 0; i < input->count; i++) {
        const struct lifetimes_object *object = &input->objects[i];
        if (!is_of(object, kind) || (length <= DELAY_NS && !object->was_freed))
            continue;
        uint64_t one = length_of(input, object, length);
        spread.max = one > spread.max ? one : spread.max;
        spread.mean += (double)one;
        room[count++] = (double)one;
    }
    if (count == 0)
        return spread;
    spread.mean /= (double)count;
    spread.p50 = (uint64_t)quantile_rank_by_selection(room, count, 0.5);
    spread.p90 = (uint64_t)quantile_rank_by_selection(room, count, 0.9);
    spread.p99 = (uint64_t)quantile_rank_by_selection(room, count, 0.99);
    return spread;
}

/* ---- sums ---- */

static void object_add(const struct lifetimes_input *input, const struct lifetimes_object *object,
                       struct lifetimes_figures *figures)
{
    uint64_t until = object->was_freed ? object->freed.clock : input->end.clock;
    figures->died_objects++;
    figures->died_bytes += object->bytes;
    figures->freed_objects += object->was_freed;
    figures->freed_bytes += object->was_freed ? object->bytes : 0;
    figures->final_objects += !object->was_freed;
    figures->final_bytes += object->was_freed ? 0 : object->bytes;
    figures->leaked_objects += object->leaked;
    figures->leaked_bytes += object->leaked ? object->bytes : 0;
    figures->byte_bytes += (double)object->bytes * (double)(until - object->death.clock);
    figures->byte_seconds +=
        (double)object->bytes * (double)ns_between(input, object->death.clock, until) / 1e9;
    figures->drag_byte_bytes +=
        (double)object->bytes * (double)(object->death.clock - object->last_use.clock);
}

/* ---- over time ---- */

/* Fills in the bytes that each operation adds to the garbage of a class, and takes from it. An object that is
 * freed at once is never in it. */
static void changes_fill(const struct lifetimes_input *input, enum lifetimes_class kind, int64_t *changes)
{
    for (uint64_t op = 0; op <= input->end.op; op++)
        changes[op] = 0;
    for (size_t i = 0; i < input->count; i++) {
        const struct lifetimes_object *object = &input->objects[i];
        if (!is_of(object, kind))
            continue;
        changes[object->death.op] += (int64_t)object->bytes;
        if (object->was_freed)
            changes[object->freed.op] -= (int64_t)object->bytes;
    }
}

static void peak_find(const struct lifetimes_input *input, const int64_t *changes,
                      struct lifetimes_figures *figures)
{
    uint64_t floating = 0;
    for (uint64_t op = 0; op < input->end.op; op++) {
        floating += (uint64_t)changes[op];
        if (floating > figures->peak_bytes) {
            figures->peak_bytes = floating;
            figures->peak_op = op;
        }
    }
}

int lifetimes_compute(const struct lifetimes_input *input,
                      struct lifetimes_figures ret_figures[static LIFETIMES_CLASSES])
{
    double *room = calloc(input->count + 1, sizeof *room);
    int64_t *changes = calloc(input->end.op + 1, sizeof *changes);
    for (enum lifetimes_class kind = 0; room && changes && kind < LIFETIMES_CLASSES; kind++) {
        struct lifetimes_figures *figures = &ret_figures[kind];
        *figures = (struct lifetimes_figures){0};
        for (size_t i = 0; i < input->count; i++) {
            if (is_of(&input->objects[i], kind))
                object_add(input, &input->objects[i], figures);
        }
        if (input->tick_count == 0)
            figures->byte_seconds = NAN;
        figures->average_bytes = input->end.clock ? figures->byte_bytes / (double)input->end.clock : 0;
        changes_fill(input, kind, changes);
        peak_find(input, changes, figures);
        figures->delay_ops = spread_of(input, kind, DELAY_OPS, room);
        figures->delay_bytes = spread_of(input, kind, DELAY_BYTES, room);
        figures->delay_ns = spread_of(input, kind, DELAY_NS, room);
        figures->drag_ops = spread_of(input, kind, DRAG_OPS, room);
        figures->drag_bytes = spread_of(input, kind, DRAG_BYTES, room);
    }
    bool failed = !room || !changes;
    free(room);
    free(changes);
    return failed ? -ENOMEM : 0;
}

int lifetimes_series(const struct lifetimes_input *input, const uint64_t *clock, size_t count,
                     struct lifetimes_sample *ret_samples)
{
    int64_t *changes = calloc(input->end.op + 1, sizeof *changes);
    for (enum lifetimes_class kind = 0; changes && kind < LIFETIMES_CLASSES; kind++) {
        uint64_t floating = 0, op = 0;
        changes_fill(input, kind, changes);
        for (size_t i = 0; i < count; i++) {
            struct lifetimes_sample *sample = &ret_samples[i];
            uint64_t end = (uint64_t)((unsigned __int128)input->end.op * (i + 1) / count);
            sample->most[kind] = op < end ? 0 : floating;
            for (; op < end; op++) {
                floating += (uint64_t)changes[op];
                sample->most[kind] = floating > sample->most[kind] ? floating : sample->most[kind];
            }
            sample->end = (struct lifetimes_moment){end, end ? clock[end - 1] : 0};
        }
    }
    bool failed = !changes;
    free(changes);
    return failed ? -ENOMEM : 0;
}
