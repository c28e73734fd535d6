/* SPDX-License-Identifier: MIT */
/*
 * The process of one cell. It reads its options, proves its allocator, and runs the workload between two
 * readings of the clock. Then, outside the measured time, it counts what is left and writes its record.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

#include "collectors/collector-api.h"
#include "harness/runner/description.h"
#include "harness/runner/ending.h"
#include "harness/runner/record.h"
#include "harness/runner/rehearsal.h"
#include "harness/runner/requests.h"
#include "harness/runner/warm.h"
#include "workloads/child.h"
#include "workloads/workload.h"

enum { STACK_SLOTS = 1 << 25 }; /* 256 MiB of addresses; pages come when frames reach them */

/* The collector's callbacks carry a mutator and no more: the state is the process's, and there is one. */
static struct process_state process;
static jmp_buf exhausted_jump;

static const char *exhaustion_reason(enum gc_exhaustion why)
{
    static char text[96];
    switch (why) {
    case GC_EXHAUSTED_HEAP:
        if (process.arguments.heap_limit == UINT64_MAX)
            return "out of memory: malloc had none after a full collection";
        snprintf(text, sizeof text, "OOM at %.15g MiB: the heap limit, after a full collection",
                 (double)process.arguments.heap_limit / 1048576);
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
    process.exhausted = exhaustion_reason(why);
    longjmp(exhausted_jump, 1);
}

static void check_heap(void)
{
    if (process.arguments.check)
        gc_collector_check(process.mutator);
}

static void on_checkpoint(struct gc_mutator *mutator, const char *label)
{
    if (process.checkpoint_count == PROCESS_CHECKPOINTS)
        return;
    if (process.collector_checkpoint)
        process.collector_checkpoint(mutator, label);
    gc_collect(mutator, GC_COLLECT_FULL);
    check_heap();
    struct process_checkpoint *checkpoint = &process.checkpoints[process.checkpoint_count++];
    *checkpoint = (struct process_checkpoint){.label = label,
                                              .allocated_objects = mutator->clock.allocated_objects,
                                              .held_objects = gc_held_objects(mutator),
                                              .held_bytes = gc_held_bytes(mutator)};
    ending_unless_counted(mutator, &checkpoint->live);
    ending_unless_walked(mutator, &checkpoint->graph);
    if (gc_collector.truth)
        checkpoint->truth = gc_collector.truth(mutator);
}

/* ---- the phases, in order ---- */

static void prepare_mutator(void)
{
    struct workload_layout layout = {workload.shapes, workload.shape_count, workload.globals, false};
    if (workload.prepare)
        layout = workload.prepare(process.arguments.workload_options);
    if (gc_collector.traits->frees_when_told && !layout.frees && layout.shape_count > 0)
        ending_fail(ENDING_USAGE,
                    "the collector frees when the program says so, and this one does not: write its deaths "
                    "into it with 'gcmatrix program deaths IN.gcp -o OUT.gcp'");
    for (uint32_t i = 0; i < layout.shape_count; i++) {
        if (gc_shape_is_finalising(&layout.shapes[i]) && !gc_collector.traits->finalises)
            ending_fail(ENDING_USAGE,
                        "the workload has finalisers or weak references, which the collector does "
                        "not support: docs/finalisers.md names those that do");
    }
    struct gc_slot *slots = ending_unless_mapped(resources_map(STACK_SLOTS * sizeof *slots));
    struct gc_mutator *mutator = ending_unless_mapped(resources_map_touched(gc_collector.mutator_bytes));
    process.mutator = mutator;
    gc_mutator_open(mutator, &(struct gc_mutator_setup){
                                 .slots = slots,
                                 .slot_count = STACK_SLOTS,
                                 .shapes = layout.shapes,
                                 .shape_count = layout.shape_count,
                                 .global_count = layout.globals,
                                 .heap_limit = process.arguments.heap_limit,
                                 .exhausted = on_exhausted,
                                 .observer.counts_possible_roots = process.arguments.possible_roots,
                                 .finalise = workload.finalise,
                                 .options = process.arguments.collector_options,
                             });
}

/* The recorder's memory is mapped when nothing is recorded, too, so that what comes after it lies where it lies
 * in a process that is recorded. */
static void prepare_recording(void)
{
    if (pause_log_open(&process.pause_log, process.arguments.event_capacity) < 0)
        ending_fail(ENDING_OOM, "out of memory for %llu raw events",
                    (unsigned long long)process.arguments.event_capacity);
    if (!process.arguments.recording)
        return;
    process.mutator->observer.listener = &process.pause_log.listener;
    process.mutator->clock.sample_at = process.pause_log.sample_interval;
    gc_allocation_rearm(process.mutator);
}

static void prepare_requests(void)
{
    if (!workload.requests)
        return;
    uint64_t count = workload.requests(process.arguments.workload_options);
    if (requests_open(count) < 0)
        ending_fail(ENDING_OOM, "out of memory for the times of %llu requests", (unsigned long long)count);
}

/* A warm process and a rehearsal have pages that the workload does not need, and notes of their own to write. */
static void prepare_child(void)
{
    if (process.arguments.memory == ARGUMENTS_COLD)
        workload_child.private_dirty_bytes = resources_private_dirty_bytes;
}

static void prepare_checkpoints(void)
{
    if (!process.arguments.checkpoints)
        return;
    process.checkpoints =
        ending_unless_mapped(resources_map_touched(PROCESS_CHECKPOINTS * sizeof *process.checkpoints));
    process.collector_checkpoint = process.mutator->observer.checkpoint;
    process.mutator->observer.checkpoint = on_checkpoint;
}

static void prepare_repetitions(void)
{
    uint64_t count = process.arguments.repetitions;
    if (count)
        process.repetitions = ending_unless_mapped(repetitions_open(count));
}

static void prepare_counters(void)
{
    if (process.arguments.counters)
        counters_open(&process.counters);
}

/*
 * A plan names pages by where they lie in a huge page. So a rehearsal and a warm process have the same
 * addresses: they are not randomised. Where the system forbids that, the process goes on, with some faults.
 */
static void fix_addresses(char **argv)
{
    int now = personality(0xffffffff);
    if (process.arguments.memory == ARGUMENTS_COLD || now < 0 || (now & ADDR_NO_RANDOMIZE))
        return;
    if (personality((unsigned long)now | ADDR_NO_RANDOMIZE) >= 0)
        execv("/proc/self/exe", argv);
}

/* Says why memory was not prepared. */
__attribute__((noreturn)) static void refuse_memory(int error)
{
    const char *name = arguments_memory_name(process.arguments.memory);
    if (error == ENOMEM)
        ending_fail(
            ENDING_OOM,
            "--memory %s: out of memory before the start: %s; raise the limit (ulimit -v), free memory, "
            "or use --memory cold",
            name,
            process.arguments.memory == ARGUMENTS_REHEARSE
                ? "a rehearsal needs 1.5 GiB of addresses for its notes, beside its own"
                : "all pages of a warm process are to be present then");
    ending_fail(ENDING_USAGE,
                "--memory %s: the kernel cannot catch calls for memory here (%s): it needs "
                "seccomp filters, x86-64 and /proc; use --memory cold",
                name, strerror(error));
}

/* Last of all: what is mapped from here on is caught. */
static void prepare_memory(void)
{
    int failed = 0;
    if (process.arguments.memory == ARGUMENTS_REHEARSE)
        failed = rehearsal_begin();
    else if (process.arguments.memory == ARGUMENTS_WARM)
        failed = warm_begin(process.arguments.warm);
    if (failed > 0)
        ending_fail(ENDING_USAGE,
                    "--warm is no plan for warm memory: give the key \"warm\" of the record of the "
                    "same process with --memory rehearse");
    if (failed < 0)
        refuse_memory(errno);
}

static void sample_now(void)
{
    if (process.arguments.recording)
        pause_log_sample_now(&process.pause_log, process.mutator);
}

/*
 * The measured part and nothing else. callgrind knows the function by its name, and counts between its entry
 * and its return (harness/campaign/process/counter.c).
 */
__attribute__((noinline)) static void run_measured(void)
{
    process.checksum = workload.run(process.mutator, process.arguments.workload_options, &process.random);
}

static void run_repeatedly(void)
{
    repetitions_run(process.repetitions, process.arguments.repetitions, process.mutator,
                    process.arguments.workload_options, process.arguments.seed, &process.repetition_count);
    process.checksum = process.repetitions[process.repetition_count - 1].checksum;
}

static void run_workload(void)
{
    random_seed(&process.random, process.arguments.seed);
    process.baseline_rss_bytes = resources_rss_bytes();
    processor_share_read(&process.begin_share);
    process.begin_usage = resources_usage_now();
    process.begin_ns = gc_clock();
    kernel_account_begin(&process.pause_log.kernel, process.begin_ns, &process.begin_usage);
    sample_now();
    if (process.arguments.counters)
        counters_start(&process.counters);
    if (setjmp(exhausted_jump) == 0) {
        if (process.repetitions)
            run_repeatedly();
        else
            run_measured();
    }
    if (process.arguments.counters)
        counters_stop(&process.counters);
    process.end_ns = gc_clock();
    process.end_usage = resources_usage_now();
    kernel_account_add(&process.pause_log.kernel, process.end_ns, &process.end_usage);
    processor_share_read(&process.end_share);
    process.mutator->observer.workload_returned = true;
    if (process.arguments.memory == ARGUMENTS_WARM)
        warm_end();
    else if (process.arguments.memory == ARGUMENTS_REHEARSE)
        rehearsal_end();
    process.max_rss_bytes = resources_peak_rss_bytes();
    /* After the peak above is read: reading the stack's size adds to the resident size. */
    process.stack_peak_bytes = resources_stack_bytes();
    if (process.arguments.memory == ARGUMENTS_REHEARSE)
        process.warm = rehearsal_plan(process.stack_peak_bytes);
    gc_charged_note(process.mutator, 0);
    process.heap_peak_bytes = process.mutator->account.charged_peak;
    process.heap_peak_objects = process.mutator->account.held_peak;
    process.external_peak_bytes = process.mutator->external.peak_bytes;
    process.roots_examined = process.mutator->observer.possible_roots_examined;
    process.roots_dead = process.mutator->observer.possible_roots_dead;
    sample_now();
}

/* Collects fully. Where there are finalisers, calls those that are due, and collects what they did not bring back. They
 * are no part of the run any more, so no limit holds for what they make. */
static void collect_all(struct gc_mutator *mutator)
{
    gc_collect(mutator, GC_COLLECT_FULL);
    if (!mutator->dues.finalises)
        return;
    mutator->clock.heap_limit = UINT64_MAX;
    gc_allocation_rearm(mutator);
    gc_finalise_due(mutator);
    gc_collect(mutator, GC_COLLECT_FULL);
}

/*
 * From here on nothing is recorded. After an early end the heap may be in the middle of a collection, so it
 * is left alone.
 */
static void count_what_is_left(void)
{
    struct gc_mutator *mutator = process.mutator;
    if (process.arguments.counters)
        counters_close(&process.counters);
    process.freed_before_cutoff = gc_freed_between(mutator, process.pause_log.collections.freed_objects +
                                                                mutator->account.freed_in_cascades);
    mutator->observer.listener = NULL;
    mutator->clock.sample_at = UINT64_MAX;
    mutator->observer.checkpoint = NULL;
    gc_allocation_rearm(mutator);
    if (!process.exhausted) {
        uint64_t begin = gc_clock();
        collect_all(mutator);
        process.final_collect_ns = gc_clock() - begin;
        process.collected_rss_bytes = resources_rss_bytes();
        check_heap();
        ending_unless_counted(mutator, &process.live);
        if (gc_collector.truth)
            process.truth = gc_collector.truth(mutator);
    }
    process.held_objects = gc_held_objects(mutator);
    process.held_bytes = gc_held_bytes(mutator);
    process.external_held_bytes = gc_external_held(mutator);
    process.freed_objects = mutator->account.freed_objects;
    process.freed_bytes = mutator->account.freed_bytes;
}

/* Drops the module's names and collects. Memory that is still resident then, nobody can reach. */
static void drop_everything(void)
{
    if (!process.exhausted) {
        gc_globals_drop(process.mutator);
        collect_all(process.mutator);
        gc_collector_stop(process.mutator);
    }
    process.final_rss_bytes = resources_rss_bytes();
}

/* Ends the process because of `errno`, which writing to the file has left. */
__attribute__((noreturn)) static void write_failed(const char *path)
{
    bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG || errno == EIO;
    ending_fail(full ? ENDING_STORAGE : ENDING_USAGE, "%s: %s", path, strerror(errno));
}

static void write_results(void)
{
    const struct arguments *arguments = &process.arguments;
    if (arguments->events &&
        pause_log_write_events(&process.pause_log, arguments->events, process.begin_ns) < 0)
        write_failed(arguments->events);
    if (arguments->phases &&
        phase_log_write(&process.pause_log.phases, arguments->phases, process.begin_ns) < 0)
        write_failed(arguments->phases);
    if (arguments->timeline &&
        pause_log_write_timeline(&process.pause_log, arguments->timeline, process.begin_ns) < 0)
        write_failed(arguments->timeline);
    if (arguments->latencies && workload.requests &&
        requests_write(arguments->latencies, process.begin_ns) < 0)
        write_failed(arguments->latencies);
    if (arguments->record && record_write(&process) < 0)
        write_failed(arguments->record);
}

/*
 * The address sanitizer asks for its options here, in a build that has it. Some collectors leak by design,
 * and the record says how much. A measured process inherits no environment, so an option there would not
 * reach it.
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
    arguments_read(argc, argv, &process.arguments);
    if (process.arguments.action == ARGUMENTS_DESCRIBE)
        return description_write() < 0;
    if (process.arguments.action == ARGUMENTS_HELP) {
        arguments_print_help(argv[0]);
        return 0;
    }
    fix_addresses(argv);
    loaded_allocator_identify(&process.allocator);
    if (loaded_allocator_verify(&process.allocator, process.arguments.allocator,
                                process.arguments.allocator_object, error, sizeof error) < 0)
        ending_fail(ENDING_USAGE, "%s", error);
    prepare_mutator();
    prepare_recording();
    prepare_requests();
    prepare_child();
    prepare_checkpoints();
    prepare_repetitions();
    prepare_counters();
    prepare_memory();
    run_workload();
    count_what_is_left();
    drop_everything();
    write_results();
    if (process.exhausted)
        fprintf(stderr, "%s-%s: %s\n", workload.name, gc_collector.name, process.exhausted);
    return process.exhausted ? ENDING_OOM : 0;
}
