/* SPDX-License-Identifier: MIT */
/*
 * Compares replays with those of `explicit`, which frees every object at the moment of its death. The cost
 * of a collector is the time of its replay less the time that reading the recording takes.
 *
 *      cost(collector, block) = replay - null replay, both of the same executable in the same block
 *      ratio                  = mean cost / mean cost of the baseline, over the blocks that have both
 */
#ifndef HARNESS_ANALYSIS_BASELINE_H
#define HARNESS_ANALYSIS_BASELINE_H

#include "harness/statistics/bootstrap.h"

/* Times in ns; replay, null and cost are medians over the blocks. */
struct baseline_figure {
    double replay;
    double null;
    double cost;
    struct bootstrap_interval cost_interval;
    double ratio; /* NaN where the baseline costs 0 or less: the program is too short to be compared */
    struct bootstrap_interval ratio_interval; /* NaN also where its cost is not shown to be above 0 */
};

/*
 * Computes the figures of `cells` rows of `blocks` processes each. Row 0 is the baseline. `replay` and `null`
 * hold one row after the other, and NaN where a process failed. Intervals are of 95%, and NaN below two
 * blocks: those of costs by resampling blocks, those of ratios by Fieller's theorem (paired_of_means()).
 * O(cells x blocks x resamples).
 */
void baseline_compare(const double *replay, const double *null, size_t cells, size_t blocks,
                      struct baseline_figure *ret_figures);

#endif
