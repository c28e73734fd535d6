/* SPDX-License-Identifier: MIT */
/*
 * From S-expressions to code objects, in one pass over the text.
 *
 *      (def name e)            a name of the function it stands in, or of the module; its value is nil
 *      (set name e)            its value is nil
 *      (fn (a b) e ...)        a function; calls are (f e ...)
 *      (if e e e)  (while e e ...)  (do e ...)
 *      nil  123  "text"
 *      (+ a b) and the other primitives: see the table in compile.c
 *
 * A name that an inner function mentions lives in a cell, which the frame and the closures share, as in
 * Python: a local function that calls itself is a cycle of closure, array of cells, and cell.
 */
#ifndef WORKLOADS_INTERPRETER_COMPILE_H
#define WORKLOADS_INTERPRETER_COMPILE_H

#include "workloads/interpreter/value.h"

enum { MODULE_NAMES = 32 }; /* a module has at most so many names */

/* Leaves the code of a function without parameters in `result`. `text` is well formed: anything else traps.
 */
void script_compile(struct gc_mutator *mutator, struct gc_slot *result, const char *text);

#endif
