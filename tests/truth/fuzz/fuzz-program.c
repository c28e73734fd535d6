/* SPDX-License-Identifier: MIT */
/*
 * Any bytes, as a program, under one collector; the model says what must come of it.
 *
 * Bytes that are a valid file (.gcp) are run as they are. All others are taken for operations as far as they
 * will go: operands are brought into range, and what the model objects to is left out. So a mutation that
 * breaks a file still gives a program much like it.
 *
 * After every collection, and at the end, the collector's own check must pass, an independent walk must reach
 * as many objects as the model does, and the collector must hold what its traits promise. A `count` is asked
 * where the model knows the answer. When everything is dropped nothing may be left, unless it is garbage of a
 * kind the collector never reclaims.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "harness/runner/reach.h"
#include "workloads/replay/vm-run.h"

enum {
    MODEL_LIMIT = 1 << 20,   /* bytes */
    OBJECTS_LIMIT = 1 << 24, /* bytes that all objects of an input may take together */
    SLOTS = 1 << 16,
    OPS_LIMIT = 1 << 14,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static struct gc_slot slots[SLOTS];

/* What the model expects at a checkpoint, in objects. */
struct expectation {
    uint64_t reachable;
    uint64_t counted; /* what counting alone would hold */
    bool frozen;      /* something is, so that at least and at most so many objects are held */
    uint64_t least, most;
};

static struct expectation expected[OPS_LIMIT];
static uint64_t expected_count;
static uint64_t expected_next;

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fprintf(stderr, "%s: ", gc_collector.name);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    __builtin_trap();
}

/* ---- from bytes to a program ---- */

static const struct gc_shape shapes[] = {
    {.name = "node", .refs = 2},
    {.name = "numbered", .refs = 3, .payload = 8},
    {.name = "array", .flags = GC_SHAPE_REFS_VARY, .payload = 8},
    {.name = "bytes", .flags = GC_SHAPE_BYTES_VARY | GC_SHAPE_ACYCLIC},
    {.name = "pair", .flags = GC_SHAPE_ACYCLIC, .refs = 2},
    {.name = "empty"},
};
enum { SHAPES = sizeof shapes / sizeof *shapes, GLOBALS = 2 };

struct decoder {
    const uint8_t *bytes;
    const uint8_t *end;
    struct model model;
    struct program *program;
};

static uint32_t decode_number(struct decoder *decoder)
{
    uint32_t value = 0;
    for (unsigned shift = 0; shift < 14 && decoder->bytes < decoder->end; shift += 7) {
        uint8_t byte = *decoder->bytes++;
        value |= (uint32_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            break;
    }
    return value;
}

static uint32_t decode_object(const struct model *model, uint32_t value)
{
    if (value == 0 || model->object_count == 0)
        return PROGRAM_NULL;
    return model->object_count - (value - 1) % model->object_count;
}

static uint32_t decode_operand(struct decoder *decoder, enum program_operand kind)
{
    const struct model *model = &decoder->model;
    uint32_t value = decode_number(decoder);
    switch (kind) {
    case OPERAND_SLOT:
        return model->top - 1 - value % model->top;
    case OPERAND_OBJECT:
    case OPERAND_NULLABLE:
        return decode_object(model, value);
    case OPERAND_SHAPE:
        return value % SHAPES;
    case OPERAND_KIND:
        return value % 2;
    case OPERAND_NUMBER:
    case OPERAND_NONE:
        break;
    }
    return value;
}

/* Makes numbers meaningful: small frames and lengths, fields that are there, true counts. */
static void op_temper(const struct model *model, struct program_op *op)
{
    if (op->code == PROGRAM_ENTER)
        op->a %= 16;
    if (op->code == PROGRAM_NEW)
        op->c = gc_shape_has_length(&shapes[op->b]) ? op->c % 200 : 0;
    if (program_codes[op->code].operands[0] != OPERAND_OBJECT || op->a == PROGRAM_NULL)
        return;
    const struct model_object *object = &model->objects[op->a - 1];
    if (op->code == PROGRAM_COUNT)
        op->b = object->count;
    else if (op->code == PROGRAM_RANGE && object->field_count) {
        op->b %= object->field_count + 1;
        op->c %= object->field_count + 1 - op->b;
    } else if (object->field_count)
        op->b %= object->field_count;
}

static int program_append(struct decoder *decoder, struct program_op op)
{
    struct model_places places;
    if (model_objection(&decoder->model, &op))
        return 0;
    return model_apply(&decoder->model, &op, &places) || program_add(decoder->program, op) < 0 ? -1 : 0;
}

/* Operations as far as memory and patience go. */
static int program_decode(const uint8_t *bytes, size_t count, struct program *ret_program)
{
    struct decoder decoder = {.bytes = bytes, .end = bytes + count, .program = ret_program};
    program_init(ret_program);
    ret_program->globals = GLOBALS;
    for (int i = 0; i < SHAPES; i++) {
        if (program_add_shape(ret_program, &shapes[i]) < 0)
            return -1;
    }
    if (model_open(&decoder.model, ret_program->shapes, SHAPES, GLOBALS, MODEL_LIMIT) < 0)
        return -1;
    int error = 0;
    while (!error && decoder.bytes < decoder.end && ret_program->op_count < OPS_LIMIT) {
        struct program_op op = {.code = *decoder.bytes++ % PROGRAM_CODES};
        uint32_t *places[3] = {&op.a, &op.b, &op.c};
        for (int i = 0; i < 3 && program_codes[op.code].operands[i] != OPERAND_NONE; i++)
            *places[i] = decode_operand(&decoder, program_codes[op.code].operands[i]);
        op_temper(&decoder.model, &op);
        error = program_append(&decoder, op);
    }
    model_close(&decoder.model);
    return 0;
}

static int program_from(const uint8_t *bytes, size_t count, struct program *ret_program)
{
    char error[PROGRAM_ERROR_BYTES];
    if (program_read(bytes, count, MODEL_LIMIT, ret_program, error) == 0)
        return 0;
    if (!*error || strchr(error, '\n'))
        fail("the reader's error is not one line: '%s'", error);
    return program_decode(bytes, count, ret_program);
}

/* ---- the same with checkpoints, and what to expect at them ---- */

static int expect_frozen(const struct model *model, struct expectation *expectation)
{
    struct model_held least, most;
    if (model_hold(model, MODEL_FROZEN_SURELY, &least) < 0 ||
        model_hold(model, MODEL_FROZEN_MAYBE, &most) < 0)
        return -1;
    expectation->least = least.objects;
    expectation->most = most.objects;
    return 0;
}

static int expect(const struct model *model)
{
    struct expectation *expectation = &expected[expected_count++];
    expectation->counted = model->live;
    expectation->reachable = model_reachable(model);
    expectation->frozen = gc_traits.freezes && model->frozen;
    if (expectation->reachable == UINT64_MAX)
        return -1;
    return expectation->frozen ? expect_frozen(model, expectation) : 0;
}

/* A collector that gives back the references of dead rings counts fewer than the model once there has been
 * one. */
static bool is_count_known(const struct model *model, const struct program_op *op)
{
    if (op->b != model->objects[op->a - 1].count)
        return false;
    return !gc_traits.reclaims_cycles || gc_traits.observes || model->live == model_reachable(model);
}

/*
 * Adds the operation, less a FREE, which collectors have no use for, and a COUNT whose answer is not known;
 * and a checkpoint after a collection.
 */
static int op_copy(struct model *model, const struct program_op *op, struct program *copy)
{
    static const struct program_op checkpoint = {.code = PROGRAM_CHECKPOINT};
    struct model_places places;
    if (op->code == PROGRAM_FREE || (op->code == PROGRAM_COUNT && !is_count_known(model, op)))
        return 0;
    if (model_apply(model, op, &places) || program_add(copy, *op) < 0)
        return -1;
    if (op->code == PROGRAM_CHECKPOINT)
        return expect(model);
    if (op->code != PROGRAM_COLLECT)
        return 0;
    return model_apply(model, &checkpoint, &places) || program_add(copy, checkpoint) < 0 ? -1 : expect(model);
}

/* -1 also for a program too large to be run here. */
static int program_prepare(const struct program *program, struct program *ret_copy)
{
    struct model model;
    uint64_t bytes = 0;
    uint32_t top = 0;
    int error = 0;
    program_init(ret_copy);
    expected_count = 0;
    expected_next = 0;
    ret_copy->globals = program->globals;
    for (uint32_t i = 0; i < program->shape_count && !error; i++)
        error = program_add_shape(ret_copy, &program->shapes[i]) < 0;
    if (error || program->op_count >= OPS_LIMIT / 2 ||
        model_open(&model, ret_copy->shapes, ret_copy->shape_count, program->globals, MODEL_LIMIT) < 0)
        return -1;
    for (uint64_t i = 0; i < program->op_count && !error; i++) {
        const struct program_op *op = &program->ops[i];
        if (op->code == PROGRAM_NEW)
            bytes += gc_shape_bytes(&program->shapes[op->b], op->c);
        error = op_copy(&model, op, ret_copy);
        top = model.top > top ? model.top : top;
    }
    model_close(&model);
    return error || bytes > OBJECTS_LIMIT || top > SLOTS ? -1 : 0;
}

/* ---- running it ---- */

/* Between operations, after a full collection. One that frees leaves something to the next while something is frozen. */
static void check_frozen(struct gc_mutator *mutator, const struct expectation *now)
{
    uint64_t held;
    do {
        held = gc_held_objects(mutator);
        gc_collect(mutator, GC_COLLECT_FULL);
    } while (gc_held_objects(mutator) < held);
    if (held < now->least || held > now->most)
        fail("holds %llu objects: with what is frozen %llu to %llu", (unsigned long long)held,
             (unsigned long long)now->least, (unsigned long long)now->most);
}

/* Between operations, after a full collection: what the collector holds is what it promises. */
static void check_held(struct gc_mutator *mutator, const struct expectation *now)
{
    uint64_t held = gc_held_objects(mutator);
    uint64_t reachable = now->reachable, counted = now->counted;
    if (now->frozen)
        check_frozen(mutator, now);
    else if (gc_traits.reclaims_cycles && held != reachable)
        fail("holds %llu objects, of which %llu are reachable", (unsigned long long)held,
             (unsigned long long)reachable);
    if (gc_traits.reclaims && !gc_traits.reclaims_cycles && gc_traits.frees_at_once && held != counted)
        fail("holds %llu objects, %llu of which have references", (unsigned long long)held,
             (unsigned long long)counted);
}

static void on_checkpoint(struct gc_mutator *mutator, const char *label)
{
    struct reach reach;
    const struct expectation *now = &expected[expected_next++];
    (void)label;
    gc_collector_check(mutator);
    if (reach_count(mutator, &reach) == 0 && reach.objects != now->reachable)
        fail("checkpoint %llu: %llu objects are reachable, in the model %llu",
             (unsigned long long)expected_next, (unsigned long long)reach.objects,
             (unsigned long long)now->reachable);
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_collector_check(mutator);
    check_held(mutator, now);
}

__attribute__((noreturn)) static void on_exhausted(struct gc_mutator *mutator, enum gc_exhaustion why)
{
    (void)mutator;
    fail("exhausted: %d", (int)why);
}

/* Small thresholds, so that small programs are collected in; which, is up to the input. */
static void options_choose(uint8_t dice, void *values)
{
    const struct option_table *table = gc_collector.options;
    option_table_defaults(table, values);
    for (size_t i = 0; i < table->count && dice % 4; i++) {
        const struct option_spec *option = &table->options[i];
        char text[96];
        char error[OPTION_ERROR_BYTES];
        double value = option->min + (dice >> 2) % 16 * (dice % 4 == 1 ? 1 : 64);
        if (option->type != OPTION_INTEGER || value > option->max)
            continue;
        snprintf(text, sizeof text, "%s=%.0f", option->name, value);
        if (option_table_parse(table, text, values, error) < 0)
            fail("%s: %s", text, error);
    }
}

static struct gc_mutator *mutator_start(const struct vm_program *loaded, const void *options)
{
    struct gc_mutator *mutator = calloc(1, gc_collector.mutator_bytes);
    memset(slots, 0, loaded->globals * sizeof *slots);
    gc_mutator_open(mutator, &(struct gc_mutator_setup){
                                 .slots = slots,
                                 .slot_count = SLOTS,
                                 .shapes = loaded->shapes,
                                 .shape_count = loaded->shape_count,
                                 .global_count = loaded->globals,
                                 .heap_limit = UINT64_MAX,
                                 .exhausted = on_exhausted,
                                 .options = options,
                             });
    mutator->observer.checkpoint = on_checkpoint;
    return mutator;
}

static void run(const struct vm_program *loaded, struct gc_mutator *mutator)
{
    struct gc_ref *registers = calloc(loaded->registers + 1, sizeof *registers);
    struct gc_frame *frames = calloc(loaded->op_count + 1, sizeof *frames);
    struct vm_result result = {0};
    vm_run(mutator, loaded, registers, frames, &result);
    if (result.count_wrong)
        fail("operation %llu and %llu others: the count is not the model's",
             (unsigned long long)result.first_wrong + 1, (unsigned long long)result.count_wrong - 1);
    if (expected_next != expected_count || result.objects != loaded->objects)
        fail("the program was not run whole");
    free(registers);
    free(frames);
}

static void finish(struct gc_mutator *mutator)
{
    mutator->observer.workload_returned = true;
    mutator->observer.checkpoint = NULL;
    gc_globals_drop(mutator);
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_collector_check(mutator);
    if (gc_traits.reclaims_cycles)
        check_held(mutator, &(struct expectation){0});
    gc_collector_stop(mutator);
    free(mutator);
}

static void run_program(const struct program *program, uint8_t dice)
{
    struct vm_program loaded;
    if (vm_load(program, &loaded) < 0)
        return;
    void *options = calloc(1, gc_collector.options->bytes + 1);
    options_choose(dice, options);
    struct gc_mutator *mutator = mutator_start(&loaded, options);
    run(&loaded, mutator);
    finish(mutator);
    free(options);
    vm_unload(&loaded);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct program program;
    struct program copy = {0};
    uint8_t dice = 0;
    for (size_t i = 0; i < count; i++)
        dice = (uint8_t)(dice * 31 + bytes[i]);
    if (program_from(bytes, count, &program) == 0 && program_prepare(&program, &copy) == 0)
        run_program(&copy, dice);
    program_free(&program);
    program_free(&copy);
    size_t left = arena_clear();
    if (left && gc_traits.reclaims_cycles)
        fail("%zu blocks were not given back", left);
    return 0;
}
