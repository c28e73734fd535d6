/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "program/model-internal.h"

bool model_attended_room(struct model *model)
{
    if (!model->attends)
        return true;
    if (!MODEL_ROOM(model, attended, model->object_count, attended_capacity) ||
        !MODEL_ROOM(model, dues, model->object_count, due_capacity))
        return false;
    model->attended[model->object_count] = (struct model_attended){0};
    return true;
}

void model_attended_close(struct model *model)
{
    free(model->attended);
    free(model->dues);
}

/* ---- validity ---- */

static const char *weak_objection(const struct model *model, const struct program_op *op)
{
    if (!(model_shape(model, op->a - 1)->flags & GC_SHAPE_WEAK))
        return "the first object is no weak reference";
    if (op->code == PROGRAM_WEAK && model_is_ephemeron(model, op->a - 1))
        return "the key of an ephemeron is set with its value, by 'ephemeron'";
    if (op->b && !(model_shape(model, op->b - 1)->flags & GC_SHAPE_REFERENT))
        return "no weak reference may refer to the second object";
    return NULL;
}

static const char *ephemeron_objection(const struct model *model, const struct program_op *op)
{
    const char *objection = weak_objection(model, op);
    if (objection)
        return objection;
    if (!model_is_ephemeron(model, op->a - 1))
        return "the first object is no ephemeron";
    if (op->b && (model_shape(model, op->b - 1)->flags & GC_SHAPE_ACYCLIC))
        return "a key may lie on a cycle, through its value: the second object is acyclic";
    return op->c && !op->b ? "an ephemeron without a key has no value" : NULL;
}

/* An operation finds the value of an ephemeron only while the program holds the key: else the key may be dead, and the
 * value be gone. */
const char *model_value_objection(const struct model *model, const struct program_op *op)
{
    if (op->b != GC_EPHEMERON_VALUE || !model_is_ephemeron(model, op->a - 1))
        return NULL;
    if (op->code != PROGRAM_GET)
        return "the value of an ephemeron is set with its key, by 'ephemeron'";
    uint32_t key = model->attended[op->a - 1].referent;
    if (model->attended[op->a - 1].unsettled || (key && !model_is_usable(model, key - 1)))
        return "no slot holds the ephemeron's key: whether it still has its value is the collector's";
    return NULL;
}

/* What a weak reference leads to between the death of its referent and the next FINALISE is the collector's. */
static const char *leads_objection(const struct model *model, const struct program_op *op)
{
    uint32_t referent = model->attended[op->a - 1].referent;
    const char *objection = weak_objection(model, op);
    if (!objection && model->attended[op->a - 1].unsettled)
        return "the referent has died since the last FINALISE: where the weak reference leads is the "
               "collector's";
    if (objection || referent == op->b)
        return objection;
    return "the weak reference leads elsewhere";
}

const char *model_attended_objection(const struct model *model, const struct program_op *op)
{
    if (!model->attends)
        return "no shape of the program has a finaliser, or is of weak references";
    if (op->code == PROGRAM_WEAK)
        return weak_objection(model, op);
    if (op->code == PROGRAM_LEADS)
        return leads_objection(model, op);
    if (op->code == PROGRAM_EPHEMERON)
        return ephemeron_objection(model, op);
    if (op->code == PROGRAM_CALLED && op->a != model->calls)
        return "another number of finalisers and callbacks have been called";
    return NULL;
}

/* ---- weak references ---- */

static void weak_unlink(struct model *model, uint32_t weak)
{
    struct model_attended *words = &model->attended[weak];
    if (words->next)
        model->attended[words->next - 1].previous = words->previous;
    if (words->previous)
        model->attended[words->previous - 1].next = words->next;
    else if (words->referent)
        model->attended[words->referent - 1].first = words->next;
    words->referent = words->next = words->previous = 0;
    words->rung = words->unsettled = false;
}

static void weak_link(struct model *model, uint32_t weak, uint32_t referent)
{
    struct model_attended *words = &model->attended[weak];
    uint32_t *first = &model->attended[referent].first;
    words->referent = referent + 1;
    words->next = *first;
    if (*first)
        model->attended[*first - 1].previous = weak + 1;
    *first = weak + 1;
}

static void weak_clear(struct model *model, uint32_t object)
{
    while (model->attended[object].first) {
        uint32_t weak = model->attended[object].first - 1;
        weak_unlink(model, weak);
        model->attended[weak].rung = model_shape(model, weak)->flags & GC_SHAPE_CALLED;
        model->attended[weak].unsettled = true;
        model->parted |= model_is_ephemeron(model, weak) && model_field(model, weak, GC_EPHEMERON_VALUE);
        if (model_is_ephemeron(model, weak))
            model_store(model, weak, GC_EPHEMERON_VALUE, PROGRAM_NULL);
    }
}

/* ---- deaths ---- */

bool model_has_keeper(const struct model *model)
{
    for (uint32_t i = 0; i < model->object_count && model->keeps; i++)
        if (model_shape(model, i)->flags & PROGRAM_SHAPE_KEEPS && !model->attended[i].finalised)
            return true;
    for (uint32_t i = 0; i < model->due_count && model->keeps; i++)
        if (model_shape(model, model->dues[i])->flags & PROGRAM_SHAPE_KEEPS)
            return true;
    return false;
}

/* Lets the finaliser of `object` be due, if it has one that never was. */
static bool enqueue(struct model *model, uint32_t object)
{
    if (!(model_shape(model, object)->flags & GC_SHAPE_FINALISED) || model->attended[object].finalised)
        return false;
    model->attended[object].finalised = true;
    model->dues[model->due_count++] = object;
    model_count_up(model, object);
    return true;
}

bool model_outlives(struct model *model, uint32_t object)
{
    if (!model->attends || !gc_shape_is_finalising(model_shape(model, object)))
        return false;
    weak_clear(model, object);
    if (enqueue(model, object))
        return true;
    weak_unlink(model, object);
    return false;
}

static bool is_garbage(const struct model *model, const uint8_t *reached, uint32_t object)
{
    return !reached[object] && model->objects[object].count > 0 && !model->objects[object].freed;
}

/* A walk from a few objects. Its queue is the list of the dead, which has room for every object and is empty here. */
static uint32_t reach_note(struct model *model, uint32_t operand, uint32_t *queue, uint32_t count)
{
    if (!operand || model->objects[operand - 1].seen)
        return count;
    model->objects[operand - 1].seen = true;
    queue[count] = operand - 1;
    return count + 1;
}

static void reach_end(struct model *model, uint32_t *queue, uint32_t *count)
{
    for (uint32_t next = 0; next < *count; next++)
        for (uint32_t i = 0; i < model->objects[queue[next]].field_count; i++)
            *count = reach_note(model, model_field(model, queue[next], i), queue, *count);
}

static void reach_forget(struct model *model, const uint32_t *queue, uint32_t count)
{
    while (count > 0)
        model->objects[queue[--count]].seen = false;
}

/* Whether `from` reaches `target`. O(what it reaches). */
static bool reaches(struct model *model, uint32_t from, uint32_t target)
{
    uint32_t *queue = model->dead;
    uint32_t count = reach_note(model, from + 1, queue, 0);
    reach_end(model, queue, &count);
    bool found = model->objects[target].seen;
    reach_forget(model, queue, count);
    return found;
}

/* Notes the callbacks of garbage that what is due holds: counting calls them when that has been released. Does nothing
 * where no finaliser keeps its object. O(objects + what is reached). */
static void late_note(struct model *model, const uint8_t *reached)
{
    uint32_t *queue = model->dead;
    uint32_t count = 0;
    for (uint32_t due = 0; model->keeps && due < model->due_count; due++)
        count = reach_note(model, model->dues[due] + 1, queue, count);
    reach_end(model, queue, &count);
    for (uint32_t next = 0; next < count; next++) {
        uint32_t object = queue[next];
        bool late = is_garbage(model, reached, object);
        for (uint32_t weak = model->attended[object].first; weak && late;
             weak = model->attended[weak - 1].next)
            model->attended[weak - 1].late = model_shape(model, weak - 1)->flags & GC_SHAPE_CALLED;
    }
    reach_forget(model, queue, count);
}

/* Attends to the rings that no slot reaches, and to what they hold. */
static void garbage_attend(struct model *model, const uint8_t *reached)
{
    for (uint32_t i = 0; i < model->object_count; i++) {
        if (!is_garbage(model, reached, i))
            continue;
        model->attended[i].touched |= model->attended[i].first != 0;
        weak_clear(model, i);
    }
    for (uint32_t i = 0; i < model->object_count; i++) {
        if (is_garbage(model, reached, i))
            model->attended[i].touched |= enqueue(model, i);
    }
    model_release_dead(model); /* values of ephemerons whose keys are dead */
}

/* ---- what is called ---- */

static void callbacks_call(struct model *model, const uint8_t *reached)
{
    for (uint32_t i = 0; i < model->object_count; i++) {
        model->calls += model->attended[i].rung && (reached[i] || model->counts_only);
        model->attended[i].rung = model->attended[i].unsettled = false;
    }
}

/*
 * Whether an object that is brought back takes others with it that a walk has found dead. Counting has not, unless they
 * lie on a ring with it: to a collector that counts they have never died. O(touched objects * what they reach).
 */
static bool brings_more(struct model *model, uint32_t kept)
{
    for (uint32_t i = 0; i < model->object_count; i++) {
        if (i != kept && model->attended[i].touched && reaches(model, kept, i) && !reaches(model, i, kept))
            return true;
    }
    return false;
}

/*
 * Whether a finaliser that binds the first global name drops a weak reference whose callback counting calls late. A walk has
 * called it before; counting finds nobody to call. Names besides the first one may hold it, and then it is not dropped.
 * O(model). Returns 1 or 0, or -1 without memory.
 */
static int drops_late(const struct model *model)
{
    uint64_t count;
    int drops = 0;
    bool any = false;
    for (uint32_t i = 0; i < model->object_count && !any; i++)
        any = model->attended[i].late;
    if (!any)
        return 0;
    uint8_t *all = model_reached(model, 0, &count);
    uint8_t *others = model_reached(model, 1, &count);
    for (uint32_t i = 0; i < model->object_count && all && others; i++)
        drops |= model->attended[i].late && all[i] && !others[i];
    if (!all || !others)
        drops = -1;
    free(all);
    free(others);
    return drops;
}

/* Calls the finalisers that are due. `kept` says whether one has bound its object before. */
static const char *dues_call(struct model *model, bool *kept)
{
    for (uint32_t next = 0; next < model->due_count; next++) {
        uint32_t object = model->dues[next];
        model->calls++;
        if (model_shape(model, object)->flags & PROGRAM_SHAPE_KEEPS) {
            if (*kept)
                return "two finalisers would bind the first global, and their order is the collector's";
            if (brings_more(model, object))
                return "a finaliser would bring back objects that counting has not found dead";
            int drops = drops_late(model);
            if (drops)
                return drops < 0
                           ? model_out_of_memory
                           : "a finaliser would drop a weak reference whose callback counting calls later";
            *kept = true;
            model_count_up(model, object);
            model_slot_put(model, 0, object + 1);
        }
        model_count_down(model, object);
        model_release_dead(model);
    }
    model->due_count = 0;
    return NULL;
}

/* Callbacks and finalisers do not make objects, so this comes to an end. */
static const char *finalise(struct model *model)
{
    uint32_t calls;
    bool kept = false;
    do {
        uint64_t count;
        uint8_t *reached = model_reached(model, 0, &count);
        if (!reached)
            return model_out_of_memory;
        calls = model->calls;
        if (!model->counts_only) {
            late_note(model, reached);
            garbage_attend(model, reached);
        }
        callbacks_call(model, reached);
        free(reached);
        const char *failure = dues_call(model, &kept);
        if (failure)
            return failure;
    } while (model->calls != calls);
    for (uint32_t i = 0; i < model->object_count; i++)
        model->attended[i].touched = model->attended[i].late = false;
    return NULL;
}

const char *model_attended_apply(struct model *model, const struct program_op *op)
{
    if (op->code == PROGRAM_FINALISE)
        return finalise(model);
    if (op->code != PROGRAM_WEAK && op->code != PROGRAM_EPHEMERON)
        return NULL;
    model_value_drops(model, op->a - 1);
    weak_unlink(model, op->a - 1);
    if (op->b)
        weak_link(model, op->a - 1, op->b - 1);
    if (op->code == PROGRAM_EPHEMERON) {
        model_store(model, op->a - 1, GC_EPHEMERON_VALUE, op->c);
        if (op->c)
            model->attended[op->c - 1].valued = true;
    }
    return NULL;
}
