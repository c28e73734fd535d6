/* SPDX-License-Identifier: MIT */
/*
 * The stack machine. Frames, with their locals and operands, are objects, as in CPython up to 3.10: a call
 * makes one and a return drops it, so that the program's depth is bounded by the heap and not by C's stack.
 */
#ifndef WORKLOADS_INTERPRETER_MACHINE_H
#define WORKLOADS_INTERPRETER_MACHINE_H

#include "workloads/interpreter/value.h"

/* The integers from 0 to `count` - 1, made once and shared, as CPython has them. `result` holds an array. */
void small_integers_make(struct gc_mutator *mutator, struct gc_slot *result, uint64_t count);

/* Runs the code of a program in a module of its own; the value of its last expression, an integer. */
int64_t script_run(struct gc_mutator *mutator, const struct gc_slot *code,
                   const struct gc_slot *small_integers);

#endif
