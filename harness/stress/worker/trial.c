/* SPDX-License-Identifier: MIT */
#include "harness/stress/worker/trial.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "collectors/collector-api.h"
#include "harness/runner/resources.h"
#include "harness/stress/worker/execute.h"
#include "harness/stress/worker/trial-state.h"
#include "harness/stress/worker/truth.h"

struct trial_drawn trial_drawn;
struct trial trial;

void trial_fail(const char *kind, const char *format, ...)
{
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    guard_off();
    trial.failed(kind, line);
}

uint64_t trial_fold(uint64_t digest, uint64_t number)
{
    uint64_t z = (digest ^ number) * 0x9e3779b97f4a7c15u;
    return z ^ z >> 29;
}

bool trial_is_exact(void)
{
    return gc_collector.traits->reclaims_cycles &&
           !(trial.request->conditions->stuck && gc_collector.traits->counts);
}

__attribute__((noreturn)) static void on_guard(const char *line)
{
    trial_fail("memory", "%s", line);
}

static void on_born(const struct gc_mutator *mutator)
{
    account_born(&trial.account, mutator);
}

/* ---- the phases, in order ---- */

static void *room(void *memory, uint64_t *capacity, uint64_t count, uint64_t size)
{
    if (count <= *capacity && memory)
        return memory;
    free(memory);
    *capacity = count;
    return malloc(count * size);
}

static int prepare_machine(const struct vm_program *loaded)
{
    trial.registers =
        room(trial.registers, &trial.register_room, loaded->registers + 1, sizeof *trial.registers);
    trial.frames = room(trial.frames, &trial.frame_room, loaded->op_count + 1, sizeof *trial.frames);
    return trial.registers && trial.frames ? 0 : -1;
}

/* Prepares the answers of the model: what lives, for the collector with which the others are compared; and what is held
 * while something is frozen. */
static int prepare_truth(const struct program *program)
{
    bool freezes = false;
    free(trial.live);
    free(trial.frozen);
    trial.live = gc_collector.traits->observes ? truth_live(program) : NULL;
    trial.frozen = gc_collector.traits->freezes ? truth_frozen(program, &freezes) : NULL;
    trial.live_next = trial.frozen_next = 0;
    return (trial.live || !gc_collector.traits->observes) && (trial.frozen || !freezes) ? 0 : -1;
}

/* Runs the program. Returns false when the program ended for want of memory. */
static bool run(const struct vm_program *loaded, struct execution *execution)
{
    trial.started = false;
    trial.lost = false;
    guard_on();
    if (setjmp(trial.exhausted) != 0)
        return false;
    gc_mutator_open(trial.mutator, &trial.setup);
    trial.mutator->clock.sample_at = trial.account.sample_at;
    gc_allocation_rearm(trial.mutator);
    trial.started = true;
    execute_program(trial.mutator, loaded, trial.registers, trial.frames, execution);
    return true;
}

static void compare_run(const struct execution *execution)
{
    /* Saturated counts disagree with the program's COUNTs, as they must. */
    if (execution->count_wrong && !trial.request->conditions->stuck)
        trial_fail("count", "operation %llu and %llu others: the count is not what the program says",
                   (unsigned long long)execution->first_wrong + 1,
                   (unsigned long long)execution->count_wrong - 1);
    trial.result->digest = trial_fold(trial.result->digest, execution->checksum);
}

/*
 * Checks how often the collector began by itself. Programs with COLLECTs are not for it. Full collections are not
 * demanded of who has begun young ones: those may have freed each ring before a full one was due. What such a
 * collector may hold without a full one, and how long it may wait, its bounds say.
 */
static void compare_own(void)
{
    const struct conditions *conditions = trial.request->conditions;
    bool has_young = trial.own > trial.own_full;
    if (!gc_collector.traits->reclaims_cycles)
        return;
    if (trial.own < conditions->least || (trial.own_full < conditions->least_full && !has_young))
        trial_fail("trigger",
                   "%llu collections began by themselves, %llu of them full: at least %llu and %llu",
                   (unsigned long long)trial.own, (unsigned long long)trial.own_full,
                   (unsigned long long)conditions->least, (unsigned long long)conditions->least_full);
    if (conditions->most && trial.own_full > conditions->most)
        trial_fail("trigger", "%llu full collections began by themselves: at most %llu",
                   (unsigned long long)trial.own_full, (unsigned long long)conditions->most);
}

/* Drops every name, and with the names everything that the collector can free. Then drops the collector's own
 * tables. */
static void tear_down(void)
{
    struct gc_mutator *mutator = trial.mutator;
    uint64_t limit = mutator->clock.heap_limit;
    mutator->observer.checkpoint = NULL;
    mutator->test.zeal = NULL;
    mutator->clock.heap_limit = UINT64_MAX;
    gc_allocation_rearm(mutator);
    if (trial.result->exhausted &&
        !trial.frozen) /* each of more collections may find more of what was frozen */
        trial_try_again();
    guard_faults_end();
    gc_unfreeze(mutator);
    if (trial.result->exhausted)
        trial_look_exhausted(limit);
    execute_leave(mutator);
    trial_look(mutator);
    uint32_t calls;
    do { /* a finaliser may bind a name anew */
        calls = mutator->dues.calls;
        gc_globals_drop(mutator);
        trial_look(mutator);
    } while (mutator->dues.calls != calls);
    trial.result->held = gc_held_objects(mutator);
    trial.result->freed_at_zero = gc_freed_between(mutator, trial.result->collected);
    gc_collector_stop(mutator);
    account_close(&trial.account, mutator, guard_totals().mapped);
    guard_off();
}

static void compare_leftovers(void)
{
    guard_verify();
    struct guard_totals totals = guard_totals();
    trial.result->failed = totals.failed;
    uint64_t expected = trial_is_exact() ? 0 : trial.result->held;
    if (totals.pieces != expected && (trial_is_exact() || trial.block_for_each))
        trial_fail("leftover", "%llu blocks of %llu bytes are left after the end, not %llu",
                   (unsigned long long)totals.pieces, (unsigned long long)totals.bytes,
                   (unsigned long long)expected);
}

/*
 * Returns whether the program fares alike under every collector, also where it runs out of memory. A
 * collector's own tables count against a limit, so under a limit each program ends elsewhere. Where
 * allocations fail, those collectors agree that make one allocation for each object.
 */
static bool fares_alike(void)
{
    uint64_t fault = trial.request->conditions->fault;
    return fault == FAULT_NONE || ((fault == FAULT_ONE || fault == FAULT_FROM) && trial.block_for_each);
}

/* Finds out whether the collector takes a block for each object, by making a few objects. */
static int calibrate(void)
{
    enum { OBJECTS = 32 };
    struct program program;
    struct conditions conditions;
    struct trial_request request = {.program = &program, .conditions = &conditions};
    struct trial_result result;
    option_table_defaults(&conditions_table, &conditions);
    program_init(&program);
    program.globals = OBJECTS;
    int status = program_add_shape(&program, &(struct gc_shape){.name = "leaf", .payload = 8}) < 0 ? -1 : 0;
    for (uint32_t i = 0; i < OBJECTS && status == 0; i++)
        status = program_add(&program, (struct program_op){PROGRAM_NEW, i, 0, 0});
    if (status == 0)
        status = trial_run(&request, &result);
    trial.block_for_each = result.blocks == OBJECTS;
    trial.least_bytes = result.block_bytes;
    program_free(&program);
    return status;
}

int trial_open(trial_failure failed)
{
    trial.failed = failed;
    trial.slots = resources_map(TRIAL_STACK_SLOTS * sizeof *trial.slots);
    trial.mutator = resources_map(gc_collector.mutator_bytes);
    return trial.slots && trial.mutator && guard_open(on_guard) == 0 ? calibrate() : -1;
}

/* Whether the collector runs the program. What comes of finalisers and weak references is known of collectors that have
 * them, and not where saturated counts keep what is dead. One that finds no rings is asked about none: neither by the
 * program nor where it stops before its end. */
static bool takes_part(const struct trial_request *request)
{
    const struct gc_traits *traits = gc_collector.traits;
    return !program_is_finalising(request->program) ||
           (traits->finalises && !request->conditions->stuck &&
            (traits->reclaims_cycles ||
             (request->conditions->fault == FAULT_NONE && truth_is_counted(request->program))));
}

/* Whether the end of the program is the same under every collector: see truth.h. No memory of the model is the guard's. */
static bool ends_alike(void)
{
    const struct program *program = trial.request->program;
    const struct program_op *op = trial.result->exhausted ? trial_op_exhausted() : NULL;
    uint64_t done = op ? (uint64_t)(op - program->ops) : program->op_count;
    guard_off();
    bool alike = truth_ends_alike(program, done, trial.result->exhausted);
    guard_on();
    return alike;
}

int trial_run(const struct trial_request *request, struct trial_result *ret_result)
{
    struct vm_program loaded;
    struct execution execution = {.stuck_every = request->conditions->stuck,
                                  .born = request->conditions->fault == FAULT_LIMIT ? on_born : NULL};
    *ret_result = (struct trial_result){0};
    if (!takes_part(request))
        return 0;
    *ret_result = (struct trial_result){.operations = request->program->op_count};
    trial.request = request;
    trial.result = ret_result;
    if (vm_load(request->program, &loaded) < 0)
        return -1;
    if (prepare_machine(&loaded) < 0 || prepare_truth(request->program) < 0) {
        vm_unload(&loaded);
        return -1;
    }
    struct guard_faults faults = trial_draw(&loaded);
    trial_draw_options();
    guard_begin(&faults);
    trial_prepare_setup(&loaded);
    ret_result->exhausted = !run(&loaded, &execution);
    ret_result->blocks = guard_totals().pieces;
    ret_result->block_bytes = guard_totals().bytes;
    if (!ret_result->exhausted) {
        compare_run(&execution);
        compare_own();
        account_clock(&trial.account, trial.mutator, request->program);
        if (request->conditions->bounds)
            bounds_end(&trial.bounds, trial.mutator);
    }
    ret_result->failed = guard_totals().failed;
    if (trial.started && !trial.lost) {
        uint64_t digest = ret_result->digest;
        bool alike = ends_alike();
        tear_down();
        compare_leftovers();
        if (!alike) /* what was folded before the end is compared, and 0 would say that nothing is */
            ret_result->digest = trial_fold(digest, 1);
    }
    guard_off();
    vm_unload(&loaded);
    ret_result->alike = fares_alike();
    if (!ret_result->alike)
        ret_result->counted = 0;
    return 0;
}
