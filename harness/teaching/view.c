/* SPDX-License-Identifier: MIT */
#include "harness/teaching/view.h"

#include "base/memory.h"
#include "collectors/collector-api.h"
#include "collectors/show.h"

void view_open(struct view *view, struct gc_mutator *mutator, const struct program *program)
{
    *view = (struct view){.mutator = mutator};
    if (model_open(&view->model, program->shapes, program->shape_count, program->globals, UINT64_MAX) < 0)
        memory_exhausted();
}

/* ---- births and deaths ---- */

uint32_t view_number(const struct view *view, const struct gc_object *object)
{
    for (uint32_t i = 0; object && i < view->count; i++)
        if (view->objects[i].held && view->objects[i].place == object)
            return i + 1;
    return 0;
}

void view_born(struct view *view, struct gc_object *object, uint64_t number)
{
    view->objects[number - 1] = (struct view_object){
        .place = gc_collector.traits->moves ? NULL : object, .held = true, .reachable = true};
    view->count = (uint32_t)number;
    view->held++;
}

void view_freed(struct view *view, const struct gc_object *object)
{
    uint32_t number = view_number(view, object);
    if (number == 0)
        return; /* inferred before */
    view->objects[number - 1].held = false;
    view->held--;
}

/* ---- references ---- */

/* Marks what the names reach. Every object enters the queue once. */
static void mark_reachable(struct view *view)
{
    uint32_t queue[DRAWABLE_OBJECTS], count = 0;
    for (uint32_t i = 0; i < view->count; i++)
        view->objects[i].reachable = false;
    for (uint32_t slot = 0; slot < view->model.top; slot++) {
        uint32_t number = view->model.slots[slot].object;
        if (number && !view->objects[number - 1].reachable) {
            view->objects[number - 1].reachable = true;
            queue[count++] = number - 1;
        }
    }
    for (uint32_t next = 0; next < count; next++) {
        const struct view_object *object = &view->objects[queue[next]];
        for (uint32_t i = 0; i < object->field_count; i++) {
            uint32_t number = object->fields[i];
            if (number && !view->objects[number - 1].reachable) {
                view->objects[number - 1].reachable = true;
                queue[count++] = number - 1;
            }
        }
    }
}

/*
 * Copies the fields of an object that counting has not released. The fields of one that it has are gone under
 * a collector that counts. Under all others they still lead where they led.
 */
static void copy_fields(struct view *view, uint32_t object)
{
    struct view_object *entry = &view->objects[object];
    if (view->model.objects[object].count == 0) {
        if (gc_collector.traits->counts)
            entry->field_count = 0;
        return;
    }
    uint32_t count = view->model.objects[object].field_count;
    if (!entry->fields)
        entry->fields = memory_new(count, sizeof *entry->fields);
    entry->field_count = count;
    for (uint32_t i = 0; i < count; i++)
        entry->fields[i] = model_field(&view->model, object, i);
}

void view_apply(struct view *view, const struct program_op *op)
{
    struct model_places places;
    if (model_apply(&view->model, op, &places))
        memory_exhausted();
    for (uint32_t i = 0; i < view->model.object_count; i++)
        copy_fields(view, i);
    mark_reachable(view);
}

bool view_reconcile(struct view *view)
{
    uint64_t held = gc_held_objects(view->mutator), reachable = 0;
    for (uint32_t i = 0; i < view->count; i++)
        reachable += view->objects[i].held && view->objects[i].reachable;
    if (view->held > held && reachable == held) {
        for (uint32_t i = 0; i < view->count; i++)
            view->objects[i].held &= view->objects[i].reachable;
        view->held = (uint32_t)reachable;
    }
    return view->held == held;
}

/* ---- what objects show ---- */

static struct view_state state_of(const struct view *view, const struct view_object *object)
{
    struct view_state state = {.count = -1, .number = -1, .colour = -1, .held = object->held};
    if (!object->held || !object->place)
        return state;
    if (gc_collector.traits->counts)
        state.count = gc_count((struct gc_ref){object->place});
    if (gc_show.colour)
        state.colour = (int32_t)gc_show.colour(view->mutator, object->place);
    if (gc_show.number_of)
        state.number = gc_show.number_of(view->mutator, object->place);
    return state;
}

void view_read(const struct view *view, struct view_state *ret_states)
{
    for (uint32_t i = 0; i < view->count; i++)
        ret_states[i] = state_of(view, &view->objects[i]);
}
