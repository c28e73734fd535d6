/* SPDX-License-Identifier: MIT */
#include "harness/stress/worker/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "collectors/collector-api.h"
#include "harness/runner/reach.h"
#include "harness/runner/resources.h"
#include "harness/stress/guard.h"
#include "harness/stress/worker/account.h"
#include "harness/stress/worker/bounds.h"
#include "harness/stress/worker/execute.h"
#include "harness/stress/worker/recount.h"
#include "harness/stress/worker/truth.h"

enum {
    STACK_SLOTS = PROGRAM_SLOTS_MAX + 1,
    OPTION_BYTES = 4096, /* room for a collector's options */
    BUDGET_TIMES = 6,    /* a budget is so many times what a few objects take, at most, and a little */
};

struct trial_drawn trial_drawn;

/* The state of the one trial. The collector's callbacks carry a mutator and no more. */
static struct {
    trial_failure failed;
    struct gc_mutator *mutator;
    struct gc_slot *slots;
    struct gc_ref *registers;
    struct gc_frame *frames;
    uint64_t register_room, frame_room;
    const struct trial_request *request;
    struct trial_result *result;
    struct gc_listener listener;
    struct account account;
    struct bounds bounds; /* where the conditions hold the collector to them */
    struct gc_mutator_setup setup;
    struct random_state random;
    /* The collector makes one block per object: equal faults then strike equal objects everywhere. */
    bool block_for_each;
    uint64_t least_bytes; /* that are outstanding where a few small objects are held */
    bool started;         /* the collector has started; it may run out of memory before */
    bool lost; /* the collector had no memory for its own tables: by the contract, the heap is not whole */
    bool collects_fully; /* no allocation failed during the last collection */
    bool asked;          /* the trial asked for the collection that runs */
    uint64_t own;        /* collections for which the trial did not ask */
    uint64_t own_full;   /* full ones among them */
    uint64_t events;     /* allocations, counted for zeal and for random checks */
    uint64_t *live;      /* objects that the model reaches at each checkpoint; only for the truth */
    uint64_t live_next;  /* the next checkpoint */
    jmp_buf exhausted;
    union {
        char bytes[OPTION_BYTES];
        max_align_t aligned;
    } options;
} trial;

__attribute__((noreturn, format(printf, 2, 3))) static void fail(const char *kind, const char *format, ...)
{
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    guard_off();
    trial.failed(kind, line);
}

__attribute__((noreturn)) static void on_guard(const char *line)
{
    fail("memory", "%s", line);
}

static uint64_t fold(uint64_t digest, uint64_t number)
{
    uint64_t z = (digest ^ number) * 0x9e3779b97f4a7c15u;
    return z ^ z >> 29;
}

__attribute__((noreturn)) static void on_books(const char *line)
{
    fail("books", "%s", line);
}

/* Returns whether a full collection leaves exactly what is reachable. Counting alone never frees a saturated
 * count. */
static bool is_exact(void)
{
    return gc_collector.traits->reclaims_cycles &&
           !(trial.request->conditions->stuck && gc_collector.traits->counts);
}

__attribute__((noreturn)) static void on_bounds(const char *line)
{
    fail("bounds", "%s", line);
}

static void on_measure(struct reach *ret_reach)
{
    guard_off();
    if (reach_count(trial.mutator, ret_reach) < 0)
        fail("environment", "no memory to walk what lives");
    guard_on();
}

/* ---- callbacks ---- */

static uint64_t on_begin(struct gc_listener *listener)
{
    (void)listener;
    account_pause_begins(&trial.account, trial.mutator);
    if (trial.request->conditions->bounds)
        bounds_pause_begins(&trial.bounds, trial.mutator, !trial.asked);
    return gc_clock();
}

static uint64_t on_sample(struct gc_listener *listener, const struct gc_mutator *mutator)
{
    (void)listener;
    if (trial.request->conditions->bounds)
        bounds_sample(&trial.bounds, mutator);
    return account_sample(&trial.account, mutator);
}

static void on_born(const struct gc_mutator *mutator)
{
    account_born(&trial.account, mutator);
}

static void on_pause(struct gc_listener *listener, const struct gc_pause *pause)
{
    (void)listener;
    account_pause_ended(&trial.account, trial.mutator, pause);
    if (trial.request->conditions->bounds)
        bounds_pause_ended(&trial.bounds, trial.mutator, pause, !trial.asked);
    if (pause->kind == GC_PAUSE_CASCADE) {
        trial.result->cascades++;
        return;
    }
    if (pause->kind == GC_PAUSE_SLICE)
        return;
    trial.result->collections++;
    trial.own += !trial.asked;
    trial.own_full += !trial.asked && pause->kind == GC_PAUSE_FULL;
    trial.result->collected += pause->freed_objects;
}

__attribute__((noreturn)) static void on_exhausted(struct gc_mutator *mutator, enum gc_exhaustion why)
{
    (void)mutator;
    trial.lost = why == GC_EXHAUSTED_METADATA && trial.request->conditions->fault == FAULT_TABLES;
    if (why != GC_EXHAUSTED_HEAP && !trial.lost)
        fail("environment", "no memory for the collector's own tables, or none for frames");
    longjmp(trial.exhausted, 1);
}

static void check_heap(void)
{
    const struct gc_mutator *mutator = trial.mutator;
    if (mutator->clock.event_at > mutator->clock.poll_at)
        fail("trigger", "the collector wants to be asked at %llu bytes, and would be at %llu",
             (unsigned long long)mutator->clock.poll_at, (unsigned long long)mutator->clock.event_at);
    gc_collector_check(trial.mutator);
    trial.result->checks++;
}

/* Returns a number that changes when a name refers to another address. */
static uint64_t addresses(const struct gc_mutator *mutator)
{
    uint64_t sum = 0;
    for (struct gc_slot *slot = mutator->roots.base; slot < mutator->roots.top; slot++)
        sum = sum * 31 + (uintptr_t)slot->ref.object;
    return sum;
}

/* Collects, and checks the heap before and after. Objects may move only under a collector that says so. */
static void collect_checked(void)
{
    struct gc_mutator *mutator = trial.mutator;
    check_heap();
    uint64_t before = addresses(mutator);
    uint64_t failed = guard_totals().failed;
    trial.asked = true;
    gc_collect(mutator, GC_COLLECT_FULL);
    trial.asked = false;
    trial.collects_fully = guard_totals().failed == failed;
    bool moved = addresses(mutator) != before;
    if (moved && !gc_collector.traits->moves)
        fail("moved", "a name refers to another address after a collection");
    trial.result->moved += moved;
    check_heap();
}

static void on_zeal(struct gc_mutator *mutator)
{
    const struct conditions *conditions = trial.request->conditions;
    uint64_t event = ++trial.events;
    (void)mutator;
    if (conditions->zeal == ZEAL_EVERY || (conditions->zeal == ZEAL_NTH && event % conditions->every == 0) ||
        (conditions->zeal == ZEAL_RANDOM && random_below(&trial.random, conditions->every) == 0))
        collect_checked();
    if (conditions->checks && random_below(&trial.random, conditions->checks) == 0)
        check_heap();
}

/* ---- checkpoints ---- */

static void compare_counts(const struct gc_mutator *mutator)
{
    struct recount_result result;
    bool exact = is_exact() && trial.collects_fully && !gc_collector.traits->observes;
    if (!gc_collector.traits->counts)
        return;
    if (recount(mutator, exact, &result) < 0)
        fail("environment", "no memory to count references");
    if (result.wrong)
        fail("count", "%llu of %llu objects: the first has %llu references, its count is %lld",
             (unsigned long long)result.wrong, (unsigned long long)result.objects,
             (unsigned long long)result.found, (long long)result.said);
}

static void compare_held(const struct gc_mutator *mutator, const struct reach *reach)
{
    uint64_t objects = gc_held_objects(mutator);
    uint64_t bytes = gc_held_bytes(mutator);
    bool right = is_exact() && trial.collects_fully ? objects == reach->objects && bytes == reach->bytes
                                                    : objects >= reach->objects && bytes >= reach->bytes;
    if (!gc_collector.traits->reclaims)
        right = objects == mutator->clock.allocated_objects && right;
    if (!right)
        fail("held", "%llu objects of %llu bytes live, %llu of %llu are held after a full collection",
             (unsigned long long)reach->objects, (unsigned long long)reach->bytes,
             (unsigned long long)objects, (unsigned long long)bytes);
}

static void compare_model(const struct reach *reach)
{
    if (!trial.live)
        return;
    uint64_t expected = trial.live[trial.live_next++];
    if (reach->objects != expected)
        fail("model", "%llu objects live, by the model %llu", (unsigned long long)reach->objects,
             (unsigned long long)expected);
}

static void fold_counted(struct gc_mutator *mutator)
{
    const struct gc_traits *traits = gc_collector.traits;
    uint64_t objects = gc_held_objects(mutator);
    uint64_t bytes = gc_held_bytes(mutator);
    /* Counts are saturated for the truth, and not where there are none. */
    if (trial.request->conditions->stuck && !traits->counts)
        return;
    if (gc_collector.counted)
        gc_collector.counted(mutator, &objects, &bytes);
    else if (!(traits->frees_at_once || traits->frees_late) || traits->reclaims_cycles)
        return;
    trial.result->counted = fold(fold(trial.result->counted, objects), bytes) | 1;
}

/* Checks everything that can be known of the heap at a checkpoint. */
static void look(struct gc_mutator *mutator)
{
    struct reach reach;
    collect_checked();
    guard_off();
    if (reach_count(mutator, &reach) < 0)
        fail("environment", "no memory to walk what lives");
    compare_held(mutator, &reach);
    compare_counts(mutator);
    fold_counted(mutator);
    struct trial_result *result = trial.result;
    result->digest = fold(fold(fold(result->digest, reach.digest), reach.objects), reach.bytes);
    guard_on();
    /* The model has no notion of memory. Its answers hold only at the program's own checkpoints. */
    if (mutator->observer.checkpoint)
        compare_model(&reach);
}

static void on_checkpoint(struct gc_mutator *mutator, const char *label)
{
    (void)label;
    look(mutator);
}

/* ---- the phases, in order ---- */

/* Draws the values that the conditions leave to the seed. */
static struct guard_faults draw(const struct vm_program *loaded)
{
    const struct conditions *conditions = trial.request->conditions;
    struct guard_faults faults = {.poison = trial.request->seed};
    random_seed(&trial.random, trial.request->seed ^ 0x5eed5eed5eed5eedu);
    uint64_t at = 1 + random_below(&trial.random, (uint64_t)loaded->objects + 1);
    /* Tables grow by tens of KiB. With no room for any, a collector that has tables makes no
     * object at all. */
    if (conditions->fault == FAULT_LIMIT)
        at = at * 24 + random_below(&trial.random, 5) * 65536;
    if (conditions->fault == FAULT_BUDGET)
        at = at * 32 + random_below(&trial.random, 5) * 512;
    /* Who takes memory for many objects at a time needs as much for the first. */
    if (conditions->fault == FAULT_BUDGET && !trial.block_for_each)
        at += trial.least_bytes * (1 + random_below(&trial.random, BUDGET_TIMES));
    if (conditions->fault == FAULT_TABLES)
        at = 1 + random_below(&trial.random, 8); /* collectors ask for few mappings, but those grow */
    at = conditions->at ? conditions->at : at;
    if (conditions->fault == FAULT_ONE)
        faults.one = at;
    else if (conditions->fault == FAULT_FROM)
        faults.from = at;
    else if (conditions->fault == FAULT_BUDGET)
        faults.budget = at;
    else if (conditions->fault == FAULT_TABLES)
        faults.tables = at;
    trial_drawn.at = conditions->fault == FAULT_NONE ? 0 : at;
    return faults;
}

const void *trial_options_default(void)
{
    if (gc_collector.options->bytes > OPTION_BYTES)
        fail("environment", "the collector's options take more than %d bytes", OPTION_BYTES);
    option_table_defaults(gc_collector.options, &trial.options);
    return &trial.options;
}

static void draw_options(void)
{
    const struct option_table *table = gc_collector.options;
    char error[OPTION_ERROR_BYTES];
    trial_options_default();
    /* The options come from a sequence of their own, so that given options leave the rest of a trial the
     * same. */
    struct random_state random;
    random_seed(&random, trial.request->seed ^ 0x0910051e5e1ec7edu);
    if (trial.request->conditions->vary)
        options_draw(table, &trial.options, (enum conditions_vary)trial.request->conditions->vary, &random);
    else if (option_table_parse(table, trial.request->options, &trial.options, error) < 0)
        fail("environment", "%s", error);
    options_print(table, &trial.options, trial_drawn.options);
}

/* Puts the program's shapes at the end of a page behind which nothing is mapped. A false header reads its
 * shape from there, and traps. A conservative collector may hold objects of the programs before, which had other
 * shapes: it finds a shape for each index. */
static const struct gc_shape *shapes_fence(const struct vm_program *loaded)
{
    enum { TABLE_BYTES = 2 << 20, FENCE_BYTES = 4 << 20 };
    static char *map;
    uint64_t bytes = loaded->shape_count * sizeof *loaded->shapes;
    if (!map) {
        map = mmap(NULL, TABLE_BYTES + FENCE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (map == MAP_FAILED || mprotect(map, TABLE_BYTES, PROT_READ | PROT_WRITE) < 0)
            fail("environment", "no memory for shapes");
    }
    char *table = gc_collector.traits->conservative ? map : map + TABLE_BYTES - bytes;
    return memcpy(table, loaded->shapes, bytes);
}

static void prepare_setup(const struct vm_program *loaded)
{
    const struct conditions *conditions = trial.request->conditions;
    memset(trial.mutator, 0, gc_collector.mutator_bytes);
    memset(trial.slots, 0, loaded->globals * sizeof *trial.slots);
    trial.listener = (struct gc_listener){.begin = on_begin, .pause = on_pause, .sample = on_sample};
    account_open(&trial.account, trial.request->program,
                 conditions->fault == FAULT_LIMIT ? trial_drawn.at : UINT64_MAX, on_books);
    if (conditions->bounds)
        bounds_open(&trial.bounds, &(struct bounds_setup){.failed = on_bounds,
                                                          .measure = on_measure,
                                                          .program = trial.request->program,
                                                          .options = &trial.options,
                                                          .structure = conditions->structure,
                                                          .ringless = conditions->ringless,
                                                          .refless = conditions->refless});
    trial.setup = (struct gc_mutator_setup){
        .slots = trial.slots,
        .slot_count = STACK_SLOTS,
        .shapes = shapes_fence(loaded),
        .shape_count = loaded->shape_count,
        .global_count = loaded->globals,
        .heap_limit = conditions->fault == FAULT_LIMIT ? trial_drawn.at : UINT64_MAX,
        .exhausted = on_exhausted,
        .observer = {.listener = &trial.listener,
                     .checkpoint = on_checkpoint,
                     .counts_possible_roots = trial.request->seed >> 4 & 1},
        .test = {.zeal = conditions->zeal != ZEAL_NONE || conditions->checks ? on_zeal : NULL,
                 .returns_memory = trial.request->seed >> 3 & 1, /* the bits below it choose the poison */
                 .small_chunks = conditions->small},
        .options = &trial.options,
    };
    trial.events = 0;
    trial.own = trial.own_full = 0;
    trial.asked = false;
}

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

/* Prepares the answers of the model, only for the collector with which the others are compared. */
static int prepare_truth(const struct program *program)
{
    free(trial.live);
    trial.live = gc_collector.traits->observes ? truth_live(program) : NULL;
    trial.live_next = 0;
    return trial.live || !gc_collector.traits->observes ? 0 : -1;
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
        fail("count", "operation %llu and %llu others: the count is not what the program says",
             (unsigned long long)execution->first_wrong + 1, (unsigned long long)execution->count_wrong - 1);
    trial.result->digest = fold(trial.result->digest, execution->checksum);
}

/* Checks how often the collector began by itself. Programs with COLLECTs are not for it. */
static void compare_own(void)
{
    const struct conditions *conditions = trial.request->conditions;
    if (gc_collector.traits->reclaims_cycles &&
        (trial.own < conditions->least || (conditions->most && trial.own_full > conditions->most)))
        fail("trigger", "%llu collections began by themselves, %llu of them full, not %llu to %llu",
             (unsigned long long)trial.own, (unsigned long long)trial.own_full,
             (unsigned long long)conditions->least, (unsigned long long)conditions->most);
}

/*
 * Looks at the heap as it was when memory ran out: it must be whole. And it must be full. After one more full
 * collection, the object for which there was no memory would not fit. `limit` is that of the heap at the
 * time, in bytes. A conservative collector may free later what it has kept.
 */
static void look_exhausted(uint64_t limit)
{
    struct gc_mutator *mutator = trial.mutator;
    const struct conditions *conditions = trial.request->conditions;
    struct account *account = &trial.account;
    look(mutator);
    if (gc_collector.traits->conservative)
        return;
    struct guard_totals totals = guard_totals();
    uint64_t needed = gc_held_bytes(mutator) + (gc_held_objects(mutator) + 1) * account->prefix_bytes +
                      account->largest + mutator->account.metadata_peak;
    if (conditions->fault == FAULT_LIMIT && needed <= limit)
        fail("limit", "memory ran out under a limit of %llu bytes, where %llu are enough",
             (unsigned long long)limit, (unsigned long long)needed);
    if (conditions->fault == FAULT_BUDGET && trial.block_for_each &&
        totals.bytes + totals.refused <= trial_drawn.at)
        fail("limit", "memory ran out where %llu bytes may be outstanding, %llu are, and %llu were asked for",
             (unsigned long long)trial_drawn.at, (unsigned long long)totals.bytes,
             (unsigned long long)totals.refused);
}

/* The operation that had no memory: it would have made the next object. NULL: none would have. */
static const struct program_op *op_exhausted(void)
{
    const struct program *program = trial.request->program;
    uint64_t made = 0;
    for (uint64_t i = 0; i < program->op_count; i++)
        if (program->ops[i].code == PROGRAM_NEW && made++ == trial.mutator->clock.allocated_objects)
            return &program->ops[i];
    return NULL;
}

/*
 * Makes the object for which there was no memory, under the same budget, after one more full collection by which the
 * collector gives back all that is free. Who has not collected, or has kept what is free, finds memory now. A collector
 * that moves objects wants room for copies of all that may live, and so may find some; a conservative one may free
 * later what it has kept.
 */
static void try_again(void)
{
    struct gc_mutator *mutator = trial.mutator;
    const struct gc_traits *traits = gc_collector.traits;
    const struct program_op *op = op_exhausted();
    if (trial.request->conditions->fault != FAULT_BUDGET || traits->moves || traits->conservative || !op)
        return;
    mutator->test.returns_memory = true;
    if (setjmp(trial.exhausted) != 0)
        return;
    collect_checked();
    execute_new(mutator, &mutator->shapes[op->b], op->c);
    fail("limit",
         "memory ran out where %llu bytes may be outstanding, and after one more full collection there is "
         "enough",
         (unsigned long long)trial_drawn.at);
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
    if (trial.result->exhausted)
        try_again();
    guard_faults_end();
    if (trial.result->exhausted)
        look_exhausted(limit);
    execute_leave(mutator);
    look(mutator);
    gc_globals_drop(mutator);
    look(mutator);
    trial.result->held = gc_held_objects(mutator);
    trial.result->freed_at_zero = mutator->account.freed_objects - trial.result->collected;
    gc_collector_stop(mutator);
    account_close(&trial.account, mutator, guard_totals().mapped);
    guard_off();
}

static void compare_leftovers(void)
{
    guard_verify();
    struct guard_totals totals = guard_totals();
    trial.result->failed = totals.failed;
    uint64_t expected = is_exact() ? 0 : trial.result->held;
    if (totals.pieces != expected && (is_exact() || trial.block_for_each))
        fail("leftover", "%llu blocks of %llu bytes are left after the end, not %llu",
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
    trial.slots = resources_map(STACK_SLOTS * sizeof *trial.slots);
    trial.mutator = resources_map(gc_collector.mutator_bytes);
    return trial.slots && trial.mutator && guard_open(on_guard) == 0 ? calibrate() : -1;
}

int trial_run(const struct trial_request *request, struct trial_result *ret_result)
{
    struct vm_program loaded;
    struct execution execution = {.stuck_every = request->conditions->stuck,
                                  .born = request->conditions->fault == FAULT_LIMIT ? on_born : NULL};
    *ret_result = (struct trial_result){.operations = request->program->op_count};
    trial.request = request;
    trial.result = ret_result;
    if (vm_load(request->program, &loaded) < 0)
        return -1;
    if (prepare_machine(&loaded) < 0 || prepare_truth(request->program) < 0) {
        vm_unload(&loaded);
        return -1;
    }
    struct guard_faults faults = draw(&loaded);
    draw_options();
    guard_begin(&faults);
    prepare_setup(&loaded);
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
        tear_down();
        compare_leftovers();
    }
    guard_off();
    vm_unload(&loaded);
    ret_result->alike = fares_alike();
    if (!ret_result->alike)
        ret_result->counted = 0;
    return 0;
}
