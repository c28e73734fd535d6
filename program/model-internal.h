/* SPDX-License-Identifier: MIT */
/* What the parts of the model share: model.c, the memory that it takes, what it does about finalisers and weak references,
 * about what is frozen, and about ranges. */
#ifndef PROGRAM_MODEL_INTERNAL_H
#define PROGRAM_MODEL_INTERNAL_H

#include "program/model.h"

/* ---- model-memory.c ---- */

extern const char model_out_of_memory[];

/* Grows an array of the model, which holds `capacity` items of `size` bytes. False without memory. */
bool model_room(struct model *model, void **items, uint32_t *capacity, uint64_t size);

/* Makes room for one more item. `array` and its capacity are members of the model. */
#define MODEL_ROOM(model, array, count, capacity)                                                            \
    ((count) < (model)->capacity ||                                                                          \
     model_room((model), (void **)&(model)->array, &(model)->capacity, sizeof *(model)->array))

/* Makes room for so many slots. False without memory. */
bool model_room_for_slots(struct model *model, uint32_t slots);

/* Takes memory for the fields of an object, all null, and gives it back: of one with more than two. */
bool model_fields_take(struct model *model, struct model_object *object);
void model_fields_give(struct model *model, struct model_object *object);

static inline uint32_t *model_field_at(struct model *model, uint32_t object, uint32_t field)
{
    struct model_object *entry = &model->objects[object];
    return entry->field_count > 2 ? &entry->many[field] : &entry->few[field];
}

/* Makes the fields of an object, all null; its `field_count` says how many. False without memory. */
static inline bool model_fields_open(struct model *model, struct model_object *object)
{
    return object->field_count <= 2 || model_fields_take(model, object);
}

static inline void model_fields_close(struct model *model, struct model_object *object)
{
    if (object->field_count > 2)
        model_fields_give(model, object);
    object->field_count = 0;
}

/* ---- model.c ---- */

void model_count_up(struct model *model, uint32_t object);

/* Takes a reference away. What has died of it is released by model_release_dead(). */
void model_count_down(struct model *model, uint32_t object);
void model_release_dead(struct model *model);

/* Puts the object `operand`, or null, into a slot. The caller passes on a reference that it has counted. */
void model_slot_put(struct model *model, uint32_t slot, uint32_t operand);

/* Stores the object `operand`, or null, in a field, and counts both the new one and the old one. */
void model_store(struct model *model, uint32_t object, uint32_t field, uint32_t operand);

/* Returns what is wrong with an object as an operand, or NULL. */
const char *model_object_objection(const struct model *model, uint32_t operand);

/* Returns what is wrong with the object `operand`, or null, in a field of `object`, or NULL: whether it may be used is
 * another matter. */
const char *model_held_objection(const struct model *model, uint32_t object, uint32_t operand);

/* ---- model-walk.c ---- */

/* What a walk has reached: a byte for each object, and the objects in the order in which it found them. */
struct model_walk {
    const struct model *model;
    uint8_t *seen;
    uint32_t *queue;
    uint64_t count;
};

/* Adds the object `operand`, or null, to a walk. */
void model_walk_reach(struct model_walk *walk, uint32_t operand);

/* Adds what `object` leads to, when the walk comes to it. The value of an ephemeron is added by the second of the ephemeron
 * and its key. */
void model_walk_from(struct model_walk *walk, uint32_t object);

/* Marks each object that the slots from `first` on reach: a byte for each object, which the caller frees. Says how many
 * those are. NULL without memory. O(model). */
uint8_t *model_reached(const struct model *model, uint32_t first, uint64_t *ret_count);

/* ---- model-attended.c ---- */

static inline const struct gc_shape *model_shape(const struct model *model, uint32_t object)
{
    return &model->shapes[model->objects[object].shape];
}

static inline bool model_is_ephemeron(const struct model *model, uint32_t object)
{
    return model_shape(model, object)->flags & GC_SHAPE_EPHEMERON;
}

/* Returns what is wrong with a GET, a STORE or a CLEAR besides, or NULL: its field may be the value of an ephemeron. */
const char *model_value_objection(const struct model *model, const struct program_op *op);

/* Returns what is wrong with WEAK, LEADS, EPHEMERON, CALLED or FINALISE as the next operation, or NULL. The objects of the
 * operation may be used. */
const char *model_attended_objection(const struct model *model, const struct program_op *op);

/* Makes room for what is known of one more object. False without memory. */
bool model_attended_room(struct model *model);

/* An object without a reference: clears the weak references to it, and says whether it lives on for its finaliser. */
bool model_outlives(struct model *model, uint32_t object);

/* Applies one of these operations. Returns NULL, or why it could not. */
const char *model_attended_apply(struct model *model, const struct program_op *op);

void model_attended_close(struct model *model);

/* ---- model-freeze.c ---- */

/* Begins a period: before an operation that collects and then drops, behind one that drops and then collects. A COLLECT
 * leaves dead objects with finalisers, and a FINALISE does not. */
void model_period_begin(struct model *model, const struct program_op *op);

/* Notes that `ephemeron` is about to drop its value, if it has one. Without its key a collection may have taken the value
 * already. O(1). */
void model_value_drops(struct model *model, uint32_t ephemeron);

/* Applies a FREEZE: notes which objects are frozen. Returns NULL, or why it could not. O(model). */
const char *model_freeze_apply(struct model *model);
void model_unfreeze_apply(struct model *model);

/* Returns what is wrong with a FINALISE while something is frozen, or NULL: a collector that ignores the FREEZE would find
 * more. O(model). */
const char *model_frozen_objection(const struct model *model);

/* ---- model-ranges.c ---- */

/* Returns what is wrong with RANGE, FILL or COPY as the next operation, or NULL. O(range). */
const char *model_range_objection(const struct model *model, const struct program_op *op);

/* Applies one of these. O(range). */
void model_range_apply(struct model *model, const struct program_op *op);

#endif
