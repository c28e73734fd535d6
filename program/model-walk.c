/* SPDX-License-Identifier: MIT */
/* Walks of the model: what slots reach, and what an object leads to. */
#include <stdlib.h>

#include "program/model-internal.h"

/* ---- from an object ---- */

void model_walk_reach(struct model_walk *walk, uint32_t operand)
{
    if (!operand || walk->seen[operand - 1])
        return;
    walk->seen[operand - 1] = 1;
    walk->queue[walk->count++] = operand - 1;
}

static void walk_pair(struct model_walk *walk, uint32_t ephemeron)
{
    uint32_t key = walk->model->attended[ephemeron].referent;
    if (key && walk->seen[ephemeron] && walk->seen[key - 1])
        model_walk_reach(walk, model_field(walk->model, ephemeron, GC_EPHEMERON_VALUE));
}

void model_walk_from(struct model_walk *walk, uint32_t object)
{
    const struct model *model = walk->model;
    bool pairs = model_is_ephemeron(model, object);
    for (uint32_t i = pairs ? GC_EPHEMERON_VALUE + 1 : 0; i < model->objects[object].field_count; i++)
        model_walk_reach(walk, model_field(model, object, i));
    if (pairs)
        walk_pair(walk, object);
    for (uint32_t weak = model->attends ? model->attended[object].first : 0; weak;
         weak = model->attended[weak - 1].next) {
        if (model_is_ephemeron(model, weak - 1))
            walk_pair(walk, weak - 1);
    }
}

/* ---- from the slots ---- */

/* Whether a slot from `first` on holds the object. */
static bool is_held_from(const struct model *model, uint32_t object, uint32_t first)
{
    uint32_t slot = model->objects[object].first_slot;
    while (slot != MODEL_NONE && slot < first)
        slot = model->slots[slot].next;
    return slot != MODEL_NONE;
}

uint8_t *model_reached(const struct model *model, uint32_t first, uint64_t *ret_count)
{
    struct model_walk walk = {.model = model,
                              .seen = calloc(model->object_count + 1, 1),
                              .queue = malloc((model->object_count + 1) * sizeof *walk.queue)};
    bool able = walk.seen && walk.queue;
    for (uint32_t i = 0; able && i < model->object_count;
         i++) /* of millions of slots, few may hold anything */
        if (is_held_from(model, i, first))
            model_walk_reach(&walk, i + 1);
    for (uint64_t next = 0; next < walk.count; next++)
        model_walk_from(&walk, walk.queue[next]);
    *ret_count = walk.count;
    if (!able) {
        free(walk.seen);
        walk.seen = NULL;
    }
    free(walk.queue);
    return walk.seen;
}

uint64_t model_reachable(const struct model *model)
{
    uint64_t count;
    uint8_t *seen = model_reached(model, 0, &count);
    bool failed = !seen;
    free(seen);
    return failed ? UINT64_MAX : count;
}
