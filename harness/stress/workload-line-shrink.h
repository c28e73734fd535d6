/* SPDX-License-Identifier: MIT */
/* Makes a workload line smaller, while it keeps what makes it worth keeping. */
#ifndef HARNESS_STRESS_WORKLOAD_LINE_SHRINK_H
#define HARNESS_STRESS_WORKLOAD_LINE_SHRINK_H

#include "harness/stress/workload-line.h"

/* Whether a smaller line is still worth keeping. Returns false too when it is time to end. */
typedef bool (*workload_line_keeps)(void *context, const struct workload_line *smaller);

/*
 * Leaves out options, halves whole numbers and gives reals their least value, over and over, as long as `keeps`
 * agrees. Then it rounds whole numbers down to one digit, or to two. Takes O(options x log numbers) questions, and a
 * few times as many at worst.
 */
void workload_line_shrink(struct workload_line *line, workload_line_keeps keeps, void *context);

#endif
