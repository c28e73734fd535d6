/* SPDX-License-Identifier: MIT */
/*
 * Random programs with finalisers and weak references, under the one collector with which it is linked; the model says
 * what must come of each.
 *
 * Operations are drawn, and what the model objects to is left out. `leads` and `called` are asked with the model's
 * answers. Behind each `finalise` the collector's own check must pass, an independent walk must reach as many objects as
 * the model does, and the collector must hold no more. Half of the programs have a collection at every allocation, and
 * the collector's thresholds are small in most.
 *
 * What the contract leaves to the collector is not drawn. An object that its finaliser keeps holds nothing. Weak
 * references with callbacks are held by names alone. Under a collector that does not find rings there are none.
 *
 * usage: finalisers-COLLECTOR [SEED]      all seeds, or this one; prints TAP
 */
#include "base/random.h"
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "harness/runner/reach.h"
#include "tests/tap.h"
#include "workloads/replay/vm-run.h"

enum { PROGRAMS = 300, OPERATIONS = 600, SLOTS = 1 << 12, MODEL_LIMIT = 1 << 24 };

enum shape { NODE, FILE_OF, KEPT, HANDLE, LINK, BELL, PAIR, PLAIN, ARRAY, SHAPES };
static const struct gc_shape shapes[] = {
    [NODE] = {.name = "node", .flags = GC_SHAPE_REFERENT, .refs = 2, .payload = 8},
    [FILE_OF] = {.name = "file", .flags = GC_SHAPE_FINALISED | GC_SHAPE_REFERENT, .refs = 3, .payload = 8},
    [KEPT] = {.name = "kept",
              .flags = GC_SHAPE_FINALISED | PROGRAM_SHAPE_KEEPS | GC_SHAPE_REFERENT,
              .payload = 8},
    [HANDLE] = {.name = "handle", .flags = GC_SHAPE_FINALISED | GC_SHAPE_ACYCLIC, .payload = 6000},
    [LINK] = {.name = "link", .flags = GC_SHAPE_WEAK | GC_SHAPE_ACYCLIC | GC_SHAPE_REFERENT, .payload = 32},
    [BELL] = {.name = "bell", .flags = GC_SHAPE_WEAK | GC_SHAPE_CALLED, .refs = 1, .payload = 40},
    [PAIR] = {.name = "pair",
              .flags = GC_SHAPE_WEAK | GC_SHAPE_EPHEMERON | GC_SHAPE_REFERENT,
              .refs = 2,
              .payload = 32},
    [PLAIN] = {.name = "plain", .refs = 2, .payload = 8},
    [ARRAY] = {.name = "array", .flags = GC_SHAPE_REFS_VARY},
};
static_assert(sizeof shapes / sizeof *shapes == SHAPES, "a shape for each name");

static struct gc_slot slots[SLOTS];
static uint64_t seed_now;

/* What the model expects at each checkpoint: objects that are reachable. */
static uint64_t expected[OPERATIONS + 1];
static uint64_t expected_count;
static uint64_t expected_next;

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    printf("Bail out! seed %" PRIu64 ": ", seed_now);
    vprintf(format, values);
    putchar('\n');
    va_end(values);
    exit(1);
}

/* ---- drawing a program ---- */

struct writer {
    struct random_state random;
    struct model model;
    struct program *program;
};

static uint32_t below(struct writer *writer, uint64_t bound)
{
    return (uint32_t)random_below(&writer->random, bound);
}

static bool add(struct writer *writer, struct program_op op)
{
    struct model_places places;
    if (model_objection(&writer->model, &op))
        return false;
    if (model_apply(&writer->model, &op, &places) || program_add(writer->program, op) < 0)
        fail("the model fails at operation %" PRIu64, writer->program->op_count + 1);
    return true;
}

/* An object that a slot holds, as an operand, or null. */
static uint32_t draw_object(struct writer *writer)
{
    const struct model *model = &writer->model;
    return model->slots[below(writer, model->top)].object;
}

static enum shape shape_of(const struct writer *writer, uint32_t operand)
{
    return (enum shape)writer->model.objects[operand - 1].shape;
}

/* Two finalisers that keep could be due at once: one waits until the one before has been called. */
static bool may_keep(const struct writer *writer)
{
    for (uint32_t i = 0; i < writer->model.object_count; i++) {
        if (writer->model.objects[i].shape == KEPT && !writer->model.attended[i].finalised)
            return false;
    }
    for (uint32_t i = 0; i < writer->model.due_count; i++) {
        if (writer->model.objects[writer->model.dues[i]].shape == KEPT)
            return false;
    }
    return true;
}

static void draw_new(struct writer *writer)
{
    uint32_t shape = below(writer, SHAPES);
    uint32_t length = shape == ARRAY ? below(writer, 5) : 0;
    if (shape != KEPT || may_keep(writer))
        add(writer, (struct program_op){PROGRAM_NEW, below(writer, writer->model.top), shape, length});
}

static void draw_store(struct writer *writer)
{
    uint32_t holder = draw_object(writer);
    uint32_t value = below(writer, 5) ? draw_object(writer) : PROGRAM_NULL;
    if (!holder || writer->model.objects[holder - 1].field_count == 0)
        return;
    if (value && (shape_of(writer, value) == BELL || (!gc_traits.reclaims_cycles && value >= holder)))
        return;
    uint32_t field = below(writer, writer->model.objects[holder - 1].field_count);
    add(writer, (struct program_op){PROGRAM_STORE, holder, field, value});
}

static void draw_get(struct writer *writer)
{
    uint32_t holder = draw_object(writer);
    if (!holder || writer->model.objects[holder - 1].field_count == 0)
        return;
    uint32_t field = below(writer, writer->model.objects[holder - 1].field_count);
    uint32_t found = model_field(&writer->model, holder - 1, field);
    uint32_t slot = below(writer, writer->model.top);
    if (add(writer, (struct program_op){PROGRAM_GET, holder, field, 0}) && found)
        add(writer, (struct program_op){PROGRAM_SET, slot, found, 0});
}

static void draw_weak(struct writer *writer)
{
    uint32_t weak = draw_object(writer);
    uint32_t referent = below(writer, 6) ? draw_object(writer) : PROGRAM_NULL;
    if (weak && gc_shape_is_attended(&shapes[shape_of(writer, weak)]))
        add(writer, (struct program_op){PROGRAM_WEAK, weak, referent, 0});
}

/* Under a collector that does not find rings an ephemeron and its key are younger than the value, which so leads to
 * neither. */
static void draw_ephemeron(struct writer *writer)
{
    uint32_t pair = draw_object(writer);
    for (int look = 0; look < 4 && !(pair && shape_of(writer, pair) == PAIR); look++)
        pair = draw_object(writer);
    uint32_t key = below(writer, 8) ? draw_object(writer) : PROGRAM_NULL;
    uint32_t value = key && below(writer, 8) ? draw_object(writer) : PROGRAM_NULL;
    if (!pair || shape_of(writer, pair) != PAIR || (value && shape_of(writer, value) == BELL))
        return;
    if (value && !gc_traits.reclaims_cycles && (value >= pair || value >= key))
        return;
    add(writer, (struct program_op){PROGRAM_EPHEMERON, pair, key, value});
}

/* Asks where a weak reference leads, if that can be said. */
static void draw_leads(struct writer *writer)
{
    uint32_t weak = draw_object(writer);
    if (weak)
        add(writer, (struct program_op){PROGRAM_LEADS, weak, writer->model.attended[weak - 1].referent, 0});
}

static void draw_finalise(struct writer *writer)
{
    add(writer, (struct program_op){.code = PROGRAM_FINALISE});
    add(writer, (struct program_op){.code = PROGRAM_CALLED, .a = writer->model.calls});
    for (uint32_t slot = 0; slot < writer->model.top; slot++) {
        uint32_t held = writer->model.slots[slot].object;
        if (held)
            add(writer,
                (struct program_op){PROGRAM_LEADS, held, writer->model.attended[held - 1].referent, 0});
    }
    add(writer, (struct program_op){.code = PROGRAM_CHECKPOINT});
    expected[expected_count++] = model_reachable(&writer->model);
}

static void draw_operation(struct writer *writer)
{
    uint32_t slot = below(writer, writer->model.top);
    uint32_t other = below(writer, writer->model.top);
    switch (below(writer, 27)) {
    case 0:
        if (writer->model.frame_count < 6)
            add(writer, (struct program_op){PROGRAM_ENTER, 1 + below(writer, 5), 0, 0});
        return;
    case 1:
        if (writer->model.frame_count > 1)
            add(writer, (struct program_op){.code = PROGRAM_LEAVE});
        return;
    case 2:
        add(writer, (struct program_op){PROGRAM_COLLECT, below(writer, 2), 0, 0});
        return;
    case 3:
        draw_finalise(writer);
        return;
    case 4:
        add(writer, (struct program_op){PROGRAM_MOVE, slot, other, 0});
        return;
    case 5:
        add(writer, (struct program_op){PROGRAM_SET, slot, draw_object(writer), 0});
        return;
    case 6:
    case 7:
        add(writer, (struct program_op){PROGRAM_DEL, slot, 0, 0});
        return;
    case 8:
    case 9:
        draw_get(writer);
        return;
    case 10:
    case 11:
    case 12:
        draw_weak(writer);
        return;
    case 24:
    case 25:
    case 26:
        draw_ephemeron(writer);
        return;
    case 13:
        draw_leads(writer);
        return;
    case 14:
    case 15:
    case 16:
    case 17:
        draw_store(writer);
        return;
    default:
        draw_new(writer);
        return;
    }
}

static void program_draw(struct program *ret_program)
{
    struct writer writer = {.program = ret_program};
    random_seed(&writer.random, seed_now);
    program_init(ret_program);
    ret_program->globals = 2;
    expected_count = expected_next = 0;
    for (int i = 0; i < SHAPES; i++) {
        if (program_add_shape(ret_program, &shapes[i]) < 0)
            fail("a shape is refused");
    }
    if (model_open(&writer.model, ret_program->shapes, SHAPES, ret_program->globals, MODEL_LIMIT) < 0)
        fail("no memory for a model");
    add(&writer, (struct program_op){PROGRAM_ENTER, 6, 0, 0});
    for (int i = 0; i < OPERATIONS; i++)
        draw_operation(&writer);
    draw_finalise(&writer);
    model_close(&writer.model);
}

/* ---- running it ---- */

static void on_checkpoint(struct gc_mutator *mutator, const char *label)
{
    struct reach reach;
    uint64_t reachable = expected[expected_next++];
    (void)label;
    gc_collector_check(mutator);
    if (reach_count(mutator, &reach) == 0 && reach.objects != reachable)
        fail("checkpoint %" PRIu64 ": %" PRIu64 " objects are reachable, in the model %" PRIu64,
             expected_next, reach.objects, reachable);
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_collector_check(mutator);
    if (gc_held_objects(mutator) != reachable)
        fail("checkpoint %" PRIu64 ": %" PRIu64 " objects are held, and %" PRIu64 " reachable", expected_next,
             gc_held_objects(mutator), reachable);
}

__attribute__((noreturn)) static void on_exhausted(struct gc_mutator *mutator, enum gc_exhaustion why)
{
    (void)mutator;
    fail("exhausted: %d", (int)why);
}

static void collect_always(struct gc_mutator *mutator)
{
    gc_collect(mutator, mutator->clock.allocated_objects % 3 ? GC_COLLECT_YOUNG : GC_COLLECT_FULL);
}

/* Options of whole numbers near their least, in three programs of four. */
static void options_draw(struct random_state *random, void *values)
{
    const struct option_table *table = gc_collector.options;
    bool small = random_below(random, 4) > 0;
    option_table_defaults(table, values);
    for (size_t i = 0; i < table->count && small; i++) {
        const struct option_spec *option = &table->options[i];
        char text[96];
        char error[OPTION_ERROR_BYTES];
        double value = option->min + (double)random_below(random, 16);
        if (option->type != OPTION_INTEGER || value > option->max)
            continue;
        snprintf(text, sizeof text, "%s=%.0f", option->name, value);
        if (option_table_parse(table, text, values, error) < 0)
            fail("%s: %s", text, error);
    }
}

static struct gc_mutator *mutator_open(const struct vm_program *loaded, const void *options)
{
    struct gc_mutator *mutator = calloc(1, gc_collector.mutator_bytes);
    memset(slots, 0, sizeof slots);
    gc_mutator_open(mutator, &(struct gc_mutator_setup){
                                 .slots = slots,
                                 .slot_count = SLOTS,
                                 .shapes = loaded->shapes,
                                 .shape_count = loaded->shape_count,
                                 .global_count = loaded->globals,
                                 .heap_limit = UINT64_MAX,
                                 .exhausted = on_exhausted,
                                 .test.zeal = seed_now % 2 ? collect_always : NULL,
                                 .finalise = vm_on_due,
                                 .options = options,
                             });
    mutator->observer.checkpoint = on_checkpoint;
    return mutator;
}

/* Drops the module's names, until no finaliser binds one of them any more. */
static void mutator_close(struct gc_mutator *mutator)
{
    for (int i = 0; i < 3; i++) {
        gc_globals_drop(mutator);
        gc_collect(mutator, GC_COLLECT_FULL);
        gc_finalise(mutator);
    }
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_collector_check(mutator);
    if (gc_held_objects(mutator) > 0)
        fail("%" PRIu64 " objects are held when nothing refers to any", gc_held_objects(mutator));
    gc_collector_stop(mutator);
    free(mutator);
}

/* Runs one program, and adds up how often it called something. */
static uint64_t run(void)
{
    struct program program;
    struct vm_program loaded;
    struct vm_result result = {0};
    struct random_state random;
    program_draw(&program);
    if (vm_load(&program, &loaded) < 0)
        fail("the program is not loaded");
    struct gc_ref *registers = calloc(loaded.registers + 1, sizeof *registers);
    struct gc_frame *frames = calloc(loaded.op_count + 1, sizeof *frames);
    void *options = calloc(1, gc_collector.options->bytes + 1);
    random_seed(&random, ~seed_now);
    options_draw(&random, options);
    struct gc_mutator *mutator = mutator_open(&loaded, options);
    vm_run(mutator, &loaded, registers, frames, &result);
    if (result.count_wrong)
        fail("operation %" PRIu64 " (%s) and %" PRIu64 " others: the collector disagrees with the model",
             result.first_wrong + 1, program_codes[loaded.ops[result.first_wrong].code].word,
             result.count_wrong - 1);
    uint64_t calls = mutator->dues.calls;
    mutator_close(mutator);
    free(options);
    free(frames);
    free(registers);
    vm_unload(&loaded);
    program_free(&program);
    return calls;
}

/* Read by the sanitizer: the memory of objects is not lost when the test bails out. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

int main(int argc, char **argv)
{
    uint64_t calls = 0;
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    uint64_t last = argc > 1 ? first : PROGRAMS * (tap_long() ? 20 : 1);
    if (!gc_traits.finalises) {
        printf("1..0 # SKIP %s has neither finalisers nor weak references\n", gc_collector.name);
        return 0;
    }
    for (seed_now = first; seed_now <= last; seed_now++) {
        fprintf(stderr, "seed %" PRIu64 "\n", seed_now);
        calls += run();
    }
    tap_ok(true, "%" PRIu64 " programs find what the model says, behind each finalise", last - first + 1);
    tap_ok(calls > 0, "and %" PRIu64 " finalisers and callbacks were called", calls);
    return tap_done();
}
