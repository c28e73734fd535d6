/* SPDX-License-Identifier: MIT */
/* Asks a program's own model what lives. The answer proves the collector with which the others
 * are compared. */
#ifndef HARNESS_STRESS_WORKER_TRUTH_H
#define HARNESS_STRESS_WORKER_TRUTH_H

#include "program/program.h"

/* Returns the number of objects that names reach at each checkpoint of a valid program. The caller frees it.
 * NULL without memory. O(operations + checkpoints * objects). */
uint64_t *truth_live(const struct program *program);

/* Whether counting alone answers a valid program in the same way: nothing that it asks of finalisers and of weak
 * references is about a ring, and nor is what becomes of its names at the end. False without memory. O(operations +
 * FINALISEs * objects). */
bool truth_is_counted(const struct program *program);

#endif
