/* SPDX-License-Identifier: MIT */
#include "harness/stress/attended.h"

#include "harness/stress/patterns.h"

/* Names that are asked for behind a FINALISE, at most: where do the weak references lead that they hold? */
enum { ASKED_MOST = 8 };

/* Names that are looked at for an object of a kind. */
enum { LOOKS = 8 };

/* What each shape is for, behind the first one: generator->attended. */
enum { NODE, FILE_OF, KEPT, HANDLE, WEAK, BELL };

static const struct gc_shape shapes[ATTENDED_SHAPES] = {
    [NODE] = {.name = "referent", .flags = GC_SHAPE_REFERENT, .refs = 2, .payload = 8},
    [FILE_OF] = {.name = "file", .flags = GC_SHAPE_FINALISED | GC_SHAPE_REFERENT, .refs = 3, .payload = 8},
    [KEPT] = {.name = "kept",
              .flags = GC_SHAPE_FINALISED | GC_SHAPE_REFERENT | PROGRAM_SHAPE_KEEPS,
              .payload = 8},
    [HANDLE] = {.name = "handle", .flags = GC_SHAPE_FINALISED | GC_SHAPE_ACYCLIC, .payload = 6000},
    [WEAK] = {.name = "weak", .flags = GC_SHAPE_WEAK | GC_SHAPE_ACYCLIC | GC_SHAPE_REFERENT, .payload = 32},
    [BELL] = {.name = "bell", .flags = GC_SHAPE_WEAK | GC_SHAPE_CALLED, .refs = 1, .payload = 40},
};

void attended_shapes_add(struct generator *generator)
{
    generator->attended = generator->program->shape_count;
    for (size_t i = 0; i < ATTENDED_SHAPES; i++)
        generator->failed |= program_add_shape(generator->program, &shapes[i]) < 0;
}

/* ---- what is left out ---- */

static const struct gc_shape *shape_of(const struct model *model, uint32_t object)
{
    return &model->shapes[model->objects[object].shape];
}

/* Whether the finaliser of some object is yet to bind the first global name. */
static bool has_keeper(const struct model *model)
{
    for (uint32_t i = 0; i < model->object_count; i++)
        if (shape_of(model, i)->flags & PROGRAM_SHAPE_KEEPS && !model->attended[i].finalised)
            return true;
    for (uint32_t i = 0; i < model->due_count; i++)
        if (shape_of(model, model->dues[i])->flags & PROGRAM_SHAPE_KEEPS)
            return true;
    return false;
}

bool attended_leaves_out(const struct program *program, const struct model *model,
                         const struct program_op *op)
{
    if (!model->attends)
        return false;
    if (op->code == PROGRAM_STORE)
        return op->c && shape_of(model, op->c - 1)->flags & GC_SHAPE_CALLED;
    if (op->code == PROGRAM_FILL)
        return op->a && shape_of(model, op->a - 1)->flags & GC_SHAPE_CALLED;
    if (op->code == PROGRAM_NEW)
        return model->shapes[op->b].flags & PROGRAM_SHAPE_KEEPS && has_keeper(model);
    if (op->code == PROGRAM_CHECKPOINT)
        return program->op_count == 0 || program->ops[program->op_count - 1].code != PROGRAM_FINALISE;
    return false;
}

void attended_answer(const struct model *model, struct program_op *op)
{
    if (op->code == PROGRAM_CALLED)
        op->a = model->calls;
    else if (op->code == PROGRAM_LEADS && model->attended && op->a && op->a <= model->object_count)
        op->b = model->attended[op->a - 1].referent;
}

/* ---- what is drawn ---- */

/* Asks where the weak reference in a slot leads, if there is one, and if that can be said. */
static void ask(struct generator *generator, slot_t slot)
{
    struct program_op op = {.code = PROGRAM_LEADS, .a = object_in(generator, slot)};
    if (!op.a || !(shape_of(&generator->model, op.a - 1)->flags & GC_SHAPE_WEAK))
        return;
    attended_answer(&generator->model, &op);
    emit(generator, op.code, op.a, op.b, 0);
}

void attended_finalise(struct generator *generator)
{
    emit(generator, PROGRAM_FINALISE, 0, 0, 0);
    emit(generator, PROGRAM_CALLED, generator->model.calls, 0, 0);
    for (int i = 0; i < ASKED_MOST; i++)
        ask(generator, find_slot(generator));
}

/* Returns an object whose shape has `flag`, if a few looks find one that a name holds; else 0. */
static operand_t find_shape(struct generator *generator, uint32_t flag)
{
    for (int look = 0; look < LOOKS; look++) {
        operand_t object = object_in(generator, find_slot(generator));
        if (object && shape_of(&generator->model, object - 1)->flags & flag)
            return object;
    }
    return 0;
}

/* Lets a weak reference refer to some object, or to nothing. */
static void emit_weak(struct generator *generator)
{
    operand_t weak = find_shape(generator, GC_SHAPE_WEAK);
    bool leads = chance(generator, 0.9);
    operand_t referent = leads ? find_shape(generator, GC_SHAPE_REFERENT) : PROGRAM_NULL;
    if (weak && (referent || !leads))
        emit(generator, PROGRAM_WEAK, weak, referent, 0);
}

void attended_emit(struct generator *generator)
{
    uint32_t drawn = below(generator, 16);
    if (drawn < 8) {
        slot_t slot = below(generator, generator->model.top);
        emit(generator, PROGRAM_NEW, slot, generator->attended + below(generator, ATTENDED_SHAPES), 0);
    } else if (drawn < 13) {
        emit_weak(generator);
    } else if (drawn < 15) {
        ask(generator, find_slot(generator));
    } else {
        attended_finalise(generator);
    }
}
