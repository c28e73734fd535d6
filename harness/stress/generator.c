/* SPDX-License-Identifier: MIT */
#include "harness/stress/generator.h"

#include <stdio.h>

#include "collectors/mutator.h"
#include "harness/stress/attended.h"
#include "harness/stress/edges.h"
#include "harness/stress/frozen.h"
#include "harness/stress/patterns.h"
#include "harness/stress/ranges.h"
#include "harness/stress/steady.h"
#include "harness/stress/structures.h"
#include "harness/stress/sure-counts.h"
#include "harness/stress/waves.h"

enum { SHAPES_MOST = 65534 }; /* a block heap has a shape of its own (BLOCK_FREE_SHAPE) */

static const struct gc_shape shapes[SHAPES] = {
    [SHAPE_NODE] = {.name = "node", .refs = 2, .payload = 8},
    [SHAPE_LINK] = {.name = "link", .refs = 1, .payload = 8},
    [SHAPE_WIDE] = {.name = "wide", .refs = 5, .payload = 16},
    [SHAPE_ARRAY] = {.name = "array", .flags = GC_SHAPE_REFS_VARY, .payload = 8},
    [SHAPE_BARE] = {.name = "bare", .refs = 2},
    [SHAPE_PLAIN] = {.name = "plain", .payload = 8},
    [SHAPE_LEAF] = {.name = "leaf", .flags = GC_SHAPE_ACYCLIC, .payload = 24},
    [SHAPE_TEXT] = {.name = "text", .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_BYTES_VARY},
    [SHAPE_RECORD] = {.name = "record", .flags = GC_SHAPE_ACYCLIC, .refs = 2, .payload = 8},
    [SHAPE_BUFFER] = {.name = "buffer", .flags = GC_SHAPE_BYTES_VARY, .refs = 1},
};

/* ---- which boundaries the program reaches ---- */

/* What grows and shrinks: the references to each object, and the names that refer to one. */
static void note_heap(struct generator *generator)
{
    uint64_t roots = 0;
    for (uint32_t i = 0; i < generator->model.object_count; i++)
        coverage_note(generator->coverage, GC_BOUNDARY_FAN_IN, generator->model.objects[i].count);
    for (slot_t slot = 0; slot < generator->model.top; slot++)
        roots += object_in(generator, slot) != 0;
    coverage_note(generator->coverage, GC_BOUNDARY_ROOTS, roots);
}

static void note(struct generator *generator, const struct program_op *op)
{
    struct coverage *coverage = generator->coverage;
    if (op->code == PROGRAM_NEW) {
        const struct gc_shape *shape = &generator->program->shapes[op->b];
        coverage_note(coverage, GC_BOUNDARY_BYTES, gc_shape_bytes(shape, op->c));
        coverage_note(coverage, GC_BOUNDARY_REFERENCES, gc_shape_refs(shape, op->c));
    } else if (op->code == PROGRAM_ENTER) {
        coverage_note(coverage, GC_BOUNDARY_SLOTS, op->a);
        coverage_note(coverage, GC_BOUNDARY_FRAMES, generator->model.frame_count);
    } else if (op->code == PROGRAM_COLLECT || op->code == PROGRAM_CHECKPOINT) {
        note_heap(generator);
    }
}

/* ---- single operations ---- */

bool emit(struct generator *generator, uint32_t code, uint32_t a, uint32_t b, uint32_t c)
{
    struct program_op op = {code, a, b, c};
    struct model_places places;
    if (generator->failed || generator->ended || model_objection(&generator->model, &op) ||
        attended_leaves_out(generator->program, &generator->model, &op))
        return false;
    bool applied = model_apply(&generator->model, &op, &places) == NULL;
    generator->ended = !applied && code == PROGRAM_FINALISE;
    if (generator->ended)
        return false;
    generator->failed = !applied || program_add(generator->program, op) < 0;
    if (generator->coverage)
        note(generator, &op);
    return !generator->failed;
}

uint32_t below(struct generator *generator, uint64_t bound)
{
    return (uint32_t)random_below(&generator->random, bound);
}

bool chance(struct generator *generator, double share)
{
    return random_real(&generator->random) < share;
}

uint64_t room_left(const struct generator *generator)
{
    uint64_t used = generator->program->op_count;
    return !generator->ended && used < generator->dials->operations ? generator->dials->operations - used : 0;
}

uint32_t draw_size(struct generator *generator, uint64_t most)
{
    uint64_t room = room_left(generator) / 4 + 2;
    uint64_t bound = most < room ? most : room;
    uint32_t size = 1 + below(generator, bound ? bound : 1);
    return chance(generator, 0.5) ? size : 1 + below(generator, size);
}

operand_t object_in(const struct generator *generator, slot_t slot)
{
    return generator->model.slots[slot].object;
}

operand_t emit_shape(struct generator *generator, slot_t slot, enum generator_shape shape, uint64_t length)
{
    uint32_t place = generator->shapes[shape];
    if (!gc_shape_has_length(&generator->program->shapes[place]))
        length = 0;
    return emit(generator, PROGRAM_NEW, slot, place, (uint32_t)length) ? generator->model.object_count : 0;
}

operand_t emit_new(struct generator *generator, slot_t slot, uint32_t refs)
{
    operand_t sized = chance(generator, generator->dials->edges) ? emit_sized(generator, slot, refs) : 0;
    uint32_t drawn = below(generator, 16);
    if (sized)
        return sized;
    if (drawn == 0 || refs > 5)
        return emit_shape(generator, slot, SHAPE_ARRAY, refs + below(generator, generator->dials->array + 1));
    if (refs > 2 || drawn == 1)
        return emit_shape(generator, slot, SHAPE_WIDE, 0);
    if (drawn == 2)
        return emit_shape(generator, slot, SHAPE_BARE, 0);
    if (refs <= 1 && drawn < 7)
        return emit_shape(generator, slot, SHAPE_LINK, 0);
    if (refs == 0 && drawn < 9)
        return emit_shape(generator, slot, SHAPE_PLAIN, 0);
    return emit_shape(generator, slot, SHAPE_NODE, 0);
}

operand_t emit_leaf(struct generator *generator, slot_t slot)
{
    uint32_t drawn = below(generator, 8);
    if (drawn < 4)
        return emit_shape(generator, slot, SHAPE_LEAF, 0);
    if (drawn < 6)
        return emit_shape(generator, slot, SHAPE_TEXT, below(generator, generator->dials->bytes + 1));
    operand_t record = emit_shape(generator, slot, SHAPE_RECORD, 0);
    emit(generator, PROGRAM_STORE, record, 0, find_object(generator));
    return record;
}

slot_t find_slot(struct generator *generator)
{
    slot_t slot = 0;
    for (int look = 0; look < 4; look++) {
        slot = below(generator, generator->model.top);
        if (object_in(generator, slot))
            break;
    }
    return slot;
}

operand_t find_object(struct generator *generator)
{
    operand_t object = object_in(generator, find_slot(generator));
    while (object && chance(generator, 0.5)) {
        uint32_t fields = generator->model.objects[object - 1].field_count;
        uint32_t field = fields ? draw_field(generator, fields) : 0;
        if (!fields || !model_field(&generator->model, object - 1, field) ||
            !emit(generator, PROGRAM_GET, object, field, 0))
            break;
        object = model_field(&generator->model, object - 1, field);
    }
    return object;
}

static void emit_store(struct generator *generator)
{
    operand_t value = chance(generator, 0.1) ? PROGRAM_NULL : find_object(generator);
    operand_t object = find_object(generator);
    uint32_t fields = object ? generator->model.objects[object - 1].field_count : 0;
    if (fields)
        emit(generator, PROGRAM_STORE, object, draw_field(generator, fields), value);
}

static void emit_drop(struct generator *generator)
{
    uint32_t drawn = below(generator, 8);
    operand_t object;
    if (drawn < 4) {
        emit(generator, PROGRAM_DEL, find_slot(generator), 0, 0);
    } else if (drawn < 6 && (object = find_object(generator))) {
        uint32_t fields = generator->model.objects[object - 1].field_count;
        if (fields)
            emit(generator, PROGRAM_CLEAR, object, draw_field(generator, fields), 0);
    } else if (drawn == 6) {
        slot_t slot = find_slot(generator);
        emit(generator, PROGRAM_SET, slot, find_object(generator), 0);
    } else {
        emit(generator, PROGRAM_LEAVE, 0, 0, 0);
    }
}

/* Asks for the count of some object that has the same count under every collector. */
static void emit_count(struct generator *generator)
{
    for (int look = 0; look < 4; look++) {
        operand_t object = find_object(generator);
        if (object && count_is_sure(&generator->model, object - 1)) {
            emit(generator, PROGRAM_COUNT, object, generator->model.objects[object - 1].count, 0);
            return;
        }
    }
}

static void emit_enter(struct generator *generator)
{
    while (generator->model.frame_count >= generator->dials->calls && emit(generator, PROGRAM_LEAVE, 0, 0, 0))
        ;
    emit(generator, PROGRAM_ENTER, below(generator, generator->dials->locals + 1), 0, 0);
}

/* Draws one number at a time, here and everywhere, because compilers evaluate a call's arguments in different
 * orders. */
static void emit_single(struct generator *generator)
{
    if (generator->attended && chance(generator, generator->dials->attended)) {
        attended_emit(generator);
        return;
    }
    if (generator->dials->ranges > 0 && chance(generator, generator->dials->ranges)) {
        ranges_emit(generator);
        return;
    }
    slot_t slot = below(generator, generator->model.top);
    uint32_t drawn = below(generator, 16);
    if (chance(generator, generator->dials->drops))
        emit_drop(generator);
    else if (drawn < 4)
        emit_new(generator, slot, below(generator, 3));
    else if (drawn < 5 || chance(generator, generator->dials->acyclic / 4))
        emit_leaf(generator, slot);
    else if (drawn < 9)
        emit_store(generator);
    else if (drawn < 12)
        emit(generator, PROGRAM_SET, slot, find_object(generator), 0);
    else if (drawn < 14)
        emit(generator, PROGRAM_MOVE, slot, find_slot(generator), 0);
    else
        emit_enter(generator);
}

/* ---- programs ---- */

/* Puts the object that a pattern made where it outlives its frame, in one of several ways, or nowhere. */
static void keep(struct generator *generator, slot_t first)
{
    slot_t outer = below(generator, first);
    uint32_t drawn = below(generator, 8);
    if (!object_in(generator, first))
        return;
    if (drawn < 2) {
        emit(generator, PROGRAM_MOVE, outer, first, 0);
    } else if (drawn < 4) {
        emit(generator, PROGRAM_SET, outer, object_in(generator, first), 0);
    } else if (drawn < 5) {
        operand_t holder = find_object(generator);
        uint32_t fields = holder ? generator->model.objects[holder - 1].field_count : 0;
        if (fields)
            emit(generator, PROGRAM_STORE, holder, draw_field(generator, fields),
                 object_in(generator, first));
    }
}

/* Makes room for a frame of a pattern, and enters it. Returns its first slot, or 0 where it does not fit. */
static slot_t enter_pattern(struct generator *generator, uint32_t slots)
{
    const struct dials *dials = generator->dials;
    while (generator->model.frame_count >= dials->calls && emit(generator, PROGRAM_LEAVE, 0, 0, 0))
        ;
    slot_t first = generator->model.top;
    if (dials->locals > slots && chance(generator, 0.3))
        slots += below(generator, dials->locals - slots + 1);
    return emit(generator, PROGRAM_ENTER, slots, 0, 0) ? first : 0;
}

static void leave_pattern(struct generator *generator, slot_t first)
{
    keep(generator, first);
    if (chance(generator, 0.7))
        emit(generator, PROGRAM_LEAVE, 0, 0, 0);
}

static void emit_edge(struct generator *generator)
{
    slot_t first = enter_pattern(generator, STRUCTURE_SLOTS);
    if (!first)
        return;
    structure_build_any(generator, first);
    leave_pattern(generator, first);
}

static void emit_attended(struct generator *generator)
{
    slot_t first = enter_pattern(generator, ATTENDED_SLOTS);
    if (!first)
        return;
    attended_build(generator, first);
    leave_pattern(generator, first);
}

static void emit_frozen(struct generator *generator)
{
    slot_t first = enter_pattern(generator, FROZEN_SLOTS);
    if (!first)
        return;
    frozen_build(generator, first);
    leave_pattern(generator, first);
}

static void emit_pattern(struct generator *generator)
{
    const struct dials *dials = generator->dials;
    bool cyclic = chance(generator, dials->cyclic);
    uint32_t drawn = below(generator, pattern_count);
    while (patterns[drawn].cyclic != cyclic)
        drawn = (drawn + 1) % pattern_count;
    if (dials->omit >> drawn & 1)
        return;
    slot_t first = enter_pattern(generator, patterns[drawn].slots);
    if (!first)
        return;
    patterns[drawn].build(generator, first);
    leave_pattern(generator, first);
}

/* Keeps the number of live objects near the dial: about half the names go. */
static void clear_names(struct generator *generator)
{
    for (slot_t slot = 0; slot < generator->model.top; slot++)
        if (object_in(generator, slot) && chance(generator, 0.5))
            emit(generator, PROGRAM_DEL, slot, 0, 0);
    generator->cleared_at = generator->model.object_count;
}

/* Returns whether the `done`th of `count` events, spread over the program, is due. */
static bool is_due(const struct generator *generator, uint64_t done, uint64_t count)
{
    return done < count &&
           generator->program->op_count >= (done + 1) * generator->dials->operations / (count + 1);
}

/* The numbers of events so far that are spread over a program. */
struct events {
    uint64_t collects, checkpoints, counts, turns;
};

/* Where there are finalisers, what is due is called first. */
static void emit_checkpoint(struct generator *generator)
{
    if (generator->attended)
        emit_finalise(generator);
    emit(generator, PROGRAM_CHECKPOINT, 0, 0, 0);
}

static void step(struct generator *generator, struct events *events)
{
    const struct dials *dials = generator->dials;
    if (is_due(generator, events->collects, dials->collects)) {
        if (dials->freezes > 0 && chance(generator, dials->freezes))
            frozen_turn(generator);
        emit(generator, PROGRAM_COLLECT, below(generator, 4) == 0, 0, 0);
        events->collects++;
    } else if (is_due(generator, events->checkpoints, dials->checkpoints)) {
        emit_checkpoint(generator);
        events->checkpoints++;
    } else if (is_due(generator, events->counts, dials->counts)) {
        emit_count(generator);
        events->counts++;
    } else if (is_due(generator, events->turns, structure_turns(generator))) {
        structure_build_turn(generator, events->turns);
        events->turns++;
    } else if (generator->model.object_count - generator->cleared_at > dials->live) {
        clear_names(generator);
    } else if (chance(generator, dials->single)) {
        for (int i = 0; i < 8; i++)
            emit_single(generator);
    } else if (chance(generator, dials->edges)) {
        emit_edge(generator);
    } else if (generator->attended && chance(generator, dials->attended)) {
        emit_attended(generator);
    } else if (dials->freezes > 0 && chance(generator, dials->freezes)) {
        emit_frozen(generator);
    } else {
        emit_pattern(generator);
    }
}

void own_external(struct generator *generator, struct gc_shape *shape)
{
    enum { BITS_MOST = 17 }; /* of a number of bytes: some are less than a heap, and some are more */
    if (generator->dials->external <= 0 || gc_shape_has_length(shape) ||
        !chance(generator, generator->dials->external))
        return;
    uint32_t most = 1u << (1 + below(generator, BITS_MOST));
    shape->flags |= GC_SHAPE_EXTERNAL;
    shape->external = 1 + below(generator, most);
}

static void shape_add(struct generator *generator, struct gc_shape shape)
{
    char name[PROGRAM_NAME_MAX + 1];
    own_external(generator, &shape);
    snprintf(name, sizeof name, "s%u", generator->program->shape_count);
    shape.name = shape.name ? shape.name : name;
    generator->failed |= program_add_shape(generator->program, &shape) < 0;
}

/* Adds the program's shapes. With fewer than SHAPES of them, each stands for several wishes. */
static void shapes_add(struct generator *generator)
{
    uint32_t count = generator->dials->steady || generator->dials->waves
                         ? SHAPES
                         : (uint32_t)edge_count_turn(generator, GC_BOUNDARY_SHAPES, generator->dials->shapes);
    uint32_t first = count < SHAPES ? below(generator, SHAPES) : 0;
    uint32_t most = SHAPES_MOST - (generator->dials->attended > 0 ? ATTENDED_SHAPES : 0);
    count = count < most ? count : most;
    for (uint32_t i = 0; i < SHAPES; i++) {
        uint32_t wish = (first + i) % SHAPES;
        generator->shapes[wish] = i % count;
        if (i < count)
            shape_add(generator, shapes[wish]);
    }
    for (uint32_t i = SHAPES; i < count && !generator->failed; i++)
        shape_add(generator, edge_shape(generator, i - SHAPES));
    if (generator->dials->attended > 0)
        attended_shapes_add(generator);
    coverage_note(generator->coverage, GC_BOUNDARY_SHAPES, count);
}

static void boundaries_take(struct generator *generator, const struct boundaries *boundaries)
{
    for (int kind = 0; kind < GC_BOUNDARY_KIND_COUNT; kind++)
        generator->boundaries[kind].count = (uint32_t)boundaries_of(boundaries, (enum gc_boundary_kind)kind,
                                                                    &generator->boundaries[kind].items);
}

static void program_open(struct generator *generator, const struct boundaries *boundaries)
{
    struct program *program = generator->program;
    program_init(program);
    random_seed(&generator->random, generator->seed);
    if (boundaries)
        boundaries_take(generator, boundaries);
    shapes_add(generator);
    program->globals = generator->dials->steady ? (uint32_t)generator->dials->steady
                                                : (uint32_t)edge_count_turn(generator, GC_BOUNDARY_GLOBALS,
                                                                            generator->dials->globals);
    coverage_note(generator->coverage, GC_BOUNDARY_GLOBALS, program->globals);
    generator->failed |= model_open(&generator->model, program->shapes, program->shape_count,
                                    program->globals, UINT64_MAX) < 0;
}

int generator_make(uint64_t seed, const struct dials *dials, const struct boundaries *boundaries,
                   struct coverage *coverage, struct program *ret_program)
{
    struct generator generator = {.program = ret_program, .seed = seed, .dials = dials, .coverage = coverage};
    struct events events = {0};
    program_open(&generator, boundaries);
    if (dials->steady)
        steady_make(&generator);
    else if (dials->waves)
        waves_make(&generator);
    else
        structure_build_shapes(&generator);
    /* A step may add nothing, and under a mask of omissions all steps may. The second bound ends the loop
     * then. */
    for (uint64_t i = 0; i < dials->operations * 4 && room_left(&generator) && !generator.failed; i++)
        step(&generator, &events);
    emit_checkpoint(&generator);
    model_close(&generator.model);
    if (generator.failed)
        program_free(ret_program);
    return generator.failed ? -1 : 0;
}

struct dials generator_dials(uint64_t seed, const struct dials *dials, const struct conditions *conditions)
{
    struct dials drawn = *dials;
    struct random_state random;
    random_seed(&random, ~seed);
    if (conditions->swarm)
        dials_draw(&drawn, &random);
    return drawn;
}
