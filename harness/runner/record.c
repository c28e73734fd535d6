/* SPDX-License-Identifier: MIT */
/*
 * JSON by jansson, which is given memory of its own: nothing here comes from the allocator under test.
 */
#include "harness/runner/record.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/quantile.h"
#include "collectors/collector-api.h"
#include "collectors/support/count/cascade-cutoff.h"
#include "harness/results/records.h"
#include "harness/runner/requests.h"
#include "workloads/workload.h"

/* ---- memory for jansson: bumped from a mapping, never freed; the process ends soon ---- */

enum { ARENA_BYTES = 16 << 20 };

static char *arena;

static void *arena_take(size_t bytes)
{
    static size_t used;
    bytes = (bytes + 15) & ~(size_t)15;
    if (!arena || bytes > ARENA_BYTES - used)
        return NULL;
    used += bytes;
    return arena + used - bytes;
}

static void arena_leave(void *memory)
{
    (void)memory;
}

void record_prepare(void)
{
    arena = process_map(ARENA_BYTES);
    json_set_alloc_funcs(arena_take, arena_leave);
}

/* ---- parts ---- */

static json_t *text_or_null(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}

static json_t *option_value(const struct option_spec *option, const void *values)
{
    switch (option->type) {
    case OPTION_INTEGER:
        return json_integer((json_int_t)option_integer_get(option, values));
    case OPTION_REAL:
        return json_real(option_real_get(option, values));
    case OPTION_SWITCH:
        return json_boolean(option_switch_get(option, values));
    case OPTION_CHOICE:
        return json_string(option->choices[option_integer_get(option, values)]);
    case OPTION_TEXT:
        return json_string(option_text_get(option, values));
    }
    return json_null();
}

static json_t *options_json(const struct option_table *table, const void *values)
{
    json_t *object = json_object();
    for (size_t i = 0; i < table->count; i++)
        json_object_set_new(object, table->options[i].name, option_value(&table->options[i], values));
    return object;
}

static json_t *quantile_json(const struct recorder_lengths *lengths, double quantile)
{
    return lengths->count
               ? json_integer(quantile_rank_of_sorted(lengths->sorted_ns, lengths->count, quantile))
               : json_null();
}

static json_t *pauses_json(const struct recorder *recorder, bool with_cascades)
{
    struct recorder_lengths lengths = recorder_lengths_sorted(recorder, with_cascades);
    struct recorder_sum sum = recorder->collections;
    if (with_cascades) {
        sum.count += recorder->cascades.count;
        sum.total_ns += recorder->cascades.total_ns;
        sum.max_ns = sum.max_ns > recorder->cascades.max_ns ? sum.max_ns : recorder->cascades.max_ns;
    }
    return json_pack("{s:I, s:I, s:I, s:o, s:o, s:o, s:o}", "count", (json_int_t)sum.count, "total_ns",
                     (json_int_t)sum.total_ns, "max_ns", (json_int_t)sum.max_ns, "p50_ns",
                     quantile_json(&lengths, 0.5), "p90_ns", quantile_json(&lengths, 0.9), "p99_ns",
                     quantile_json(&lengths, 0.99), "p999_ns", quantile_json(&lengths, 0.999));
}

/* The time below the cutoff, were an object to cost there what it costs in cascades past it, whose first 64
 * objects were not timed. */
static json_t *cutoff_json(const struct run *run)
{
    const struct recorder_sum *cascades = &run->recorder.cascades;
    uint64_t timed = cascades->visited_objects - cascades->count * CASCADE_CLOCK_AFTER;
    uint64_t untimed = run->freed_before_cutoff + cascades->count * CASCADE_CLOCK_AFTER;
    double estimate = timed ? (double)cascades->total_ns / (double)timed * (double)untimed : 0;
    return json_pack("{s:i, s:I, s:o}", "objects", CASCADE_CLOCK_AFTER, "freed_below",
                     (json_int_t)run->freed_before_cutoff, "estimated_ns_below",
                     timed ? json_integer((json_int_t)estimate) : json_null());
}

static void set(json_t *record, const char *key, json_t *value)
{
    json_object_set_new(record, key, value);
}

/* Numbers of 64 bits do not fit JSON's integers: 16 hexadecimal digits. */
static void set_hex(json_t *record, const char *key, uint64_t value)
{
    char text[17];
    snprintf(text, sizeof text, "%016" PRIx64, value);
    set(record, key, json_string(text));
}

static void set_integer(json_t *record, const char *key, uint64_t value)
{
    set(record, key, json_integer((json_int_t)value));
}

static json_t *checkpoint_json(const struct run_checkpoint *checkpoint)
{
    json_t *object = json_object();
    set(object, "label", json_string(checkpoint->label));
    set_integer(object, "allocated_objects", checkpoint->allocated_objects);
    set_integer(object, "held_objects", checkpoint->held_objects);
    set_integer(object, "held_bytes", checkpoint->held_bytes);
    set_integer(object, "live_objects", checkpoint->live.objects);
    set_integer(object, "live_bytes", checkpoint->live.bytes);
    set_hex(object, "digest", checkpoint->live.digest);
    set(object, "graph",
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "references", (json_int_t)checkpoint->graph.references,
                  "fan_in_max", (json_int_t)checkpoint->graph.fan_in_max, "depth_max",
                  (json_int_t)checkpoint->graph.depth_max, "rings", (json_int_t)checkpoint->graph.rings,
                  "ring_objects", (json_int_t)checkpoint->graph.ring_objects, "ring_max",
                  (json_int_t)checkpoint->graph.ring_max));
    if (checkpoint->truth)
        set(object, "truth", checkpoint->truth);
    return object;
}

static json_t *checkpoints_json(const struct run *run)
{
    json_t *array = json_array();
    for (uint64_t i = 0; i < run->checkpoint_count; i++)
        json_array_append_new(array, checkpoint_json(&run->checkpoints[i]));
    return array;
}

static json_t *repetition_json(const struct repetition *repetition)
{
    json_t *object = json_object();
    set_hex(object, "checksum", repetition->checksum);
    set_integer(object, "allocated_objects", repetition->allocated_objects);
    set_integer(object, "allocated_bytes", repetition->allocated_bytes);
    set_integer(object, "live_objects", repetition->live.objects);
    set_integer(object, "live_bytes", repetition->live.bytes);
    set_hex(object, "digest", repetition->live.digest);
    set_integer(object, "held_objects", repetition->held_objects);
    set_integer(object, "held_bytes", repetition->held_bytes);
    set_integer(object, "metadata_bytes", repetition->metadata_bytes);
    if (repetition->truth)
        set(object, "truth", repetition->truth);
    return object;
}

static json_t *repetitions_json(const struct run *run)
{
    json_t *array = json_array();
    for (uint64_t i = 0; i < run->repetition_count; i++)
        json_array_append_new(array, repetition_json(&run->repetitions[i]));
    return array;
}

/* ---- the record ---- */

static void set_identity(json_t *record, const struct run *run)
{
    set(record, "schema", json_string(RECORDS_SCHEMA));
    set(record, "status", json_string(run->exhausted ? "oom" : "ok"));
    set(record, "reason", text_or_null(run->exhausted));
    set(record, "workload", json_string(workload.name));
    set(record, "collector", json_string(gc_collector.name));
    set(record, "allocator", json_string(run->allocator.name));
    set(record, "tuning", json_string(run->arguments.tuning));
    set(record, "options",
        json_pack("{s:o, s:o}", "workload", options_json(workload.options, run->arguments.workload_options),
                  "collector", options_json(gc_collector.options, run->arguments.collector_options)));
    set(record, "allocator_object", text_or_null(run->allocator.object));
    set(record, "allocator_version", text_or_null(run->allocator.version));
    set_integer(record, "seed", run->arguments.seed);
    set_hex(record, "checksum", run->checksum);
}

static void set_costs(json_t *record, const struct run *run)
{
    set_integer(record, "wall_ns", run->end_ns - run->begin_ns);
    set_integer(record, "user_ns", run->end_cpu.user_ns - run->begin_cpu.user_ns);
    set_integer(record, "sys_ns", run->end_cpu.sys_ns - run->begin_cpu.sys_ns);
    set_integer(record, "max_rss_bytes", run->max_rss_bytes);
    set_integer(record, "baseline_rss_bytes", run->baseline_rss_bytes);
    set_integer(record, "final_rss_bytes", run->final_rss_bytes);
    set(record, "stack_peak_bytes",
        run->stack_peak_bytes ? json_integer((json_int_t)run->stack_peak_bytes) : json_null());
}

static json_t *counter_json(int64_t value)
{
    return value < 0 ? json_null() : json_integer((json_int_t)value);
}

static void set_counters(json_t *record, const struct run *run)
{
    const int64_t *values = run->counters.values;
    set(record, "counters",
        json_pack("{s:o, s:o}", "instructions", counter_json(values[COUNTERS_INSTRUCTIONS]), "cycles",
                  counter_json(values[COUNTERS_CYCLES])));
}

static void set_heap(json_t *record, const struct run *run)
{
    const struct gc_mutator *mutator = run->mutator;
    set_integer(record, "allocated_objects", mutator->allocated_objects);
    set_integer(record, "allocated_bytes", mutator->allocated_bytes);
    set_integer(record, "freed_objects", run->freed_objects);
    set_integer(record, "freed_bytes", run->freed_bytes);
    set_integer(record, "live_objects", run->live.objects);
    set_integer(record, "live_bytes", run->live.bytes);
    set_integer(record, "leaked_objects", run->held_objects - run->live.objects);
    set_integer(record, "leaked_bytes", run->held_bytes - run->live.bytes);
    set_integer(record, "heap_peak_bytes", run->heap_peak_bytes);
    set_integer(record, "heap_peak_objects", run->heap_peak_objects);
    bool limited = run->arguments.heap_limit != UINT64_MAX;
    set(record, "heap_limit_bytes",
        limited ? json_integer((json_int_t)run->arguments.heap_limit) : json_null());
}

static json_t *possible_roots_json(const struct run *run)
{
    if (!gc_collector.traits->buffers_roots || !run->arguments.possible_roots)
        return json_null();
    return json_pack("{s:I, s:I}", "examined", (json_int_t)run->roots_examined, "dead",
                     (json_int_t)run->roots_dead);
}

static void set_pauses(json_t *record, const struct run *run)
{
    const struct recorder *recorder = &run->recorder;
    set_integer(record, "collections", recorder->collections.count - recorder->slices);
    set_integer(record, "slices", recorder->slices);
    set_integer(record, "cascades", recorder->cascades.count);
    set(record, "pauses", pauses_json(recorder, true));
    set(record, "pauses_without_cascades", pauses_json(recorder, false));
    set(record, "cascade_cutoff", cutoff_json(run));
    set_integer(record, "visited_objects", recorder->collections.visited_objects);
    set_integer(record, "collected_objects", recorder->collections.freed_objects);
    set(record, "possible_roots", possible_roots_json(run));
    set(record, "events",
        json_pack("{s:I, s:I}", "kept", (json_int_t)recorder->pause_count, "dropped",
                  (json_int_t)recorder->pauses_dropped));
}

static void set_measuring(json_t *record, const struct run *run)
{
    set(record, "measuring",
        json_pack("{s:b, s:I, s:I, s:I, s:I}", "recording", run->arguments.recording, "samples",
                  (json_int_t)run->recorder.samples_taken, "sampling_ns",
                  (json_int_t)run->recorder.sampling_ns, "closing_ns", (json_int_t)(gc_clock() - run->end_ns),
                  "final_collect_ns", (json_int_t)run->final_collect_ns));
    set(record, "collector_bytes",
        json_pack("{s:I, s:I}", "header", (json_int_t)gc_collector.traits->header_bytes, "metadata_peak",
                  (json_int_t)run->mutator->metadata_peak));
}

int record_write(struct run *run)
{
    json_t *record = json_object();
    set_identity(record, run);
    set_costs(record, run);
    if (run->arguments.counters)
        set_counters(record, run);
    set_heap(record, run);
    set_pauses(record, run);
    if (run->arguments.checkpoints)
        set(record, "checkpoints", checkpoints_json(run));
    if (run->repetitions)
        set(record, "repetitions", repetitions_json(run));
    if (workload.requests && !run->repetitions)
        set(record, "latency", requests_describe());
    if (run->truth)
        set(record, "truth", run->truth);
    set_measuring(record, run);
    return records_write(record, run->arguments.record);
}

/* ---- the description ---- */

static json_t *option_describe(const struct option_spec *option)
{
    static const char *const types[] = {"integer", "real", "switch", "choice", "text"};
    json_t *object = json_pack("{s:s, s:s, s:s, s:s}", "name", option->name, "type", types[option->type],
                               "unit", option->unit, "help", option->help);
    if (option->type == OPTION_INTEGER) {
        set_integer(object, "default", (uint64_t)option->standard);
        set_integer(object, "min", (uint64_t)option->min);
        set_integer(object, "max", (uint64_t)option->max);
    } else if (option->type == OPTION_REAL) {
        set(object, "default", json_real(option->standard));
        set(object, "min", json_real(option->min));
        set(object, "max", json_real(option->max));
    } else if (option->type == OPTION_SWITCH) {
        set(object, "default", json_boolean(option->standard != 0));
    } else if (option->type == OPTION_CHOICE) {
        json_t *choices = json_array();
        for (size_t i = 0; option->choices[i]; i++)
            json_array_append_new(choices, json_string(option->choices[i]));
        set(object, "default", json_string(option->choices[(size_t)option->standard]));
        set(object, "choices", choices);
    }
    return object;
}

static json_t *part_describe(const char *name, const char *group, const char *summary,
                             const struct option_table *table)
{
    json_t *options = json_array();
    for (size_t i = 0; i < table->count; i++)
        json_array_append_new(options, option_describe(&table->options[i]));
    return json_pack("{s:s, s:s, s:s, s:o}", "name", name, "group", group, "summary", summary, "options",
                     options);
}

int record_describe(void)
{
    const struct gc_traits *traits = gc_collector.traits;
    json_t *collector =
        part_describe(gc_collector.name, gc_collector.group, gc_collector.summary, gc_collector.options);
    set(collector, "traits",
        json_pack("{s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:I}", "counts", traits->counts,
                  "reclaims", traits->reclaims, "reclaims_cycles", traits->reclaims_cycles, "frees_at_once",
                  traits->frees_at_once, "moves", traits->moves, "conservative", traits->conservative,
                  "defers", traits->defers, "observes", traits->observes, "buffers_roots",
                  traits->buffers_roots, "frees_when_told", traits->frees_when_told, "header_bytes",
                  (json_int_t)traits->header_bytes));
    json_t *description =
        json_pack("{s:s, s:o, s:o}", "schema", "gcmatrix.describe.1", "workload",
                  part_describe(workload.name, workload.group, workload.summary, workload.options),
                  "collector", collector);
    return records_write(description, "-");
}
