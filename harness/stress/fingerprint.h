/* SPDX-License-Identifier: MIT */
/*
 * Whether two executables of this suite fit together. The programs of a seed are made in the worker of each collector,
 * and the results are compared. So all must be built from one generator. And they must mean the same by an option, by a
 * column and by a step of a recipe.
 *
 * The fingerprint is a digest of all this: of the names of options, columns and steps, and of some programs. Equal
 * sources give equal fingerprints on every machine and with every compiler. What a collector does is no part of it.
 */
#ifndef HARNESS_STRESS_FINGERPRINT_H
#define HARNESS_STRESS_FINGERPRINT_H

#include <stdbool.h>

/* The one argument to which an executable answers with its fingerprint. */
#define FINGERPRINT_QUESTION "--fingerprint"

/* A line: 16 digits and a line feed. */
enum { FINGERPRINT_BYTES = 16 + 1 + 1 };

/* Writes the fingerprint of this executable. Takes some milliseconds. Returns 0, or -1 without memory. */
int fingerprint_make(char ret_line[static FINGERPRINT_BYTES]);

/* Prints the fingerprint to standard output, if that alone is asked for. Returns whether it is. */
bool fingerprint_answer(int argc, char *const *argv);

#endif
