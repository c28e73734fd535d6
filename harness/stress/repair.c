/* SPDX-License-Identifier: MIT */
#include "harness/stress/repair.h"

#include <stdlib.h>

#include "harness/stress/attended.h"
#include "harness/stress/sure-counts.h"
#include "program/model.h"

/* A frame of the old program, and the place of its names in the new one. */
struct frame {
    uint32_t old_base, count;
    uint32_t new_base;
    uint32_t new_depth; /* its place among the new frames plus one; 0: it has no frame of its own */
    bool mapped;        /* its names have a place in the new program */
};

struct repair {
    const struct program *old;
    const struct repair_edit *edit;
    struct program *result;
    struct model model;
    struct frame *frames; /* the first frame is the globals */
    uint32_t frame_count;
    uint32_t old_top;
    uint32_t *objects; /* by old number: the new number, or 0 when the object is gone */
    uint32_t old_objects;
    bool ended; /* what comes of a FINALISE would be the collector's: the rest is left out */
    bool failed;
};

static bool emit(struct repair *repair, struct program_op op)
{
    struct model_places places;
    attended_answer(&repair->model, &op);
    if (repair->ended || model_objection(&repair->model, &op) ||
        attended_leaves_out(repair->result, &repair->model, &op))
        return false;
    bool applied = model_apply(&repair->model, &op, &places) == NULL;
    repair->ended = !applied && op.code == PROGRAM_FINALISE;
    if (repair->ended)
        return false;
    repair->failed |= !applied || program_add(repair->result, op) < 0;
    return !repair->failed;
}

static bool slot_map(const struct repair *repair, uint32_t *slot)
{
    const struct frame *frame = &repair->frames[repair->frame_count - 1];
    if (*slot >= repair->old_top)
        return false;
    while (frame > repair->frames && frame->old_base > *slot)
        frame--;
    uint32_t offset = *slot - frame->old_base;
    if (frame == repair->frames && offset >= repair->edit->globals)
        return false;
    *slot = frame->new_base + offset;
    return frame->mapped;
}

static bool object_map(const struct repair *repair, uint32_t *object)
{
    if (*object == PROGRAM_NULL)
        return true;
    if (*object > repair->old_objects)
        return false;
    *object = repair->objects[*object];
    return *object != 0;
}

static bool operands_map(const struct repair *repair, struct program_op *op)
{
    const enum program_operand *kinds = program_codes[op->code].operands;
    uint32_t *operands[3] = {&op->a, &op->b, &op->c};
    bool mapped = true;
    for (int i = 0; i < 3; i++) {
        if (kinds[i] == OPERAND_SLOT)
            mapped &= slot_map(repair, operands[i]);
        else if (kinds[i] == OPERAND_OBJECT || kinds[i] == OPERAND_NULLABLE)
            mapped &= object_map(repair, operands[i]);
    }
    return mapped;
}

static void enter(struct repair *repair, uint64_t place, bool kept)
{
    struct program_op op = repair->old->ops[place];
    struct frame *frame = &repair->frames[repair->frame_count++];
    *frame = (struct frame){.old_base = repair->old_top, .count = op.a};
    repair->old_top += op.a;
    if (place == repair->edit->flattened) {
        frame->mapped = true;
        frame->new_base = repair->edit->globals;
    } else if (kept) {
        frame->new_base = repair->model.top;
        frame->mapped = emit(repair, op);
        frame->new_depth = frame->mapped ? repair->model.frame_count : 0;
    }
}

/* Leaves a frame only if it is the innermost one now. A frame inside it may have lost its LEAVE. */
static void leave(struct repair *repair, bool kept)
{
    if (repair->frame_count < 2)
        return;
    const struct frame *frame = &repair->frames[--repair->frame_count];
    repair->old_top = frame->old_base;
    if (kept && frame->new_depth && frame->new_depth == repair->model.frame_count)
        emit(repair, (struct program_op){.code = PROGRAM_LEAVE});
}

/* Sets the count of a COUNT anew, because other operations are gone. Returns false when the count is not the
 * same under every collector. */
static bool count_known(const struct repair *repair, struct program_op *op)
{
    if (!op->a || op->a > repair->model.object_count || !count_is_sure(&repair->model, op->a - 1))
        return false;
    op->b = repair->model.objects[op->a - 1].count;
    return true;
}

static void step(struct repair *repair, uint64_t place)
{
    struct program_op op = repair->old->ops[place];
    bool kept = !repair->edit->keep || repair->edit->keep[place];
    if (op.code == PROGRAM_ENTER) {
        enter(repair, place, kept);
    } else if (op.code == PROGRAM_LEAVE) {
        leave(repair, kept);
    } else if (op.code == PROGRAM_NEW) {
        bool made = kept && operands_map(repair, &op) && emit(repair, op);
        repair->objects[++repair->old_objects] = made ? repair->model.object_count : 0;
    } else if (kept && operands_map(repair, &op)) {
        if (op.code == PROGRAM_COUNT && !count_known(repair, &op))
            return;
        emit(repair, op);
    }
}

static int shapes_copy(const struct program *program, struct program *ret_program)
{
    program_init(ret_program);
    for (uint32_t i = 0; i < program->shape_count; i++)
        if (program_add_shape(ret_program, &program->shapes[i]) < 0)
            return -1;
    return 0;
}

int repair_program(const struct program *program, const struct repair_edit *edit, struct program *ret_program)
{
    struct repair repair = {.old = program, .edit = edit, .result = ret_program};
    bool flattens = edit->flattened != REPAIR_NONE;
    uint32_t globals = edit->globals + (flattens ? program->ops[edit->flattened].a : 0);
    repair.frames = malloc((program->op_count + 1) * sizeof *repair.frames);
    repair.objects = calloc(program->op_count + 1, sizeof *repair.objects);
    repair.failed =
        shapes_copy(program, ret_program) < 0 || !repair.frames || !repair.objects ||
        model_open(&repair.model, ret_program->shapes, ret_program->shape_count, globals, UINT64_MAX) < 0;
    ret_program->globals = globals;
    if (!repair.failed) {
        repair.frames[repair.frame_count++] = (struct frame){.count = program->globals, .mapped = true};
        repair.old_top = program->globals;
    }
    for (uint64_t i = 0; i < program->op_count && !repair.failed; i++)
        step(&repair, i);
    model_close(&repair.model);
    free(repair.frames);
    free(repair.objects);
    if (repair.failed)
        program_free(ret_program);
    return repair.failed ? -1 : 0;
}

int repair_shapes(const struct program *program, uint32_t most, struct program *ret_program)
{
    uint32_t *new_numbers = calloc(program->shape_count + 1, sizeof *new_numbers);
    bool failed = !new_numbers;
    program_init(ret_program);
    ret_program->globals = program->globals;
    for (uint64_t i = 0; i < program->op_count && !failed; i++)
        if (program->ops[i].code == PROGRAM_NEW)
            new_numbers[program->ops[i].b] = 1;
    for (uint32_t i = 0; i < program->shape_count && !failed; i++) {
        if (!new_numbers[i] && most > 0) {
            most--;
            continue;
        }
        failed = program_add_shape(ret_program, &program->shapes[i]) < 0;
        new_numbers[i] = ret_program->shape_count - 1;
    }
    for (uint64_t i = 0; i < program->op_count && !failed; i++) {
        struct program_op op = program->ops[i];
        if (op.code == PROGRAM_NEW)
            op.b = new_numbers[op.b];
        failed = program_add(ret_program, op) < 0;
    }
    free(new_numbers);
    if (failed)
        program_free(ret_program);
    return failed ? -1 : 0;
}
