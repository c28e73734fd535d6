/* SPDX-License-Identifier: MIT */
/* The JSON library gets memory of its own, so nothing here comes from the allocator under test. */
#include "harness/runner/record.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "base/quantile.h"
#include "collectors/collector-api.h"
#include "collectors/support/count/cascade-cutoff.h"
#include "harness/results/phases.h"
#include "harness/results/records.h"
#include "harness/runner/ending.h"
#include "harness/runner/rehearsal.h"
#include "harness/runner/requests.h"
#include "harness/runner/warm.h"
#include "workloads/child.h"
#include "workloads/workload.h"

/* ---- memory for jansson: bumped from a mapping, never freed; the process ends soon ---- */

enum { ARENA_BYTES = 16 << 20 };

static char *arena;

void *record_memory(size_t bytes)
{
    static size_t used;
    bytes = (bytes + 15) & ~(size_t)15;
    if (bytes > ARENA_BYTES - used)
        ending_fail(ENDING_OOM, "out of memory for the record");
    used += bytes;
    return arena + used - bytes;
}

static void arena_leave(void *memory)
{
    (void)memory;
}

void record_prepare(void)
{
    arena = ending_unless_mapped(resources_map(ARENA_BYTES));
    json_set_alloc_funcs(record_memory, arena_leave);
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

static json_t *quantile_json(const struct pause_log_lengths *lengths, double quantile)
{
    return lengths->count
               ? json_integer(quantile_rank_of_sorted(lengths->sorted_ns, lengths->count, quantile))
               : json_null();
}

static json_t *pauses_json(const struct pause_log *log, bool with_cascades)
{
    struct pause_log_lengths lengths = pause_log_lengths_sorted(log, with_cascades);
    if (log->pause_count > 0 && !lengths.sorted_ns)
        ending_fail(ENDING_OOM, "out of memory for the lengths of pauses");
    struct pause_log_sum sum = log->collections;
    if (with_cascades) {
        sum.count += log->cascades.count;
        sum.total_ns += log->cascades.total_ns;
        sum.max_ns = sum.max_ns > log->cascades.max_ns ? sum.max_ns : log->cascades.max_ns;
    }
    return json_pack("{s:I, s:I, s:I, s:o, s:o, s:o, s:o}", "count", (json_int_t)sum.count, "total_ns",
                     (json_int_t)sum.total_ns, "max_ns", (json_int_t)sum.max_ns, "p50_ns",
                     quantile_json(&lengths, 0.5), "p90_ns", quantile_json(&lengths, 0.9), "p99_ns",
                     quantile_json(&lengths, 0.99), "p999_ns", quantile_json(&lengths, 0.999));
}

/*
 * Cascades below the cutoff are not timed, nor are the first 64 objects of a longer one. The estimate gives
 * each of these objects the time that a timed object took.
 */
static json_t *untimed_json(const struct process_state *process)
{
    const struct pause_log_sum *cascades = &process->pause_log.cascades;
    uint64_t timed = cascades->visited_objects - cascades->count * CASCADE_CLOCK_AFTER;
    uint64_t untimed = process->freed_before_cutoff + cascades->count * CASCADE_CLOCK_AFTER;
    double estimate = timed ? (double)cascades->total_ns / (double)timed * (double)untimed : 0;
    return timed || untimed == 0 ? json_integer((json_int_t)estimate) : json_null();
}

static json_t *cutoff_json(const struct process_state *process)
{
    return json_pack("{s:i, s:I, s:o}", "objects", CASCADE_CLOCK_AFTER, "freed_below",
                     (json_int_t)process->freed_before_cutoff, "estimated_ns_below", untimed_json(process));
}

static void set(json_t *record, const char *key, json_t *value)
{
    json_object_set_new(record, key, value);
}

/* As 16 hexadecimal digits: a number of 64 bits does not fit JSON's integers. */
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

/* A negative value is one that is not known. */
static void set_known(json_t *record, const char *key, int64_t value)
{
    set(record, key, value < 0 ? json_null() : json_integer((json_int_t)value));
}

static json_t *checkpoint_json(const struct process_checkpoint *checkpoint)
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

static json_t *checkpoints_json(const struct process_state *process)
{
    json_t *array = json_array();
    for (uint64_t i = 0; i < process->checkpoint_count; i++)
        json_array_append_new(array, checkpoint_json(&process->checkpoints[i]));
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

static json_t *repetitions_json(const struct process_state *process)
{
    json_t *array = json_array();
    for (uint64_t i = 0; i < process->repetition_count; i++)
        json_array_append_new(array, repetition_json(&process->repetitions[i]));
    return array;
}

/* ---- the record ---- */

static void set_identity(json_t *record, const struct process_state *process)
{
    set(record, "schema", json_string(RECORDS_SCHEMA));
    set(record, "status", json_string(process->exhausted ? "oom" : "ok"));
    set(record, "reason", text_or_null(process->exhausted));
    set(record, "workload", json_string(workload.name));
    set(record, "collector", json_string(gc_collector.name));
    set(record, "allocator", json_string(process->allocator.name));
    set(record, "tuning", json_string(process->arguments.tuning));
    set(record, "options",
        json_pack("{s:o, s:o}", "workload",
                  options_json(workload.options, process->arguments.workload_options), "collector",
                  options_json(gc_collector.options, process->arguments.collector_options)));
    set(record, "allocator_object", text_or_null(process->allocator.object));
    set(record, "allocator_version", text_or_null(process->allocator.version));
    set_integer(record, "seed", process->arguments.seed);
    set_hex(record, "checksum", process->checksum);
}

static void set_usage(json_t *record, const struct resources_usage *begin, const struct resources_usage *end)
{
    set_integer(record, "user_ns", end->user_ns - begin->user_ns);
    set_integer(record, "sys_ns", end->sys_ns - begin->sys_ns);
    set_integer(record, "minor_faults", end->minor_faults - begin->minor_faults);
    set_integer(record, "major_faults", end->major_faults - begin->major_faults);
    set_integer(record, "voluntary_switches", end->voluntary_switches - begin->voluntary_switches);
    set_integer(record, "involuntary_switches", end->involuntary_switches - begin->involuntary_switches);
}

static void set_share(json_t *record, const struct processor_share *begin, const struct processor_share *end)
{
    set_known(record, "queued_ns", processor_share_between(begin->queued_ns, end->queued_ns));
    set_known(record, "stolen_ns", processor_share_between(begin->stolen_ns, end->stolen_ns));
    set_known(record, "processor", processor_share_kept(begin, end));
}

/* Peak memory says nothing of a warm process: pages that it never needed were there too. */
static void set_memory(json_t *record, const struct process_state *process)
{
    enum arguments_memory memory = process->arguments.memory;
    set(record, "memory", json_string(arguments_memory_name(memory)));
    set(record, "warm", text_or_null(process->warm));
    if (memory == ARGUMENTS_REHEARSE)
        set_hex(record, "addresses", rehearsal_addresses());
    if (memory != ARGUMENTS_WARM) {
        set(record, "warmed_bytes", json_null());
        return;
    }
    struct warm_report report = warm_report();
    set_hex(record, "addresses", report.addresses);
    set_integer(record, "warmed_bytes", report.warmed_bytes);
    set(record, "warming",
        json_pack("{s:I, s:I, s:I}", "short_bytes", (json_int_t)report.short_bytes, "calls",
                  (json_int_t)report.calls, "calls_ns", (json_int_t)report.calls_ns));
}

static void set_costs(json_t *record, const struct process_state *process)
{
    set_integer(record, "wall_ns", process->end_ns - process->begin_ns);
    bool warm = process->arguments.memory == ARGUMENTS_WARM;
    set_usage(record, &process->begin_usage, &process->end_usage);
    set_share(record, &process->begin_share, &process->end_share);
    set_memory(record, process);
    set_known(record, "max_rss_bytes", warm ? -1 : (int64_t)process->max_rss_bytes);
    set_known(record, "baseline_rss_bytes", warm ? -1 : (int64_t)process->baseline_rss_bytes);
    set_known(record, "collected_rss_bytes",
              warm || process->exhausted ? -1 : (int64_t)process->collected_rss_bytes);
    set_known(record, "final_rss_bytes", warm ? -1 : (int64_t)process->final_rss_bytes);
    set_known(record, "stack_peak_bytes",
              warm || !process->stack_peak_bytes ? -1 : (int64_t)process->stack_peak_bytes);
}

static void set_counters(json_t *record, const struct process_state *process)
{
    json_t *counters = json_object();
    set_known(counters, "instructions", process->counters.values[COUNTERS_INSTRUCTIONS]);
    set_known(counters, "cycles", process->counters.values[COUNTERS_CYCLES]);
    set(record, "counters", counters);
}

/* After an early end nothing was collected or counted, so none of these is known. */
static void set_live(json_t *record, const struct process_state *process)
{
    static const char *const keys[] = {"live_objects", "live_bytes",          "leaked_objects",
                                       "leaked_bytes", "external_live_bytes", "external_leaked_bytes"};
    const int64_t values[] = {(int64_t)process->live.objects,
                              (int64_t)process->live.bytes,
                              (int64_t)(process->held_objects - process->live.objects),
                              (int64_t)(process->held_bytes - process->live.bytes),
                              (int64_t)process->live.external,
                              (int64_t)(process->external_held_bytes - process->live.external)};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        set_known(record, keys[i], process->exhausted ? -1 : values[i]);
}

static void set_heap(json_t *record, const struct process_state *process)
{
    const struct gc_mutator *mutator = process->mutator;
    set_integer(record, "allocated_objects", mutator->clock.allocated_objects);
    set_integer(record, "allocated_bytes", mutator->clock.allocated_bytes);
    set_integer(record, "freed_objects", process->freed_objects);
    set_integer(record, "freed_bytes", process->freed_bytes);
    set_live(record, process);
    set_integer(record, "heap_peak_bytes", process->heap_peak_bytes);
    set_integer(record, "heap_peak_objects", process->heap_peak_objects);
    set_integer(record, "external_allocated_bytes", mutator->external.allocated_bytes);
    set_integer(record, "external_peak_bytes", process->external_peak_bytes);
    bool limited = process->arguments.heap_limit != UINT64_MAX;
    set(record, "heap_limit_bytes",
        limited ? json_integer((json_int_t)process->arguments.heap_limit) : json_null());
}

static json_t *possible_roots_json(const struct process_state *process)
{
    if (!gc_collector.traits->buffers_roots || !process->arguments.possible_roots)
        return json_null();
    return json_pack("{s:I, s:I}", "examined", (json_int_t)process->roots_examined, "dead",
                     (json_int_t)process->roots_dead);
}

static void set_kernel(json_t *record, const char *key, const char *faults_key,
                       const struct process_state *process, enum kernel_account_sort sort)
{
    const struct kernel_account *kernel = &process->pause_log.kernel;
    uint64_t sys_ns = process->end_usage.sys_ns - process->begin_usage.sys_ns;
    uint64_t faults = process->end_usage.minor_faults - process->begin_usage.minor_faults;
    set_integer(record, key, kernel_account_sys_ns(kernel, sort, sys_ns, faults));
    set_integer(record, faults_key, (uint64_t)(kernel->faults[sort] + 0.5));
}

/* The parts of the wall time. Without recording there is no clock in a pause, and nothing is known of them. */
static void set_parts(json_t *record, const struct process_state *process)
{
    const struct pause_log *log = &process->pause_log;
    if (!process->arguments.recording)
        return;
    set_integer(record, "collecting_ns", log->collections.total_ns);
    set_integer(record, "cascades_ns", log->cascades.total_ns);
    set(record, "cascades_untimed_ns", untimed_json(process));
    set_kernel(record, "kernel_collecting_ns", "collecting_faults", process, KERNEL_ACCOUNT_COLLECTING);
    set_kernel(record, "kernel_cascades_ns", "cascades_faults", process, KERNEL_ACCOUNT_CASCADES);
}

/* The phases that there were. A process that ran out of memory may have ended in the midst of one: then nothing is
 * said. */
static json_t *phases_json(const struct process_state *process)
{
    if (process->exhausted)
        return json_null();
    json_t *phases = json_object();
    for (int phase = 0; phase < GC_PHASE_KINDS; phase++) {
        const struct phase_log_sum *sum = &process->pause_log.phases.sums[phase];
        if (sum->count)
            set(phases, phase_names[phase],
                json_pack("{s:I, s:I, s:I, s:I, s:I}", "count", (json_int_t)sum->count, "total_ns",
                          (json_int_t)sum->total_ns, "max_ns", (json_int_t)sum->max_ns, "freed_objects",
                          (json_int_t)sum->freed_objects, "freed_bytes", (json_int_t)sum->freed_bytes));
    }
    return phases;
}

static json_t *kept_json(uint64_t kept, uint64_t all)
{
    return json_pack("{s:I, s:I}", "kept", (json_int_t)kept, "dropped", (json_int_t)(all - kept));
}

static void set_pauses(json_t *record, const struct process_state *process)
{
    const struct pause_log *log = &process->pause_log;
    set_integer(record, "collections", log->collections.count - log->slices);
    set_integer(record, "slices", log->slices);
    set_integer(record, "cascades", log->cascades.count);
    set_parts(record, process);
    set(record, "pauses", pauses_json(log, true));
    set(record, "pauses_without_cascades", pauses_json(log, false));
    set(record, "cascade_cutoff", cutoff_json(process));
    set_integer(record, "visited_objects", log->collections.visited_objects);
    set_integer(record, "collected_objects", log->collections.freed_objects);
    set(record, "possible_roots", possible_roots_json(process));
    set(record, "phases", phases_json(process));
    set(record, "events", kept_json(log->pause_count, log->pause_count + log->pauses_dropped));
    set(record, "phase_events", kept_json(phase_log_whole(&log->phases), phase_log_total(&log->phases)));
}

static void set_measuring(json_t *record, const struct process_state *process)
{
    set(record, "measuring",
        json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "recording", process->arguments.recording,
                  "kernel_readings", (json_int_t)process->pause_log.kernel.readings, "estimated_faults",
                  (json_int_t)process->pause_log.kernel.estimated_faults, "estimated_sys_ns",
                  (json_int_t)process->pause_log.kernel.estimated_sys_ns, "samples",
                  (json_int_t)process->pause_log.samples_taken, "sampling_ns",
                  (json_int_t)process->pause_log.sampling_ns, "closing_ns",
                  (json_int_t)(gc_clock() - process->end_ns), "final_collect_ns",
                  (json_int_t)process->final_collect_ns));
    set(record, "collector_bytes",
        json_pack("{s:I, s:I}", "header", (json_int_t)gc_collector.traits->header_bytes, "metadata_peak",
                  (json_int_t)process->mutator->account.metadata_peak));
}

static json_t *child_json(void)
{
    json_t *object = json_object();
    set_integer(object, "heap_bytes", workload_child.heap_bytes);
    set_known(object, "begun_bytes", workload_child.begun_bytes);
    set_known(object, "read_bytes", workload_child.read_bytes);
    set_known(object, "collected_bytes", workload_child.collected_bytes);
    return object;
}

int record_write(struct process_state *process)
{
    json_t *record = json_object();
    set_identity(record, process);
    set_costs(record, process);
    if (process->arguments.counters)
        set_counters(record, process);
    set_heap(record, process);
    set_pauses(record, process);
    if (process->arguments.checkpoints)
        set(record, "checkpoints", checkpoints_json(process));
    if (process->repetitions)
        set(record, "repetitions", repetitions_json(process));
    if (workload.requests && !process->repetitions)
        set(record, "latency", requests_describe());
    if (workload_child.ran && !process->repetitions)
        set(record, "child", child_json());
    if (process->truth)
        set(record, "truth", process->truth);
    set_measuring(record, process);
    return records_write(record, process->arguments.record);
}
