/* SPDX-License-Identifier: MIT */
/*
 * Minimum mutator utilisation is the smallest share of time that the mutator had in any window of a given
 * length (Cheng and Blelloch, "A Parallel, Real-Time Garbage Collector", PLDI 2001). There is one mutator
 * thread, so utilisation is 0 in a pause and 1 elsewhere.
 */
#ifndef HARNESS_ANALYSIS_UTILISATION_H
#define HARNESS_ANALYSIS_UTILISATION_H

#include <stddef.h>
#include <stdint.h>

struct utilisation_pause {
    int64_t begin_ns, end_ns;
};

/*
 * Sorts pauses by their beginning, clips them to [0, wall_ns] and joins those that overlap or touch, in
 * place. `wall_ns` is the wall time of the process's workload. Returns how many pauses are left. O(n log
 * n).
 */
size_t utilisation_prepare(struct utilisation_pause *pauses, size_t count, int64_t wall_ns);

/*
 * Returns the exact minimum over all windows of `window_ns` within [0, wall_ns]. utilisation_prepare() has
 * prepared the pauses. A window longer than `wall_ns` is cut to it. Only windows that begin with a pause are
 * tried, and both edges only move forward. O(n).
 */
double utilisation_minimum(const struct utilisation_pause *pauses, size_t count, int64_t wall_ns,
                           int64_t window_ns);

#endif
