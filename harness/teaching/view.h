/* SPDX-License-Identifier: MIT */
/*
 * What is known of the heap of a small program that runs under a collector.
 *
 * The model (program/model.h) says which name holds which object, and which field refers to which. The
 * collector's release hook says which objects are freed. The header of an object is read where the object
 * lies. So nothing is read of an object that has moved, nor of one that counting has emptied.
 *
 * Frees that no hook sees, as in a space that is given up whole, are inferred. When only the objects that
 * names reach are as many as the collector's books hold, the others are freed.
 */
#ifndef HARNESS_TEACHING_VIEW_H
#define HARNESS_TEACHING_VIEW_H

#include "collectors/mutator.h"
#include "harness/teaching/drawable.h"
#include "program/model.h"

struct view_object {
    struct gc_object *place; /* NULL: the collector moves objects */
    bool held;               /* made, and not freed */
    bool reachable;          /* a name reaches it */
    uint32_t field_count;
    uint32_t *fields; /* each the number of an object, from 1, or 0 */
};

struct view {
    struct gc_mutator *mutator;
    struct model model;                           /* after the last operation that is complete */
    struct view_object objects[DRAWABLE_OBJECTS]; /* in the order of creation */
    uint32_t count;                               /* objects made */
    uint32_t held;
};

/* What one object shows. No padding: two states are compared as bytes. */
struct view_state {
    int64_t count;  /* -1: it has none, or is not read */
    int64_t number; /* of struct gc_show; -1: none */
    int32_t colour; /* its place in `colours` of struct gc_show; -1: none */
    int32_t held;
};
static_assert(sizeof(struct view_state) == 24, "a state has no padding");

/* Begins with no object. Ends the process without memory. The program and the mutator outlive the view. */
void view_open(struct view *view, struct gc_mutator *mutator, const struct program *program);

/* Notes the object that has just been made, and one that is being freed. O(objects). */
void view_born(struct view *view, struct gc_object *object, uint64_t number);
void view_freed(struct view *view, const struct gc_object *object);

/* Applies an operation that the mutator has completed. O(objects + fields). */
void view_apply(struct view *view, const struct program_op *op);

/* Infers frees that were not seen. Returns whether the view holds as many objects as the collector's books.
 * O(objects). */
bool view_reconcile(struct view *view);

/* Reads what every object shows now, into room for `count` of the view. O(objects), and the collector's
 * functions. */
void view_read(const struct view *view, struct view_state *ret_states);

/* Returns the number of the object that lies there, from 1; 0 where none that is held does. O(objects). */
uint32_t view_number(const struct view *view, const struct gc_object *object);

#endif
