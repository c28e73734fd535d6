/* SPDX-License-Identifier: MIT */
#include "harness/stress/attended.h"

#include "harness/stress/patterns.h"

/* Names that are asked for behind a FINALISE, at most: where do the weak references lead that they hold? */
enum { ASKED_MOST = 8 };

/* Names that are looked at for an object of a kind. */
enum { LOOKS = 8 };

/* What each shape is for, behind the first one: generator->attended. */
enum { NODE, FILE_OF, KEPT, HANDLE, WEAK, BELL, PAIR };

static const struct gc_shape shapes[ATTENDED_SHAPES] = {
    [NODE] = {.name = "referent", .flags = GC_SHAPE_REFERENT, .refs = 2, .payload = 8},
    [FILE_OF] = {.name = "file", .flags = GC_SHAPE_FINALISED | GC_SHAPE_REFERENT, .refs = 3, .payload = 8},
    [KEPT] = {.name = "kept",
              .flags = GC_SHAPE_FINALISED | GC_SHAPE_REFERENT | PROGRAM_SHAPE_KEEPS,
              .refs = 2,
              .payload = 8},
    [HANDLE] = {.name = "handle", .flags = GC_SHAPE_FINALISED | GC_SHAPE_ACYCLIC, .payload = 6000},
    [WEAK] = {.name = "weak", .flags = GC_SHAPE_WEAK | GC_SHAPE_ACYCLIC | GC_SHAPE_REFERENT, .payload = 32},
    [BELL] = {.name = "bell", .flags = GC_SHAPE_WEAK | GC_SHAPE_CALLED, .refs = 1, .payload = 40},
    [PAIR] = {.name = "pair",
              .flags = GC_SHAPE_WEAK | GC_SHAPE_EPHEMERON | GC_SHAPE_REFERENT,
              .refs = 2,
              .payload = 32},
};

void attended_shapes_add(struct generator *generator)
{
    generator->attended = generator->program->shape_count;
    for (size_t i = 0; i < ATTENDED_SHAPES; i++) {
        struct gc_shape shape = shapes[i];
        own_external(generator, &shape);
        generator->failed |= program_add_shape(generator->program, &shape) < 0;
    }
}

/* ---- what is left out ---- */

static const struct gc_shape *shape_of(const struct model *model, uint32_t object)
{
    return &model->shapes[model->objects[object].shape];
}

/* Whether `object` refers to `target`. */
static bool refers(const struct model *model, uint32_t object, uint32_t target)
{
    for (uint32_t i = 0; i < model->objects[object].field_count; i++)
        if (model_field(model, object, i) == target + 1)
            return true;
    return object == target;
}

/* Whether `holder` may not hold a reference to `object`: to what tells who found it dead. 0 is no object. */
static bool leaves_out_store(const struct model *model, uint32_t holder, uint32_t object)
{
    if (!holder || !object)
        return false;
    bool holder_keeps = shape_of(model, holder - 1)->flags & PROGRAM_SHAPE_KEEPS;
    return shape_of(model, object - 1)->flags & GC_SHAPE_CALLED ||
           (holder_keeps && !refers(model, object - 1, holder - 1));
}

bool attended_leaves_out(const struct program *program, const struct model *model,
                         const struct program_op *op)
{
    if (!model->attends)
        return false;
    if (op->code == PROGRAM_STORE || op->code == PROGRAM_EPHEMERON)
        return leaves_out_store(model, op->a, op->c);
    if (op->code == PROGRAM_FILL)
        return leaves_out_store(model, model->range.object, op->a);
    if (op->code == PROGRAM_COPY)
        return model->range.object && shape_of(model, model->range.object - 1)->flags & PROGRAM_SHAPE_KEEPS;
    if (op->code == PROGRAM_NEW)
        return model->shapes[op->b].flags & PROGRAM_SHAPE_KEEPS && model_has_keeper(model);
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
    emit_finalise(generator);
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

/* Gives an ephemeron a key and a value, or neither. */
static void emit_ephemeron(struct generator *generator)
{
    operand_t ephemeron = find_shape(generator, GC_SHAPE_EPHEMERON);
    bool leads = chance(generator, 0.9);
    operand_t key = leads ? find_shape(generator, GC_SHAPE_REFERENT) : PROGRAM_NULL;
    operand_t value = key ? object_in(generator, find_slot(generator)) : PROGRAM_NULL;
    if (ephemeron && (key || !leads))
        emit(generator, PROGRAM_EPHEMERON, ephemeron, key, value);
}

void attended_emit(struct generator *generator)
{
    uint32_t drawn = below(generator, 20);
    if (drawn < 8) {
        slot_t slot = below(generator, generator->model.top);
        emit(generator, PROGRAM_NEW, slot, generator->attended + below(generator, ATTENDED_SHAPES), 0);
    } else if (drawn < 13) {
        emit_weak(generator);
    } else if (drawn >= 16) {
        emit_ephemeron(generator);
    } else if (drawn < 15) {
        ask(generator, find_slot(generator));
    } else {
        attended_finalise(generator);
    }
}

/* ---- patterns ---- */

/* The names of a pattern: three for what it makes, and the others for weak references. */
enum { HEAD, LAST, FRESH, WATCH, SLOTS = ATTENDED_SLOTS };

static operand_t make(struct generator *generator, slot_t slot, uint32_t shape)
{
    return emit(generator, PROGRAM_NEW, slot, generator->attended + shape, 0) ? generator->model.object_count
                                                                              : 0;
}

void attended_file(struct generator *generator, slot_t slot)
{
    make(generator, slot, FILE_OF);
}

void attended_pair(struct generator *generator, slot_t slot)
{
    make(generator, slot, PAIR);
}

void attended_referent(struct generator *generator, slot_t slot)
{
    make(generator, slot, NODE);
}

/* Makes a weak reference in one of the names for them, and lets it refer to the object in `slot`. Some have been there
 * before, and so are older. */
static void watch(struct generator *generator, slot_t first, slot_t slot)
{
    slot_t name = first + WATCH + below(generator, SLOTS - WATCH);
    if (!object_in(generator, name) || chance(generator, 0.3))
        make(generator, name, chance(generator, 0.5) ? WEAK : BELL);
    emit(generator, PROGRAM_WEAK, object_in(generator, name), object_in(generator, slot), 0);
}

/* Calls what is due, and asks where each weak reference of the pattern leads. */
static void finalise_and_ask(struct generator *generator, slot_t first)
{
    emit_finalise(generator);
    emit(generator, PROGRAM_CALLED, generator->model.calls, 0, 0);
    for (slot_t name = first + WATCH; name < first + SLOTS; name++)
        ask(generator, name);
}

/* Lets the two refer to each other. One that its finaliser keeps refers to what refers to it, so it comes last. */
static void link_both(struct generator *generator, slot_t one, slot_t other)
{
    store(generator, other, 1, one);
    store(generator, one, 0, other);
    store(generator, other, 1, one);
}

/* A list linked in both directions, of objects with finalisers and without, of which a finaliser may keep one. Some hold a
 * weak reference to one of the others. */
static void build_linked(struct generator *generator, slot_t first)
{
    uint32_t size = draw_size(generator, generator->dials->ring);
    uint32_t kept = below(generator, 2 * size);
    for (uint32_t i = 0; i < size; i++) {
        uint32_t shape = i == kept ? KEPT : chance(generator, 0.5) ? NODE : FILE_OF;
        if (!make(generator, first + FRESH, shape) && !make(generator, first + FRESH, NODE))
            return;
        if (object_in(generator, first + LAST))
            link_both(generator, first + LAST, first + FRESH);
        else
            set(generator, first + HEAD, object_in(generator, first + FRESH));
        if (chance(generator, 0.5))
            watch(generator, first, first + FRESH);
        move(generator, first + LAST, first + FRESH);
        if (chance(generator, 0.2) && make(generator, first + FRESH, WEAK)) {
            emit(generator, PROGRAM_WEAK, object_in(generator, first + FRESH),
                 object_in(generator, first + HEAD), 0);
            store(generator, first + LAST, 2, first + FRESH);
        }
    }
}

/* A chain of objects with finalisers: each of them holds the one before it. */
static void build_files(struct generator *generator, slot_t first)
{
    uint32_t size = draw_size(generator, generator->dials->depth);
    for (uint32_t i = 0; i < size && make(generator, first + FRESH, FILE_OF); i++) {
        store(generator, first + FRESH, 0, first + HEAD);
        move(generator, first + HEAD, first + FRESH);
    }
    if (chance(generator, 0.5))
        watch(generator, first, first + HEAD);
}

/* Objects with finalisers that die together. */
static void build_flock(struct generator *generator, slot_t first)
{
    uint32_t size = draw_size(generator, generator->dials->live);
    if (!emit_shape(generator, first + HEAD, SHAPE_ARRAY, size))
        return;
    for (uint32_t i = 0; i < size && make(generator, first + FRESH, FILE_OF); i++)
        store(generator, first + HEAD, i, first + FRESH);
}

/* One object with many weak references, some of which leave its list before it dies. */
static void build_watched(struct generator *generator, slot_t first)
{
    make(generator, first + HEAD, chance(generator, 0.5) ? NODE : FILE_OF);
    for (uint32_t i = 0; i < 2 * (SLOTS - WATCH); i++)
        watch(generator, first, first + HEAD);
    if (chance(generator, generator->dials->cyclic / 2))
        store(generator, first + HEAD, 0, first + HEAD);
    if (chance(generator, 0.5))
        del(generator, first + WATCH + below(generator, SLOTS - WATCH));
}

/* Collects, fully or not, as settle() does. */
static void collect_some(struct generator *generator)
{
    if (chance(generator, 0.5))
        settle(generator);
    else if (generator->dials->collects > 0)
        emit(generator, PROGRAM_COLLECT, GC_COLLECT_YOUNG, 0, 0);
}

void attended_build(struct generator *generator, slot_t first)
{
    static void (*const builders[])(struct generator *, slot_t) = {build_files, build_flock, build_watched,
                                                                   build_linked};
    enum { LINKED = sizeof builders / sizeof *builders - 1 };
    uint32_t drawn = chance(generator, generator->dials->cyclic) ? LINKED : below(generator, LINKED);
    if (chance(generator, 0.3)) { /* weak references that are older than what they refer to */
        make(generator, first + WATCH, BELL);
        settle(generator);
    }
    builders[drawn](generator, first);
    if (chance(generator, 0.3))
        finalise_and_ask(generator, first);
    for (slot_t name = first + HEAD; name < first + WATCH; name++)
        del(generator, name);
    collect_some(generator);
    if (chance(generator, 0.3) && make(generator, first + FRESH, NODE)) /* before they are called back */
        watch(generator, first, first + FRESH);
    if (chance(generator, 0.3))
        del(generator, first + WATCH + below(generator, SLOTS - WATCH));
    if (chance(generator,
               0.3)) /* what a finaliser drops that keeps its object, when it has been called back */
        move(generator, 0, first + WATCH + below(generator, SLOTS - WATCH));
    finalise_and_ask(generator, first);
    if (chance(generator, 0.5)) {
        del(generator, 0); /* what a finaliser has kept */
        finalise_and_ask(generator, first);
    }
}
