/* SPDX-License-Identifier: MIT */
/*
 * The model: what a program's operations mean, on plain numbers. It decides what is valid, knows who refers
 * to whom, and tells the virtual machine where each object an operation uses can be found: in a slot, or in
 * the register of an earlier GET.
 *
 * It counts references as Python does, so an object whose count is zero is gone; it does not look for cycles.
 * FREE tells it of those: an object goes with the references it holds, and by the next operation that is no
 * FREE nothing may refer to it. So what is freed is dead, proven at the cost of its references.
 */
#ifndef PROGRAM_MODEL_H
#define PROGRAM_MODEL_H

#include "program/program.h"

/* Where to find an object: a slot or a register, told apart by the lowest bit; MODEL_NOWHERE for null. */
#define MODEL_NOWHERE UINT32_MAX
static inline uint32_t model_in_slot(uint32_t slot)
{
    return slot << 1;
}
static inline uint32_t model_in_register(uint32_t reg)
{
    return reg << 1 | 1;
}

enum { MODEL_NONE = UINT32_MAX };

struct model_object {
    uint64_t epoch; /* in which a GET last found it */
    union {         /* fields hold object + 1, or 0 */
        uint32_t few[2];
        uint32_t *many; /* when there are more than two */
    };
    uint32_t field_count;
    uint32_t length;
    uint32_t shape : 31;
    uint32_t freed : 1; /* by a FREE; its count is what others that are being freed still hold */
    uint32_t count;     /* references from slots and fields; 0: gone */
    uint32_t
        first_slot;     /* a slot that holds it, or MODEL_NONE; the others follow through `model_slot.next` */
    uint32_t reg;       /* of that GET */
    bool is_in_acyclic; /* has been stored in an acyclic object */
    bool seen;          /* by the walk that is going on */
};

struct model_slot {
    uint32_t object; /* + 1, or 0 */
    uint32_t next;   /* slots that hold the same object, both ways */
    uint32_t previous;
};

struct model {
    const struct gc_shape *shapes;
    uint32_t shape_count;
    uint32_t globals;
    struct model_object *objects;
    uint32_t object_count;
    uint32_t object_capacity;
    struct model_slot *slots;
    uint32_t slot_capacity;
    uint32_t top;
    uint32_t *frames; /* where each frame begins; the first is the globals' end */
    uint32_t frame_count;
    uint32_t frame_capacity;
    uint32_t *dead; /* being released */
    uint32_t dead_count;
    uint32_t dead_capacity;
    uint64_t epoch;         /* grows whenever borrowed references end */
    uint32_t registers;     /* used in this epoch */
    uint32_t registers_max; /* in any */
    uint32_t live;          /* objects with a count above 0, and not freed */
    uint32_t unsettled;     /* freed objects with a count above 0 */
    uint32_t *losses;       /* when not NULL: by object, `now` as it last lost a reference. The caller's */
    uint32_t now;
    uint64_t memory; /* bytes in use */
    uint64_t memory_limit;
};

/* Returns 0, or -1 without memory. `shapes` stay the caller's. */
int model_open(struct model *model, const struct gc_shape *shapes, uint32_t shape_count, uint32_t globals,
               uint64_t memory_limit);
void model_close(struct model *model);

/*
 * What is wrong with `op` as the next operation: NULL when nothing is. Changes nothing. Memory apart, an
 * operation it passes can be applied.
 */
const char *model_objection(const struct model *model, const struct program_op *op);

/* What is wrong with the program's ending here; NULL when nothing is. */
const char *model_end_objection(const struct model *model);

/*
 * Applies a valid operation. NULL, or why it could not: the memory limit. In `ret_places`, where `op`'s
 * objects stood before it: [0] the object it works on or takes, [1] the value a STORE takes; [0] of a GET's
 * result is its register.
 */
struct model_places {
    uint32_t object;
    uint32_t value;
    uint32_t result; /* GET: the register, which is null if the field was */
};
const char *model_apply(struct model *model, const struct program_op *op, struct model_places *ret_places);

/* Whether an operation may use `object` (a number, not plus one) now. */
bool model_is_usable(const struct model *model, uint32_t object);

/* The object in a field or a slot: number plus one, or 0. */
static inline uint32_t model_field(const struct model *model, uint32_t object, uint32_t field)
{
    const struct model_object *entry = &model->objects[object];
    return entry->field_count > 2 ? entry->many[field] : entry->few[field];
}

/* Objects reachable from the slots, by a walk. O(model). UINT64_MAX without memory. */
uint64_t model_reachable(const struct model *model);

#endif
