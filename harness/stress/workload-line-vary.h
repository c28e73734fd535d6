/* SPDX-License-Identifier: MIT */
/* Makes workload lines from chance and from other lines, for a search. Equal states of `random` give equal lines. */
#ifndef HARNESS_STRESS_WORKLOAD_LINE_VARY_H
#define HARNESS_STRESS_WORKLOAD_LINE_VARY_H

#include "base/random.h"
#include "harness/stress/workload-line.h"

/* A line whose large numbers are their defaults, halved `halvings` times (63 at most). From the ninth halving on its small
 * numbers become smaller, too, by one each time. Up to three of its options are changed. */
struct workload_line workload_line_random(const struct workload_kind *kind, uint32_t halvings,
                                          struct random_state *random);

/* Changes one to three options: a number, a switch or a word. */
struct workload_line workload_line_mutate(const struct workload_line *line, struct random_state *random);

/* Changes one number by a factor from 1/4 to 4: a step of a climb. A line without numbers is mutated. */
struct workload_line workload_line_climb(const struct workload_line *line, struct random_state *random);

/* Each option of one of the two, which are of one workload. */
struct workload_line workload_line_cross(const struct workload_line *a, const struct workload_line *b,
                                         struct random_state *random);

#endif
