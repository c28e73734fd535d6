/* SPDX-License-Identifier: MIT */
/*
 * The model gives a program's operations their meaning, on plain numbers. It decides which operations are
 * valid and knows which object refers to which. It tells the virtual machine where each object of an
 * operation can be found: in a slot, or in the register of an earlier GET.
 *
 * The model counts references as Python does, so an object whose count is zero is gone. It does not look for
 * cycles: FREE tells it of their deaths. A freed object drops the references that it holds. By the next
 * operation that is no FREE, nothing may refer to it. This proves that a freed object is dead, at the cost of
 * its references.
 *
 * A FREEZE leaves what lives as it is. A collector may leave out what it finds then, until the UNFREEZE, and hold it when it
 * is dead. model_hold() says what such a collector holds (model-freeze.c).
 *
 * A RANGE says what the FILL or the COPY behind it writes. Alone it does nothing (model-ranges.c).
 *
 * FINALISE walks from the slots, and so finds dead rings. Then it does what every collector does in as many collections
 * and calls as it takes: it clears the weak references to what is dead, calls callbacks, and calls finalisers. The
 * model keeps a ring that it found dead, as counting would. All that it keeps of finalisers and weak references
 * stands in an array beside the objects, which a program without any does not have (model-attended.c).
 */
#ifndef PROGRAM_MODEL_H
#define PROGRAM_MODEL_H

#include "program/program.h"

/* The place of an object: a slot or a register, told apart by the lowest bit. MODEL_NOWHERE is the place of
 * null. */
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

/* Whether an object is frozen under a collector that freezes. */
enum model_frozen {
    MODEL_FROZEN_NOT,
    MODEL_FROZEN_MAYBE,  /* if no collection had found it before */
    MODEL_FROZEN_SURELY, /* no collection can have found it before */
};

struct model_object {
    uint64_t epoch; /* the epoch in which a GET last found it */
    union {         /* fields hold the object's number + 1, or 0 */
        uint32_t few[2];
        uint32_t *many; /* used when there are more than two fields */
    };
    uint32_t field_count;
    uint32_t length;
    uint32_t shape : 31;
    uint32_t freed : 1; /* a FREE freed it; `count` is then the references from others that are being freed */
    uint32_t count;     /* references from slots and fields; 0: it is gone */
    uint32_t first_slot; /* the head of the list of slots that hold it; MODEL_NONE: none does */
    uint32_t reg;        /* the register of the GET of `epoch` */
    bool is_in_acyclic;  /* it has been stored in an acyclic object */
    bool seen;           /* the current walk has seen it */
    uint8_t frozen;      /* enum model_frozen */
    uint32_t lost;       /* the period in which it last lost a reference */
};

/* What the model knows of an attended object besides. Objects are numbers plus one, or 0. */
struct model_attended {
    uint32_t referent; /* of a weak reference: the object that it refers to */
    uint32_t first;    /* of a referent: the first weak reference to it */
    uint32_t next;     /* of a weak reference: the one after it on the list of its referent */
    uint32_t previous; /* and the one before it */
    bool touched;      /* in a FINALISE: a walk found it dead, and that mattered */
    bool finalised;    /* its finaliser has been called, or is due */
    bool late;         /* of a weak reference, in a FINALISE: counting calls it behind what is due */
    bool unsettled;    /* of a weak reference: its referent has died since the last FINALISE */
    bool rung;         /* its callback is due, if it still lives when callbacks are called */
    bool valued;       /* it has been the value of an ephemeron, which a trace may have emptied at any time */
};

struct model_slot {
    uint32_t object;   /* the object's number + 1, or 0 */
    uint32_t next;     /* the next slot that holds the same object */
    uint32_t previous; /* the slot before it in that list */
};

/* References of an object, from a field on. */
struct model_range {
    uint32_t object; /* its number plus one, or 0: there is no range */
    uint32_t first;
    uint32_t count;
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
    uint32_t top;     /* slots in use */
    uint32_t *frames; /* the first slot of each frame */
    uint32_t frame_count;
    uint32_t frame_capacity;
    uint32_t *dead; /* objects that are being released */
    uint32_t dead_count;
    uint32_t dead_capacity;
    uint64_t epoch;                  /* grows whenever borrowed references end */
    uint32_t registers;              /* registers used in this epoch */
    uint32_t registers_max;          /* the most used in any epoch */
    uint32_t live;                   /* objects with a count above 0, and not freed */
    uint32_t unsettled;              /* freed objects with a count above 0 */
    struct model_attended *attended; /* by object; NULL where no shape is attended */
    uint32_t attended_capacity;
    uint32_t
        *dues; /* objects whose finalisers are due, the oldest first; each is held by one reference more */
    uint32_t due_count;
    uint32_t due_capacity;
    struct model_range range; /* what the operation before, a RANGE, has said; else its object is 0 */
    uint32_t calls;           /* finalisers and callbacks called so far */
    bool frozen;              /* a FREEZE has no UNFREEZE yet */
    uint32_t
        blurred; /* the last period in which an object may have lost a reference when it was gone, plus one */
    uint32_t period;  /* one more wherever a collector may collect */
    uint32_t found;   /* the period behind the last full collection while nothing was frozen */
    bool attends;     /* a shape is attended */
    bool keeps;       /* a shape has a finaliser that keeps its object */
    bool counts_only; /* a FINALISE finds no rings. Kept by the caller */
    /* An ephemeron has lost a value. A trace may have taken it before: then counting may hold it, and what it refers to. */
    bool parted;
    uint32_t *losses; /* NULL, or the caller's array: by object, `now` when it last lost a reference */
    uint32_t now;     /* the place of the operation; kept by a caller that sets `losses` */
    uint64_t memory;  /* bytes in use */
    uint64_t memory_limit;
};

/* Starts a model. Returns 0, or -1 without memory. `shapes` stay the caller's. */
int model_open(struct model *model, const struct gc_shape *shapes, uint32_t shape_count, uint32_t globals,
               uint64_t memory_limit);
void model_close(struct model *model);

/* Returns what is wrong with `op` as the next operation, or NULL. Changes nothing. An operation without an
 * objection can be applied, unless memory is out. */
const char *model_objection(const struct model *model, const struct program_op *op);

/* Returns what is wrong with an end of the program here, or NULL. */
const char *model_end_objection(const struct model *model);

/* Applies a valid operation. Returns NULL, or the reason why it could not: the memory limit. `ret_places`
 * gets the places that the operation's objects had before it. A FINALISE can also fail because its outcome would be
 * the collector's. */
struct model_places {
    uint32_t object; /* the object on which it works, or which it takes */
    uint32_t value;  /* the second object, of STORE, WEAK and LEADS; the third of EPHEMERON */
    uint32_t key;    /* the second object of EPHEMERON */
    uint32_t result; /* of a GET: its register, which is null if the field was */
};
const char *model_apply(struct model *model, const struct program_op *op, struct model_places *ret_places);

/* Returns whether an operation may use `object` now. `object` is the number itself, not plus one. */
bool model_is_usable(const struct model *model, uint32_t object);

/* Returns the object in a field: its number plus one, or 0. */
static inline uint32_t model_field(const struct model *model, uint32_t object, uint32_t field)
{
    const struct model_object *entry = &model->objects[object];
    return entry->field_count > 2 ? entry->many[field] : entry->few[field];
}

/* What a collector that freezes holds where full collections find nothing more: with what is `frozen` at least, and what that
 * holds. With MODEL_FROZEN_SURELY it is the least that is held, with MODEL_FROZEN_MAYBE the most. FREEs are unknown to it.
 * Returns 0, or -1 without memory. O(model), and again for each layer that one collection uncovers for the next. */
struct model_held {
    uint64_t objects;
    uint64_t bytes;
    uint64_t external; /* bytes */
    uint64_t frozen;   /* objects among them that are frozen */
};
int model_hold(const struct model *model, enum model_frozen frozen, struct model_held *ret_held);

/* Whether the finaliser of some object is yet to bind the first global name. O(objects). */
bool model_has_keeper(const struct model *model);

/* Counts the objects that the slots reach, by a walk. O(model). Returns UINT64_MAX without memory. */
uint64_t model_reachable(const struct model *model);

#endif
