/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/mman.h>

#include "collectors/collector-api.h"
#include "harness/stress/worker/trial-state.h"

enum {
    BUDGET_TIMES = 6,    /* a budget is so many times what a few objects take, at most, and a little */
    SAMPLE_BYTES = 4096, /* allocated from one sample to the next */
};

/* ---- callbacks ---- */

__attribute__((noreturn)) static void on_books(const char *line)
{
    trial_fail("books", "%s", line);
}

__attribute__((noreturn)) static void on_bounds(const char *line)
{
    trial_fail("bounds", "%s", line);
}

static void on_measure(struct reach *ret_reach)
{
    guard_off();
    if (reach_count(trial.mutator, ret_reach) < 0)
        trial_fail("environment", "no memory to walk what lives");
    guard_on();
}

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
    trial.visited = pause->kind == GC_PAUSE_FULL ? pause->visited_objects : trial.visited;
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
        trial_fail("environment", "no memory for the collector's own tables, or none for frames");
    longjmp(trial.exhausted, 1);
}

static void on_zeal(struct gc_mutator *mutator)
{
    const struct conditions *conditions = trial.request->conditions;
    uint64_t event = ++trial.events;
    (void)mutator;
    if (conditions->zeal == ZEAL_EVERY || (conditions->zeal == ZEAL_NTH && event % conditions->every == 0) ||
        (conditions->zeal == ZEAL_RANDOM && random_below(&trial.random, conditions->every) == 0))
        trial_collect();
    if (conditions->checks && random_below(&trial.random, conditions->checks) == 0)
        trial_check_heap();
}

static void on_checkpoint(struct gc_mutator *mutator, const char *label)
{
    (void)label;
    trial_look(mutator);
}

/* ---- what is drawn ---- */

struct guard_faults trial_draw(const struct vm_program *loaded)
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
    if (gc_collector.options->bytes > TRIAL_OPTION_BYTES)
        trial_fail("environment", "the collector's options take more than %d bytes", TRIAL_OPTION_BYTES);
    option_table_defaults(gc_collector.options, &trial.options);
    return &trial.options;
}

void trial_draw_options(void)
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
        trial_fail("environment", "%s", error);
    options_print(table, &trial.options, trial_drawn.options);
}

/* ---- the mutator ---- */

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
            trial_fail("environment", "no memory for shapes");
    }
    char *table = gc_collector.traits->conservative ? map : map + TABLE_BYTES - bytes;
    return memcpy(table, loaded->shapes, bytes);
}

/* Half of the programs that are not held to bounds have a sample at each object. So their peaks are known to one. */
static uint64_t sample_bytes(void)
{
    return !trial.request->conditions->bounds && trial.request->seed >> 5 & 1 ? 1 : SAMPLE_BYTES;
}

/* What external bytes count as: drawn, but nothing where bounds are looked at. Those speak of the heap alone. */
static enum gc_external_use external_use(const struct conditions *conditions)
{
    static const enum gc_external_use uses[] = {GC_EXTERNAL_WEIGHED, GC_EXTERNAL_CHARGED, GC_EXTERNAL_NOTED,
                                                GC_EXTERNAL_CHARGED};
    return conditions->bounds ? GC_EXTERNAL_NOTED : uses[trial.request->seed >> 6 & 3];
}

void trial_prepare_setup(const struct vm_program *loaded)
{
    const struct conditions *conditions = trial.request->conditions;
    memset(trial.mutator, 0, gc_collector.mutator_bytes);
    memset(trial.slots, 0, loaded->globals * sizeof *trial.slots);
    trial.listener = (struct gc_listener){.begin = on_begin, .pause = on_pause, .sample = on_sample};
    account_open(&trial.account, trial.request->program,
                 conditions->fault == FAULT_LIMIT ? trial_drawn.at : UINT64_MAX, sample_bytes(), on_books);
    if (conditions->bounds)
        bounds_open(&trial.bounds, &(struct bounds_setup){.failed = on_bounds,
                                                          .measure = on_measure,
                                                          .program = trial.request->program,
                                                          .options = &trial.options,
                                                          .structure = conditions->structure,
                                                          .ringless = conditions->ringless,
                                                          .refless = conditions->refless,
                                                          .leafless = conditions->leafless});
    trial.setup = (struct gc_mutator_setup){
        .slots = trial.slots,
        .slot_count = TRIAL_STACK_SLOTS,
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
        .external = external_use(conditions),
        .options = &trial.options,
    };
    trial.events = 0;
    trial.own = trial.own_full = 0;
    trial.asked = false;
}
