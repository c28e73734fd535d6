/* SPDX-License-Identifier: MIT */
#include "harness/stress/sure-counts.h"

#include <stdlib.h>

/* A walk from the names that counts the edges to one object. */
struct walk {
    const struct model *model;
    uint8_t *seen;
    uint32_t *queue;
    uint64_t queued;
    uint32_t target;
    uint64_t found;
};

/* Follows one reference. `entry` is the entry of a slot or a field: an object's number plus one, or 0. */
static void follow(struct walk *walk, uint32_t entry)
{
    if (!entry)
        return;
    walk->found += entry - 1 == walk->target;
    if (walk->seen[entry - 1])
        return;
    walk->seen[entry - 1] = 1;
    walk->queue[walk->queued++] = entry - 1;
}

/* The first field that a collector surely has: it may have emptied an ephemeron whose key no name holds. */
static uint32_t first_sure(const struct model *model, uint32_t object)
{
    if (!(model->shapes[model->objects[object].shape].flags & GC_SHAPE_EPHEMERON))
        return 0;
    uint32_t key = model->attended[object].referent;
    return key && model->objects[key - 1].first_slot != MODEL_NONE ? 0 : GC_EPHEMERON_VALUE + 1;
}

bool count_is_sure(const struct model *model, uint32_t object)
{
    struct walk walk = {.model = model, .target = object};
    if (model->parted || (model->attends && model->attended[object].valued))
        return false;
    walk.seen = calloc(model->object_count + 1, 1);
    walk.queue = malloc((model->object_count + 1) * sizeof *walk.queue);
    bool able = walk.seen && walk.queue;
    for (uint32_t slot = 0; able && slot < model->top; slot++)
        follow(&walk, model->slots[slot].object);
    for (uint64_t next = 0; next < walk.queued; next++)
        for (uint32_t i = first_sure(model, walk.queue[next]);
             i < model->objects[walk.queue[next]].field_count; i++)
            follow(&walk, model_field(model, walk.queue[next], i));
    free(walk.seen);
    free(walk.queue);
    return able && walk.found == model->objects[object].count;
}
