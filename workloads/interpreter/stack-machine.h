/* SPDX-License-Identifier: MIT */
/* The stack machine. Frames, with their locals and operands, are objects, as in CPython up to 3.10. A call
 * makes a frame and a return drops it. The heap, not C's stack, bounds the depth of calls. */
#ifndef WORKLOADS_INTERPRETER_STACK_MACHINE_H
#define WORKLOADS_INTERPRETER_STACK_MACHINE_H

#include "workloads/interpreter/value.h"

/* Makes an array of the integers from 0 to `count` - 1, which are shared as in CPython, and leaves it in
 * `result`. */
void small_integers_make(struct gc_mutator *mutator, struct gc_slot *result, uint64_t count);

/* Runs the code of a script in a module of its own. Returns the value of its last expression, an integer. */
int64_t script_run(struct gc_mutator *mutator, const struct gc_slot *code,
                   const struct gc_slot *small_integers);

#endif
