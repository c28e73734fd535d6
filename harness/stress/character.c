/* SPDX-License-Identifier: MIT */
#include "harness/stress/character.h"

#include <stdlib.h>

#include "collectors/mutator.h"
#include "program/model.h"

enum { FIELDS = 16 }; /* that a look may see for each object made since the look before */

struct looking {
    struct model model;
    struct recipe_character *character;
    uint32_t *seen;  /* of each object: the last look that found it */
    uint32_t *queue; /* the objects of a look, the nearest to a name first */
    uint32_t found;  /* of them */
    uint32_t looks;
    uint64_t next; /* objects made when the next look is due */
    uint64_t most; /* words that the program may have */
};

uint64_t character_op_size(const struct gc_shape *shapes, const struct program_op *op)
{
    if (op->code == PROGRAM_NEW)
        return 1 + gc_shape_bytes(&shapes[op->b], op->c) / sizeof(uint64_t);
    if (op->code == PROGRAM_ENTER)
        return 1 + 2 * (uint64_t)op->a; /* its end costs as much */
    if (op->code == PROGRAM_RANGE)
        return 1 + (uint64_t)op->c;
    return 1;
}

/* ---- depth ---- */

/* `object` is the number plus one, or 0. */
static void reach(struct looking *looking, uint32_t object)
{
    if (!object || looking->seen[object - 1] == looking->looks)
        return;
    looking->seen[object - 1] = looking->looks;
    looking->queue[looking->found++] = object - 1;
}

/* Goes through the objects that names reach, level by level. */
static void depth_look(struct looking *looking)
{
    const struct model *model = &looking->model;
    uint64_t depth = 0, fields = 0;
    looking->looks++;
    looking->found = 0;
    for (uint32_t slot = 0; slot < model->top; slot++)
        reach(looking, model->slots[slot].object);
    for (uint32_t next = 0; next < looking->found; depth++)
        for (uint32_t end = looking->found; next < end; next++) {
            uint32_t object = looking->queue[next];
            fields += model->objects[object].field_count;
            for (uint32_t field = 0; field < model->objects[object].field_count; field++)
                reach(looking, model_field(model, object, field));
        }
    if (depth > looking->character->depth)
        looking->character->depth = depth;
    uint64_t seen = fields / FIELDS > looking->found ? fields / FIELDS : looking->found;
    looking->next = looking->character->objects + seen + model->top + 1;
}

/* ---- fan-in ---- */

/* `object` is the number plus one, or 0. */
static void references_look(struct looking *looking, uint32_t object)
{
    if (object && looking->model.objects[object - 1].count > looking->character->fan_in)
        looking->character->fan_in = looking->model.objects[object - 1].count;
}

/* Looks at the objects to which an operation has made references. `range` is what it wrote, if it was a COPY. */
static void fan_in_look(struct looking *looking, const struct program_op *op, const struct model_range *range)
{
    if (op->code == PROGRAM_STORE || op->code == PROGRAM_EPHEMERON)
        references_look(looking, op->c);
    else if (op->code == PROGRAM_SET)
        references_look(looking, op->b);
    else if (op->code == PROGRAM_FILL)
        references_look(looking, op->a);
    else if (op->code == PROGRAM_COPY)
        for (uint32_t i = 0; i < range->count; i++)
            references_look(looking, model_field(&looking->model, range->object - 1, range->first + i));
}

/* ---- the program ---- */

/* Applies an operation, or cuts the program in front of it. Returns whether there was memory for it. */
static bool op_apply(struct looking *looking, const struct program *program, const struct program_op *op)
{
    struct recipe_character *character = looking->character;
    struct model_range range = looking->model.range;
    struct model_places places;
    uint64_t size = character_op_size(program->shapes, op);
    if (size > looking->most - character->size) {
        character->cut = 1;
        return true;
    }
    if (model_apply(&looking->model, op, &places))
        return false;
    character->size += size;
    character->live = looking->model.live > character->live ? looking->model.live : character->live;
    fan_in_look(looking, op, &range);
    if (op->code == PROGRAM_NEW && ++character->objects >= looking->next)
        depth_look(looking);
    return true;
}

/* Drops all names. What is held then lies on rings, or is held by such. */
static bool names_drop(struct looking *looking)
{
    struct model_places places;
    for (uint32_t slot = 0; slot < looking->model.top; slot++)
        if (model_apply(&looking->model, &(struct program_op){PROGRAM_DEL, slot, 0, 0}, &places))
            return false;
    looking->character->on_rings = looking->model.live;
    return true;
}

int character_find(const struct program *program, uint64_t most, struct recipe_character *ret_character)
{
    uint64_t objects = program_object_count(program);
    struct looking looking = {.character = ret_character,
                              .most = most,
                              .seen = calloc(objects + 1, sizeof *looking.seen),
                              .queue = calloc(objects + 1, sizeof *looking.queue)};
    *ret_character = (struct recipe_character){.before_last = UINT64_MAX};
    bool opened =
        looking.seen && looking.queue &&
        model_open(&looking.model, program->shapes, program->shape_count, program->globals, UINT64_MAX) == 0;
    bool whole = opened;
    for (uint64_t i = 0; i < program->op_count && whole && !ret_character->cut; i++)
        whole = op_apply(&looking, program, &program->ops[i]);
    whole = whole && names_drop(&looking);
    if (opened)
        model_close(&looking.model);
    free(looking.seen);
    free(looking.queue);
    return whole ? 0 : -1;
}
