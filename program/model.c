/* SPDX-License-Identifier: MIT */
#include "program/model.h"

#include <string.h>

#include "program/model-internal.h"

/* ---- validity ---- */

bool model_is_usable(const struct model *model, uint32_t object)
{
    if (object >= model->object_count)
        return false;
    const struct model_object *entry = &model->objects[object];
    return entry->count > 0 && (entry->first_slot != MODEL_NONE || entry->epoch == model->epoch);
}

static bool is_acyclic(const struct model *model, uint32_t object)
{
    return model->shapes[model->objects[object].shape].flags & GC_SHAPE_ACYCLIC;
}

static inline const char *object_objection(const struct model *model, uint32_t operand)
{
    if (operand == PROGRAM_NULL)
        return "an object is needed, not null";
    if (operand - 1 >= model->object_count)
        return "there is no such object yet";
    return model_is_usable(model, operand - 1) ? NULL
                                               : "no slot holds the object, nor has a GET just found it";
}

const char *model_object_objection(const struct model *model, uint32_t operand)
{
    return object_objection(model, operand);
}

static const char *field_objection(const struct model *model, uint32_t operand, uint32_t field)
{
    const char *objection = object_objection(model, operand);
    if (objection)
        return objection;
    return field < model->objects[operand - 1].field_count ? NULL : "the object has no such field";
}

static const char *slot_objection(const struct model *model, uint32_t slot)
{
    return slot < model->top ? NULL : "there is no such slot";
}

static const char *new_objection(const struct model *model, const struct program_op *op)
{
    if (op->b >= model->shape_count)
        return "there is no such shape";
    if (op->c > PROGRAM_LENGTH_MAX)
        return "the length is above 16777216";
    if (op->c && !gc_shape_has_length(&model->shapes[op->b]))
        return "the shape's size does not vary: its length is 0";
    if (model->object_count == INT32_MAX)
        return "there are too many objects";
    if ((model->shapes[op->b].flags & PROGRAM_SHAPE_KEEPS) && model->globals == 0)
        return "a finaliser that keeps its object needs a global name";
    return slot_objection(model, op->a);
}

/*
 * Returns whether `from` reaches `target` through acyclic objects. Two ways to build cost nothing. Bottom up,
 * an object receives references before an acyclic object holds it. Top down, a stored object holds no
 * reference yet. Otherwise the cost is O(objects that `from` reaches). The queue is the list of the dead,
 * which has room for every object and is empty between operations.
 */
static bool acyclic_reaches(const struct model *model, uint32_t from, uint32_t target)
{
    uint32_t *queue = model->dead;
    uint32_t count = 0;
    bool found = from == target;
    if (!found && !model->objects[target].is_in_acyclic)
        return false;
    queue[count++] = from;
    model->objects[from].seen = true;
    for (uint32_t next = 0; next < count && !found; next++) {
        for (uint32_t i = 0; i < model->objects[queue[next]].field_count && !found; i++) {
            uint32_t child = model_field(model, queue[next], i);
            if (!child || model->objects[child - 1].seen)
                continue;
            found = child - 1 == target;
            model->objects[child - 1].seen = true;
            queue[count++] = child - 1;
        }
    }
    while (count > 0)
        model->objects[queue[--count]].seen = false;
    return found;
}

const char *model_held_objection(const struct model *model, uint32_t object, uint32_t operand)
{
    if (operand == PROGRAM_NULL || !is_acyclic(model, object))
        return NULL;
    if (!is_acyclic(model, operand - 1))
        return "an acyclic object holds acyclic objects only";
    return acyclic_reaches(model, operand - 1, object) ? "an acyclic object would lie on a cycle" : NULL;
}

static const char *store_objection(const struct model *model, const struct program_op *op)
{
    const char *objection = field_objection(model, op->a, op->b);
    if (objection || op->c == PROGRAM_NULL)
        return objection;
    objection = object_objection(model, op->c);
    return objection ? objection : model_held_objection(model, op->a - 1, op->c);
}

static const char *free_objection(const struct model *model, uint32_t operand)
{
    if (operand == PROGRAM_NULL)
        return "an object is needed, not null";
    if (operand - 1 >= model->object_count)
        return "there is no such object yet";
    if (model->objects[operand - 1].freed)
        return "the object has been freed before";
    if (gc_shape_is_finalising(model_shape(model, operand - 1)))
        return "an object with a finaliser, or with weak references, is freed by nobody";
    return model->objects[operand - 1].first_slot == MODEL_NONE ? NULL
                                                                : "a slot holds the object: it is not dead";
}

const char *model_end_objection(const struct model *model)
{
    return model->unsettled ? "an object was freed that is still referred to" : NULL;
}

const char *model_objection(const struct model *model, const struct program_op *op)
{
    const char *objection = op->code == PROGRAM_FREE ? NULL : model_end_objection(model);
    if (objection)
        return objection;
    switch ((enum program_code)op->code) {
    case PROGRAM_ENTER:
        return op->a <= PROGRAM_SLOTS_MAX - model->top ? NULL : "frames would pass 4194304 slots";
    case PROGRAM_LEAVE:
        return model->frame_count ? NULL : "there is no frame to leave";
    case PROGRAM_NEW:
        return new_objection(model, op);
    case PROGRAM_SET:
        objection = slot_objection(model, op->a);
        return objection || op->b == PROGRAM_NULL ? objection : object_objection(model, op->b);
    case PROGRAM_MOVE:
        objection = slot_objection(model, op->a);
        if (!objection)
            objection = slot_objection(model, op->b);
        return objection || op->a != op->b ? objection : "a slot cannot be moved to itself";
    case PROGRAM_DEL:
        return slot_objection(model, op->a);
    case PROGRAM_GET:
    case PROGRAM_CLEAR:
        objection = field_objection(model, op->a, op->b);
        return objection ? objection : model_value_objection(model, op);
    case PROGRAM_STORE:
        objection = store_objection(model, op);
        return objection ? objection : model_value_objection(model, op);
    case PROGRAM_COLLECT:
        return op->a <= GC_COLLECT_YOUNG ? NULL : "there is no such kind of collection";
    case PROGRAM_CHECKPOINT:
    case PROGRAM_FREEZE:
    case PROGRAM_UNFREEZE:
        return NULL;
    case PROGRAM_COUNT:
        return object_objection(model, op->a);
    case PROGRAM_FREE:
        return free_objection(model, op->a);
    case PROGRAM_WEAK:
    case PROGRAM_LEADS:
    case PROGRAM_EPHEMERON:
        objection = object_objection(model, op->a);
        if (!objection && op->b != PROGRAM_NULL)
            objection = object_objection(model, op->b);
        if (!objection && op->c != PROGRAM_NULL)
            objection = object_objection(model, op->c);
        return objection ? objection : model_attended_objection(model, op);
    case PROGRAM_FINALISE:
        objection = model_attended_objection(model, op);
        return objection || !model->frozen ? objection : model_frozen_objection(model);
    case PROGRAM_CALLED:
        return model_attended_objection(model, op);
    case PROGRAM_RANGE:
    case PROGRAM_FILL:
    case PROGRAM_COPY:
        return model_range_objection(model, op);
    case PROGRAM_END:
    case PROGRAM_CODES:
        break;
    }
    return "there is no such operation";
}

/* ---- meaning ---- */

void model_count_up(struct model *model, uint32_t object)
{
    model->objects[object].count++;
}

/* `dead` has room for every object since its creation. */
void model_count_down(struct model *model, uint32_t object)
{
    if (model->losses)
        model->losses[object] = model->now;
    model->objects[object].lost = model->period;
    if (--model->objects[object].count > 0)
        return;
    if (model->objects[object].freed)
        model->unsettled--;
    else
        model->dead[model->dead_count++] = object;
}

/* Releases an object, which drops its references. */
static void release(struct model *model, uint32_t number)
{
    struct model_object *object = &model->objects[number];
    if (model->attends)
        model_value_drops(model, number);
    for (uint32_t i = 0; i < object->field_count; i++) {
        uint32_t child = model_field(model, number, i);
        if (child)
            model_count_down(model, child - 1);
    }
    model_fields_close(model, object);
    model->live--;
}

void model_release_dead(struct model *model)
{
    while (model->dead_count > 0) {
        uint32_t object = model->dead[--model->dead_count];
        if (!model_outlives(model, object))
            release(model, object);
    }
}

static void slot_unlink(struct model *model, uint32_t slot)
{
    struct model_slot *entry = &model->slots[slot];
    struct model_object *object = &model->objects[entry->object - 1];
    if (entry->previous == MODEL_NONE)
        object->first_slot = entry->next;
    else
        model->slots[entry->previous].next = entry->next;
    if (entry->next != MODEL_NONE)
        model->slots[entry->next].previous = entry->previous;
}

static void slot_link(struct model *model, uint32_t slot, uint32_t object)
{
    struct model_object *entry = &model->objects[object];
    model->slots[slot] =
        (struct model_slot){.object = object + 1, .next = entry->first_slot, .previous = MODEL_NONE};
    if (entry->first_slot != MODEL_NONE)
        model->slots[entry->first_slot].previous = slot;
    entry->first_slot = slot;
}

/* Puts `operand` into a slot. The caller passes on a reference that it has counted. */
void model_slot_put(struct model *model, uint32_t slot, uint32_t operand)
{
    uint32_t old = model->slots[slot].object;
    if (old)
        slot_unlink(model, slot);
    model->slots[slot] = (struct model_slot){0};
    if (operand)
        slot_link(model, slot, operand - 1);
    if (old)
        model_count_down(model, old - 1);
}

static uint32_t place_of(const struct model *model, uint32_t operand)
{
    if (operand == PROGRAM_NULL)
        return MODEL_NOWHERE;
    const struct model_object *object = &model->objects[operand - 1];
    return object->first_slot != MODEL_NONE ? model_in_slot(object->first_slot)
                                            : model_in_register(object->reg);
}

static const char *apply_enter(struct model *model, uint32_t count)
{
    if (!model_room_for_slots(model, model->top + count) ||
        !MODEL_ROOM(model, frames, model->frame_count, frame_capacity))
        return model_out_of_memory;
    if (count)
        memset(model->slots + model->top, 0, count * sizeof *model->slots);
    model->frames[model->frame_count++] = model->top;
    model->top += count;
    return NULL;
}

static void apply_leave(struct model *model)
{
    uint32_t first = model->frames[--model->frame_count];
    for (uint32_t slot = first; slot < model->top; slot++)
        model_slot_put(model, slot, PROGRAM_NULL);
    model->top = first;
}

static const char *apply_new(struct model *model, const struct program_op *op)
{
    if (!MODEL_ROOM(model, objects, model->object_count, object_capacity) ||
        !MODEL_ROOM(model, dead, model->object_count, dead_capacity) || !model_attended_room(model))
        return model_out_of_memory;
    struct model_object *object = &model->objects[model->object_count];
    *object = (struct model_object){.shape = op->b, .length = op->c, .count = 1, .first_slot = MODEL_NONE};
    object->field_count = (uint32_t)gc_shape_refs(&model->shapes[op->b], op->c);
    if (!model_fields_open(model, object)) {
        object->field_count = 0;
        return model_out_of_memory;
    }
    model->object_count++;
    model->live++;
    model_slot_put(model, op->a, model->object_count);
    return NULL;
}

static void apply_get(struct model *model, const struct program_op *op, struct model_places *places)
{
    uint32_t found = model_field(model, op->a - 1, op->b);
    places->object = place_of(model, op->a);
    places->result = model->registers++;
    if (model->registers > model->registers_max)
        model->registers_max = model->registers;
    if (found) {
        model->objects[found - 1].epoch = model->epoch;
        model->objects[found - 1].reg = places->result;
    }
}

void model_store(struct model *model, uint32_t object, uint32_t field, uint32_t operand)
{
    uint32_t *place = model_field_at(model, object, field);
    uint32_t old = *place;
    if (operand) {
        model_count_up(model, operand - 1);
        model->objects[operand - 1].is_in_acyclic |= is_acyclic(model, object);
    }
    *place = operand;
    if (old)
        model_count_down(model, old - 1);
}

/* A FREE of an object that counting has released only marks it. A FREE of an object on a cycle
 * releases it. */
static void apply_free(struct model *model, uint32_t object)
{
    model->objects[object].freed = true;
    if (model->objects[object].count == 0)
        return;
    model->unsettled++;
    release(model, object);
}

static void apply_set(struct model *model, const struct program_op *op, struct model_places *places)
{
    places->object = place_of(model, op->b);
    if (op->b)
        model_count_up(model, op->b - 1);
    model_slot_put(model, op->a, op->b);
}

static void apply_move(struct model *model, const struct program_op *op)
{
    uint32_t moved = model->slots[op->b].object;
    if (moved)
        model_count_up(model, moved - 1);
    model_slot_put(model, op->b, PROGRAM_NULL);
    model_slot_put(model, op->a, moved);
}

/* Of STORE and CLEAR. */
static void apply_store(struct model *model, const struct program_op *op, struct model_places *places)
{
    uint32_t value = op->code == PROGRAM_STORE ? op->c : PROGRAM_NULL;
    places->object = place_of(model, op->a);
    places->value = place_of(model, value);
    model_store(model, op->a - 1, op->b, value);
}

/* Of WEAK, LEADS and EPHEMERON. */
static const char *apply_attended(struct model *model, const struct program_op *op,
                                  struct model_places *places)
{
    bool pair = op->code == PROGRAM_EPHEMERON;
    places->object = place_of(model, op->a);
    places->key = place_of(model, pair ? op->b : PROGRAM_NULL);
    places->value = place_of(model, pair ? op->c : op->b);
    return model_attended_apply(model, op);
}

static const char *apply(struct model *model, const struct program_op *op, struct model_places *places)
{
    switch ((enum program_code)op->code) {
    case PROGRAM_ENTER:
        return apply_enter(model, op->a);
    case PROGRAM_LEAVE:
        apply_leave(model);
        break;
    case PROGRAM_NEW:
        return apply_new(model, op);
    case PROGRAM_SET:
        apply_set(model, op, places);
        break;
    case PROGRAM_MOVE:
        apply_move(model, op);
        break;
    case PROGRAM_DEL:
        model_slot_put(model, op->a, PROGRAM_NULL);
        break;
    case PROGRAM_GET:
        apply_get(model, op, places);
        break;
    case PROGRAM_STORE:
    case PROGRAM_CLEAR:
        apply_store(model, op, places);
        break;
    case PROGRAM_COUNT:
        places->object = place_of(model, op->a);
        break;
    case PROGRAM_FREE:
        apply_free(model, op->a - 1);
        break;
    case PROGRAM_WEAK:
    case PROGRAM_LEADS:
    case PROGRAM_EPHEMERON:
        return apply_attended(model, op, places);
    case PROGRAM_FINALISE:
        return model_attended_apply(model, op);
    case PROGRAM_RANGE:
    case PROGRAM_FILL:
    case PROGRAM_COPY:
        places->object = place_of(model, op->a);
        model_range_apply(model, op);
        break;
    case PROGRAM_FREEZE:
        return model_freeze_apply(model);
    case PROGRAM_UNFREEZE:
        model_unfreeze_apply(model);
        break;
    case PROGRAM_CALLED:
    case PROGRAM_COLLECT:
    case PROGRAM_CHECKPOINT:
    case PROGRAM_END:
    case PROGRAM_CODES:
        break;
    }
    return NULL;
}

/* Returns whether borrowed references end: whether the operation may collect or drop. */
static bool ends_borrowing(uint32_t code)
{
    return code != PROGRAM_ENTER && code != PROGRAM_GET && code != PROGRAM_COUNT && code != PROGRAM_WEAK &&
           code != PROGRAM_LEADS && code != PROGRAM_CALLED && code != PROGRAM_RANGE &&
           code != PROGRAM_FREEZE && code != PROGRAM_UNFREEZE;
}

const char *model_apply(struct model *model, const struct program_op *op, struct model_places *ret_places)
{
    *ret_places =
        (struct model_places){.object = MODEL_NOWHERE, .value = MODEL_NOWHERE, .key = MODEL_NOWHERE};
    if (op->code == PROGRAM_NEW || op->code == PROGRAM_COLLECT || op->code == PROGRAM_CHECKPOINT)
        model_period_begin(model, op);
    const char *failure = apply(model, op, ret_places);
    if (failure)
        return failure;
    model_release_dead(model);
    if (op->code == PROGRAM_FINALISE)
        model_period_begin(model, op);
    if (op->code != PROGRAM_RANGE)
        model->range.object = 0;
    if (ends_borrowing(op->code)) {
        model->epoch++;
        model->registers = 0;
    }
    return NULL;
}
