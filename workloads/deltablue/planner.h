/* SPDX-License-Identifier: MIT */
/*
 * Variables, constraints between them, and the planner that keeps as many and as strong ones as it can satisfied. The
 * planner is the workload's global name PLANNER_GLOBAL. A slot passed as an argument is a name of the caller's, and
 * keeps its reference. A returned reference is borrowed.
 */
#ifndef WORKLOADS_DELTABLUE_PLANNER_H
#define WORKLOADS_DELTABLUE_PLANNER_H

#include "collectors/mutator.h"

enum { PLANNER, VARIABLE, CONSTRAINT, COLLECTION, ARRAY, PLANNER_SHAPES };
extern const struct gc_shape planner_shapes[PLANNER_SHAPES];

enum { PLANNER_GLOBAL, PLANNER_GLOBALS };

/* From the strongest to the weakest. */
enum strength { REQUIRED, STRONG_PREFERRED, PREFERRED, STRONG_DEFAULT, NORMAL, WEAK_DEFAULT, WEAKEST };

/* A constraint on the second variable alone keeps its value as it is, or has it set from outside. One between two
 * makes them equal, or has `second = first * scale + offset`. */
enum constraint_kind { STAY, EDIT, EQUALITY, SCALE };

/* Fields of a constraint: its variables. */
enum { FIRST, SECOND, SCALED_BY, OFFSET_BY, CONSTRAINT_FIELDS };

/* Binds the global name to a new planner. */
void planner_start(struct gc_mutator *mutator);

void variable_make(struct gc_mutator *mutator, struct gc_slot *result, int64_t value);

/* The value of a variable, which its caller may set. */
int64_t *variable_value(const struct gc_slot *variable);

/*
 * Makes a constraint on the variables that stand side by side in `variables`, in the order of its fields. Names that
 * have none are empty. Plans anew: constraints that are weaker give way. Ends the workload when a required one cannot
 * be satisfied.
 */
void constraint_make(struct gc_mutator *mutator, struct gc_slot *result, enum constraint_kind kind,
                     enum strength strength, const struct gc_slot *variables);

/* Takes a constraint away. Others that gave way to it may be satisfied again. */
void constraint_destroy(struct gc_mutator *mutator, const struct gc_slot *constraint);

/* Binds `plan` to the constraints that follow from an edit, in the order in which they are to be carried out. */
void plan_extract(struct gc_mutator *mutator, struct gc_slot *plan, const struct gc_slot *edit);

void plan_execute(struct gc_mutator *mutator, const struct gc_slot *plan);

#endif
