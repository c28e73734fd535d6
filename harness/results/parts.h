/* SPDX-License-Identifier: MIT */
/*
 * The parts of a process's wall time. This is the one place that divides it: charts, tables and claims take
 * the parts from here.
 *
 *   wall = mutator + collecting + cascades            the program and the collector, in user mode
 *        + kernel of each of the three                system time: faults, and memory mapped and given back
 *        + waiting                                    neither: queued, preempted, blocked, stolen by a host
 */
#ifndef HARNESS_RESULTS_PARTS_H
#define HARNESS_RESULTS_PARTS_H

#include <stdbool.h>

#include "harness/results/store.h"

/* Nanoseconds. The first seven are not negative, and their sum is the wall time. */
struct parts {
    double mutator; /* with the barriers and counts in it, and the cascades that no clock saw */
    double collecting;
    double cascades;
    double kernel_mutator;
    double kernel_collecting;
    double kernel_cascades;
    double waiting;
    double beyond; /* processor time beyond the wall time, of several threads: in none of the seven */
};

/*
 * Divides the wall time of a row. False, with nothing in `*ret_parts`, when the row lacks what that needs:
 * it failed, or its folder is of an earlier schema.
 *
 * Waiting is what the processor time (user and system) leaves of the wall time. It is taken to fall on
 * mutator, collecting and cascades by their lengths, for no clock saw where it fell. The system time inside of
 * pauses is the row's. Where it exceeds what waiting leaves of the pauses, the excess is the mutator's kernel
 * time, and the other way round: ticks are coarse. When threads ran at once, the processor time is scaled to
 * the wall time, and `beyond` says how much it was more.
 */
bool parts_of_row(const struct store_row *row, struct parts *ret_parts);

/* The sum of the seven parts, in nanoseconds: the wall time. */
double parts_sum(const struct parts *parts);

#endif
