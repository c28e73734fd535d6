/* SPDX-License-Identifier: MIT */
/* The arguments that the workers of collectors and the worker of runtimes share, so that one caller starts them all
 * (workers.h). */
#ifndef HARNESS_STRESS_ARGUMENTS_H
#define HARNESS_STRESS_ARGUMENTS_H

#include <getopt.h>

#include "harness/stress/boundaries.h"
#include "harness/stress/dials.h"
#include "program/program.h"

struct arguments_common {
    struct conditions conditions;
    struct dials dials;
    const char *boundaries; /* as text; NULL: not given */
    uint64_t seed;
    uint64_t programs;   /* from that seed on */
    uint64_t time_limit; /* seconds for one program */
};

/* The entries of these in a worker's table. */
/* clang-format off */
#define ARGUMENTS_COMMON                                                                                     \
    {"seed", required_argument, NULL, 's'}, {"programs", required_argument, NULL, 'n'},                      \
    {"dials", required_argument, NULL, 'd'}, {"setting", required_argument, NULL, 'z'},                      \
    {"boundaries", required_argument, NULL, 'B'}, {"time-limit", required_argument, NULL, 'l'}
/* clang-format on */

/* Says in one line what is wrong, `what` before `text`, and ends the process. */
typedef __attribute__((noreturn)) void (*arguments_refusal)(const char *what, const char *text);

/* One program, and tables at their defaults. */
struct arguments_common arguments_standard(uint64_t time_limit);

/* Takes the argument with the letter `found`. Returns false where it is none of these. */
bool arguments_take(int found, const char *text, arguments_refusal refuse, struct arguments_common *common);

/* Reads the number of an argument. */
uint64_t arguments_number(const char *name, const char *text, arguments_refusal refuse);

/* Reads the boundaries that were given into an empty list. Returns false where none were. */
bool arguments_boundaries(const struct arguments_common *common, arguments_refusal refuse,
                          struct boundaries *ret_boundaries);

/* Reads a program from a file of 4 GiB at most. The caller frees it. */
struct program arguments_program(const char *path, arguments_refusal refuse);

#endif
