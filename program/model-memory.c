/* SPDX-License-Identifier: MIT */
/* The memory of the model, counted against its limit: what grows, and where it begins and ends. */
#include <stdlib.h>
#include <string.h>

#include "program/model-internal.h"

const char model_out_of_memory[] = "the program needs more memory than the limit";

/* ---- memory, counted against the limit ---- */

static void *grow(struct model *model, void *items, uint32_t *capacity, uint64_t size)
{
    uint64_t larger = *capacity ? (uint64_t)*capacity * 2 : 256;
    uint64_t added = (larger - *capacity) * size;
    if (larger > UINT32_MAX / 2 || model->memory + added > model->memory_limit)
        return NULL;
    void *grown = realloc(items, larger * size);
    if (grown) {
        model->memory += added;
        *capacity = (uint32_t)larger;
    }
    return grown;
}

bool model_room(struct model *model, void **items, uint32_t *capacity, uint64_t size)
{
    void *grown = grow(model, *items, capacity, size);
    if (grown)
        *items = grown;
    return grown;
}

bool model_room_for_slots(struct model *model, uint32_t slots)
{
    while (model->slot_capacity < slots) {
        if (!MODEL_ROOM(model, slots, model->slot_capacity, slot_capacity))
            return false;
    }
    return true;
}

bool model_fields_take(struct model *model, struct model_object *object)
{
    uint64_t bytes = object->field_count * sizeof *object->many;
    if (model->memory + bytes > model->memory_limit)
        return false;
    object->many = calloc(object->field_count, sizeof *object->many);
    if (!object->many)
        return false;
    model->memory += bytes;
    return true;
}

void model_fields_give(struct model *model, struct model_object *object)
{
    free(object->many);
    model->memory -= object->field_count * sizeof *object->many;
}

/* ---- begin and end ---- */

int model_open(struct model *model, const struct gc_shape *shapes, uint32_t shape_count, uint32_t globals,
               uint64_t memory_limit)
{
    *model = (struct model){.shapes = shapes,
                            .shape_count = shape_count,
                            .globals = globals,
                            .top = globals,
                            .epoch = 1,
                            .memory_limit = memory_limit};
    for (uint32_t i = 0; i < shape_count; i++) {
        model->attends |= gc_shape_is_finalising(&shapes[i]);
        model->keeps |= (shapes[i].flags & PROGRAM_SHAPE_KEEPS) != 0;
    }
    if (globals > PROGRAM_SLOTS_MAX || !model_room_for_slots(model, globals)) {
        model_close(model);
        return -1;
    }
    if (globals)
        memset(model->slots, 0, globals * sizeof *model->slots);
    return 0;
}

void model_close(struct model *model)
{
    for (uint32_t i = 0; i < model->object_count; i++)
        model_fields_close(model, &model->objects[i]);
    free(model->objects);
    free(model->slots);
    free(model->frames);
    free(model->dead);
    model_attended_close(model);
    *model = (struct model){0};
}
