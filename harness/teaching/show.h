/* SPDX-License-Identifier: MIT */
/*
 * Runs a small program under the collector of this process, and takes pictures of the heap on the way.
 *
 *      after each operation
 *      after each phase of a collection, which the collector marks with gc_phase()
 *      on request also within a phase, whenever the count, the number or the colour of an object has changed
 *
 * For the last the compiler puts a call after every stretch of the collector's code
 * (-fsanitize-coverage=trace-pc), as it does for counting work. Not all phases can be looked into: where
 * counting frees objects, their headers hold links meanwhile.
 */
#ifndef HARNESS_TEACHING_SHOW_H
#define HARNESS_TEACHING_SHOW_H

#include <jansson.h>
#include <stdbool.h>

#include "program/program.h"

/* Called with one line when the program cannot be shown. Does not return. */
typedef __attribute__((noreturn)) void (*show_failure)(const char *line);

/*
 * Runs a valid program that drawable_check() accepts. `options` are the collector's, as text. Returns the
 * document of harness/teaching/pictures.h, without what `gcmatrix` adds. Called once in a process.
 */
json_t *show_program(const struct program *program, const char *options, bool changes, show_failure failed);

#endif
