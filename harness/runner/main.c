/* SPDX-License-Identifier: MIT */
/*
 * The process of one cell: reads its options, proves its allocator, runs the workload between two readings of
 * the clock, and then, outside the measured time, counts what is left and writes its record.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collectors/collector-api.h"
#include "harness/runner/record.h"
#include "harness/runner/requests.h"
#include "workloads/workload.h"

enum { STACK_SLOTS = 1 << 25 }; /* 256 MiB of addresses; pages come when frames reach them */

/* The collector's callbacks carry a mutator and no more, and there is one run per process. */
static struct run run;
static jmp_buf exhausted_jump;

static const char *exhaustion_reason(enum gc_exhaustion why)
{
    static char text[96];
    switch (why) {
    case GC_EXHAUSTED_HEAP:
        if (run.arguments.heap_limit == UINT64_MAX)
            return "out of memory: malloc had none after a full collection";
        snprintf(text, sizeof text, "OOM at %.15g MiB: the heap limit, after a full collection",
                 (double)run.arguments.heap_limit / 1048576);
        return text;
    case GC_EXHAUSTED_METADATA:
        return "out of memory for the collector's own tables";
    case GC_EXHAUSTED_STACK:
        return "out of slots for frames: calls are too deep";
    }
    return "out of memory";
}

__attribute__((noreturn)) static void on_exhausted(struct gc_mutator *mutator, enum gc_exhaustion why)
{
    (void)mutator;
    run.exhausted = exhaustion_reason(why);
    longjmp(exhausted_jump, 1);
}

static void check_heap(void)
{
    if (run.arguments.check)
        gc_collector_check(run.mutator);
}

static void on_checkpoint(struct gc_mutator *mutator, const char *label)
{
    if (run.checkpoint_count == RUN_CHECKPOINTS)
        return;
    if (run.collector_checkpoint)
        run.collector_checkpoint(mutator, label);
    gc_collect(mutator, GC_COLLECT_FULL);
    check_heap();
    struct run_checkpoint *checkpoint = &run.checkpoints[run.checkpoint_count++];
    *checkpoint = (struct run_checkpoint){.label = label,
                                          .allocated_objects = mutator->allocated_objects,
                                          .held_objects = gc_held_objects(mutator),
                                          .held_bytes = gc_held_bytes(mutator)};
    if (reach_count(mutator, &checkpoint->live) < 0 || reach_graph(mutator, &checkpoint->graph) < 0)
        arguments_fail(ARGUMENTS_EXIT_OOM, "out of memory counting what lives");
    if (gc_collector.truth)
        checkpoint->truth = gc_collector.truth(mutator);
}

/* ---- the phases, in order ---- */

static void prepare_mutator(void)
{
    struct workload_layout layout = {workload.shapes, workload.shape_count, workload.globals, false};
    if (workload.prepare)
        layout = workload.prepare(run.arguments.workload_options);
    if (gc_collector.traits->frees_when_told && !layout.frees && layout.shape_count > 0)
        arguments_fail(
            ARGUMENTS_EXIT_USAGE,
            "the collector frees when the program says so, and this one does not: write its deaths "
            "into it with 'gcmatrix program deaths IN.gcp -o OUT.gcp'");
    struct gc_slot *slots = process_map(STACK_SLOTS * sizeof *slots);
    struct gc_mutator *mutator = process_map_touched(gc_collector.mutator_bytes);
    if (!slots || !mutator)
        arguments_fail(ARGUMENTS_EXIT_OOM, "out of memory before the start");
    mutator->counts_roots = run.arguments.possible_roots;
    mutator->base = slots;
    mutator->top = slots + layout.globals;
    mutator->limit = slots + STACK_SLOTS;
    mutator->shapes = layout.shapes;
    mutator->shape_count = layout.shape_count;
    mutator->global_count = layout.globals;
    mutator->heap_limit = run.arguments.heap_limit;
    if (gc_collector.traits->header_bytes > sizeof(struct gc_object))
        mutator->prefix_bytes = gc_collector.traits->header_bytes - sizeof(struct gc_object);
    mutator->sample_at = UINT64_MAX;
    mutator->exhausted = on_exhausted;
    run.mutator = mutator;
    gc_collector_start(mutator, run.arguments.collector_options);
    gc_allocation_rearm(mutator);
}

static void prepare_recording(void)
{
    if (!run.arguments.recording)
        return;
    if (recorder_open(&run.recorder, run.arguments.event_capacity) < 0)
        arguments_fail(ARGUMENTS_EXIT_OOM, "out of memory for %llu raw events",
                       (unsigned long long)run.arguments.event_capacity);
    run.mutator->listener = &run.recorder.listener;
    run.mutator->sample_at = run.recorder.sample_interval;
    gc_allocation_rearm(run.mutator);
}

static void prepare_requests(void)
{
    if (!workload.requests)
        return;
    uint64_t count = workload.requests(run.arguments.workload_options);
    if (requests_open(count) < 0)
        arguments_fail(ARGUMENTS_EXIT_OOM, "out of memory for the times of %llu requests",
                       (unsigned long long)count);
}

static void prepare_checkpoints(void)
{
    if (!run.arguments.checkpoints)
        return;
    run.checkpoints = process_map_touched(RUN_CHECKPOINTS * sizeof *run.checkpoints);
    if (!run.checkpoints)
        arguments_fail(ARGUMENTS_EXIT_OOM, "out of memory before the start");
    run.collector_checkpoint = run.mutator->checkpoint;
    run.mutator->checkpoint = on_checkpoint;
}

static void prepare_repetitions(void)
{
    uint64_t count = run.arguments.repetitions;
    if (count && !(run.repetitions = repetitions_open(count)))
        arguments_fail(ARGUMENTS_EXIT_OOM, "out of memory before the start");
}

static void prepare_counters(void)
{
    if (run.arguments.counters)
        counters_open(&run.counters);
}

static void sample_now(void)
{
    if (run.arguments.recording)
        recorder_sample_now(&run.recorder, run.mutator);
}

/* What is timed, and nothing else: callgrind counts between its entry and its return, by its name
 * (harness/campaign/counter.c). */
__attribute__((noinline)) static void run_measured(void)
{
    run.checksum = workload.run(run.mutator, run.arguments.workload_options, &run.random);
}

static void run_repeatedly(void)
{
    repetitions_run(run.repetitions, run.arguments.repetitions, run.mutator, run.arguments.workload_options,
                    run.arguments.seed, &run.repetition_count);
    run.checksum = run.repetitions[run.repetition_count - 1].checksum;
}

static void run_workload(void)
{
    random_seed(&run.random, run.arguments.seed);
    run.baseline_rss_bytes = process_rss_bytes();
    run.begin_cpu = process_cpu_now();
    run.begin_ns = gc_clock();
    sample_now();
    if (run.arguments.counters)
        counters_start(&run.counters);
    if (setjmp(exhausted_jump) == 0) {
        if (run.repetitions)
            run_repeatedly();
        else
            run_measured();
    }
    if (run.arguments.counters)
        counters_stop(&run.counters);
    run.end_ns = gc_clock();
    run.end_cpu = process_cpu_now();
    run.mutator->over = true;
    run.max_rss_bytes = process_peak_rss_bytes();
    run.stack_peak_bytes = process_stack_bytes(); /* after the above, to which it adds */
    gc_charged_note(run.mutator, 0);
    run.heap_peak_bytes = run.mutator->charged_peak;
    run.heap_peak_objects = run.mutator->held_peak;
    run.roots_examined = run.mutator->roots_examined;
    run.roots_dead = run.mutator->roots_dead;
    sample_now();
}

/* Nothing is recorded from here on. After an early end the heap may be in mid-collection: nothing more is
 * asked of it. */
static void count_what_is_left(void)
{
    struct gc_mutator *mutator = run.mutator;
    if (run.arguments.counters)
        counters_close(&run.counters);
    run.freed_before_cutoff =
        mutator->freed_objects - run.recorder.collections.freed_objects - mutator->freed_in_cascades;
    mutator->listener = NULL;
    mutator->sample_at = UINT64_MAX;
    mutator->checkpoint = NULL;
    gc_allocation_rearm(mutator);
    if (!run.exhausted) {
        uint64_t begin = gc_clock();
        gc_collect(mutator, GC_COLLECT_FULL);
        run.final_collect_ns = gc_clock() - begin;
        check_heap();
        if (reach_count(mutator, &run.live) < 0)
            arguments_fail(ARGUMENTS_EXIT_OOM, "out of memory counting what lives");
        if (gc_collector.truth)
            run.truth = gc_collector.truth(mutator);
    }
    run.held_objects = gc_held_objects(mutator);
    run.held_bytes = gc_held_bytes(mutator);
    run.freed_objects = mutator->freed_objects;
    run.freed_bytes = mutator->freed_bytes;
}

/* The module's names go, and a full collection with them: what is resident now, nobody can reach. */
static void drop_everything(void)
{
    if (!run.exhausted) {
        gc_globals_drop(run.mutator);
        gc_collect(run.mutator, GC_COLLECT_FULL);
        gc_collector_stop(run.mutator);
    }
    run.final_rss_bytes = process_rss_bytes();
}

static void write_results(void)
{
    const struct arguments *arguments = &run.arguments;
    if (arguments->events && recorder_write_events(&run.recorder, arguments->events, run.begin_ns) < 0)
        arguments_fail(ARGUMENTS_EXIT_USAGE, "%s: %s", arguments->events, strerror(errno));
    if (arguments->timeline && recorder_write_timeline(&run.recorder, arguments->timeline, run.begin_ns) < 0)
        arguments_fail(ARGUMENTS_EXIT_USAGE, "%s: %s", arguments->timeline, strerror(errno));
    if (arguments->latencies && workload.requests && requests_write(arguments->latencies, run.begin_ns) < 0)
        arguments_fail(ARGUMENTS_EXIT_USAGE, "%s: %s", arguments->latencies, strerror(errno));
    if (arguments->record && record_write(&run) < 0)
        arguments_fail(ARGUMENTS_EXIT_USAGE, "%s: %s", arguments->record, strerror(errno));
}

/*
 * Asked by the address sanitizer, where the process was built with it. Some collectors leak by design, the
 * record says how much, and a measured process inherits no environment that could say so.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

int main(int argc, char **argv)
{
    char error[PATH_MAX * 2 + 128];
    record_prepare();
    arguments_read(argc, argv, &run.arguments);
    if (run.arguments.action == ARGUMENTS_DESCRIBE)
        return record_describe() < 0;
    if (run.arguments.action == ARGUMENTS_HELP) {
        arguments_print_help(argv[0]);
        return 0;
    }
    allocator_identify(&run.allocator);
    if (allocator_verify(&run.allocator, run.arguments.allocator, run.arguments.allocator_object, error,
                         sizeof error) < 0)
        arguments_fail(ARGUMENTS_EXIT_USAGE, "%s", error);
    prepare_mutator();
    prepare_recording();
    prepare_requests();
    prepare_checkpoints();
    prepare_repetitions();
    prepare_counters();
    run_workload();
    count_what_is_left();
    drop_everything();
    write_results();
    if (run.exhausted)
        fprintf(stderr, "%s-%s: %s\n", workload.name, gc_collector.name, run.exhausted);
    return run.exhausted ? ARGUMENTS_EXIT_OOM : 0;
}
