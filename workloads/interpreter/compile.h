/* SPDX-License-Identifier: MIT */
/*
 * Compiles S-expressions to code objects, in one pass over the text.
 *
 *      (def name e)            declares a name of its function, or of the module; its value is nil
 *      (set name e)            its value is nil
 *      (fn (a b) e ...)        a function; calls are (f e ...)
 *      (if e e e)  (while e e ...)  (do e ...)
 *      nil  123  "text"
 *      (+ a b)                 and the other primitives: see the table in compile.c
 *
 * A name that an inner function mentions lives in a cell, which the frame and the closures share, as in
 * Python. A local function that calls itself is therefore a cycle of closure, array of cells, and cell.
 */
#ifndef WORKLOADS_INTERPRETER_COMPILE_H
#define WORKLOADS_INTERPRETER_COMPILE_H

#include "workloads/interpreter/value.h"

enum { MODULE_NAMES = 32 }; /* the most names that a module can have */

/* Leaves the code of a function without parameters in `result`. `text` must be well formed: anything else
 * traps. */
void script_compile(struct gc_mutator *mutator, struct gc_slot *result, const char *text);

#endif
