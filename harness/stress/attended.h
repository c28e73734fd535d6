/* SPDX-License-Identifier: MIT */
/*
 * Finalisers, weak references and ephemerons in generated programs: the dial `attended`. What comes of them must be the
 * same under every collector that finds rings, so some operations are left out of such programs:
 *
 *      a reference to a weak reference that has a callback, from a field or as a value: a ring could hold it, and then only
 *      the finding of the ring tells whether it is called
 *      a reference from an object that its finaliser keeps to one that does not refer back: to bring it back would bring
 *      back what only a trace has found dead
 *      an object whose finaliser keeps it, while another one is: both would take the same name
 *      a checkpoint that does not stand behind a FINALISE: what is due is held until it is called, in an order that is the
 *      collector's
 */
#ifndef HARNESS_STRESS_ATTENDED_H
#define HARNESS_STRESS_ATTENDED_H

#include "program/model.h"

struct generator;

/* How many shapes attended_shapes_add() adds. */
enum { ATTENDED_SHAPES = 7 };

/* The names that attended_build() needs. */
enum { ATTENDED_SLOTS = 8 };

/* Adds the shapes with finalisers and weak references to a program that has room for them. */
void attended_shapes_add(struct generator *generator);

/* Whether the operation, which is valid by the model, is left out of `program`: it would be the next one. O(1), but for
 * the birth of an object that its finaliser keeps: O(objects), and a reference from one: O(fields). */
bool attended_leaves_out(const struct program *program, const struct model *model,
                         const struct program_op *op);

/* Sets the operand of a LEADS or a CALLED to what the model says. Leaves other operations as they are. */
void attended_answer(const struct model *model, struct program_op *op);

/* Draws an operation of finalisers or of weak references. */
void attended_emit(struct generator *generator);

/* Adds a FINALISE, and asks for what must have come of it. */
void attended_finalise(struct generator *generator);

/* Makes an object with a finaliser, which can hold three references, in a slot. */
void attended_file(struct generator *generator, uint32_t slot);

/* Makes an empty ephemeron, or an object that may be its key and can hold two references, in a slot. */
void attended_pair(struct generator *generator, uint32_t slot);
void attended_referent(struct generator *generator, uint32_t slot);

/* Makes a structure of objects with finalisers and weak references in a frame that begins at `first`, drops it, and asks
 * for what must have come of it. */
void attended_build(struct generator *generator, uint32_t first);

#endif
