/* SPDX-License-Identifier: MIT */
/*
 * What a program's own model says of it: what proves the collector that the others are compared with.
 */
#ifndef HARNESS_STRESS_WORKER_TRUTH_H
#define HARNESS_STRESS_WORKER_TRUTH_H

#include "program/program.h"

/* Objects that names reach at each checkpoint of a valid program, to be freed; NULL without memory.
 * O(operations + checkpoints * objects). */
uint64_t *truth_live(const struct program *program);

#endif
