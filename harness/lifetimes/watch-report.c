/* SPDX-License-Identifier: MIT */
#include "harness/lifetimes/watch-report.h"

#include <math.h>
#include <stdlib.h>

#include "collectors/collector-api.h"

enum { SAMPLES = 200 };

static const char *const class_names[LIFETIMES_CLASSES] = {"acyclic", "cyclic", "all"};

static void set(json_t *object, const char *key, uint64_t number)
{
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

static void set_real(json_t *object, const char *key, double number)
{
    json_object_set_new(object, key, isnan(number) ? json_null() : json_real(number));
}

static void set_spread(json_t *object, const char *key, const struct lifetimes_spread *spread, bool known)
{
    json_t *made = json_object();
    set_real(made, "mean", spread->mean);
    set(made, "p50", spread->p50);
    set(made, "p90", spread->p90);
    set(made, "p99", spread->p99);
    set(made, "max", spread->max);
    json_object_set_new(object, key, known ? made : json_null());
    if (!known)
        json_decref(made);
}

static json_t *figures_json(const struct lifetimes_figures *figures)
{
    json_t *object = json_object();
    bool freed = figures->freed_objects > 0;
    set(object, "died_objects", figures->died_objects);
    set(object, "died_bytes", figures->died_bytes);
    set(object, "freed_objects", figures->freed_objects);
    set(object, "freed_bytes", figures->freed_bytes);
    set(object, "final_objects", figures->final_objects);
    set(object, "final_bytes", figures->final_bytes);
    set(object, "leaked_objects", figures->leaked_objects);
    set(object, "leaked_bytes", figures->leaked_bytes);
    set(object, "peak_bytes", figures->peak_bytes);
    set(object, "peak_operation", figures->peak_op);
    set_real(object, "average_bytes", figures->average_bytes);
    set_real(object, "byte_allocated_bytes", figures->byte_bytes);
    set_real(object, "byte_seconds", figures->byte_seconds);
    set_spread(object, "delay_operations", &figures->delay_ops, freed);
    set_spread(object, "delay_bytes", &figures->delay_bytes, freed);
    set_spread(object, "delay_ns", &figures->delay_ns, freed && !isnan(figures->byte_seconds));
    set_real(object, "drag_byte_allocated_bytes", figures->drag_byte_bytes);
    set_spread(object, "drag_operations", &figures->drag_ops, figures->died_objects > 0);
    set_spread(object, "drag_bytes", &figures->drag_bytes, figures->died_objects > 0);
    return object;
}

static json_t *series_json(const struct lifetimes_sample *samples)
{
    json_t *series = json_array();
    for (int i = 0; i < SAMPLES; i++)
        json_array_append_new(series,
                              json_pack("{sI sI sI sI sI}", "operation", (json_int_t)samples[i].end.op,
                                        "allocated_bytes", (json_int_t)samples[i].end.clock, "acyclic",
                                        (json_int_t)samples[i].most[LIFETIMES_ACYCLIC], "cyclic",
                                        (json_int_t)samples[i].most[LIFETIMES_CYCLIC], "all",
                                        (json_int_t)samples[i].most[LIFETIMES_ALL]));
    return series;
}

json_t *report_make(const struct watch_result *result, const uint64_t *clock,
                    const struct lifetimes_tick *ticks, size_t tick_count)
{
    struct lifetimes_figures figures[LIFETIMES_CLASSES];
    struct lifetimes_sample samples[SAMPLES];
    struct lifetimes_input input = {.objects = result->objects,
                                    .count = result->count,
                                    .end = result->end,
                                    .ticks = ticks,
                                    .tick_count = tick_count};
    if (lifetimes_compute(&input, figures) < 0 || lifetimes_series(&input, clock, SAMPLES, samples) < 0)
        return NULL;
    json_t *report = json_object();
    json_object_set_new(report, "collector", json_string(gc_collector.name));
    set(report, "operations", result->end.op);
    set(report, "allocated_bytes", result->end.clock);
    set(report, "collections", result->collections);
    for (int kind = 0; kind < LIFETIMES_CLASSES; kind++)
        json_object_set_new(report, class_names[kind], figures_json(&figures[kind]));
    json_object_set_new(report, "series", series_json(samples));
    return report;
}
