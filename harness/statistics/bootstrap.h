/* SPDX-License-Identifier: MIT */
/*
 * Resamples blocks by the percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap,
 * 1993, chapter 13).
 *
 * A run is a set of blocks. A process gives one value of one cell in one block. A resample draws whole blocks
 * with replacement. Where a cell stopped before the last block, a resample has the more or the fewer of its
 * values, as chance has it. The draws are made once for the run and serve every cell. The same folder gives
 * the same intervals, byte for byte.
 */
#ifndef HARNESS_STATISTICS_BOOTSTRAP_H
#define HARNESS_STATISTICS_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

enum {
    BOOTSTRAP_RESAMPLES = 10000,
    BOOTSTRAP_CHUNK = 1024, /* resamples counted together: their counters fit the first-level cache */
};

struct bootstrap {
    size_t resamples;
    size_t blocks;
    size_t stride;   /* resamples, rounded up to whole chunks */
    uint16_t *draws; /* blocks x stride: how often each block was drawn */
};

/* Both ends of the interval are NaN where there is no interval, as with fewer than two blocks. */
struct bootstrap_interval {
    double low;
    double high;
};

/* Draws the resamples, which take resamples x blocks x 2 bytes, for bootstrap_fini(). */
void bootstrap_init(struct bootstrap *bootstrap, size_t resamples, size_t blocks, uint64_t seed);
void bootstrap_fini(struct bootstrap *bootstrap);

/*
 * Computes the median of `values` in every resample. `values[block]` is NaN where the process is missing. A
 * resample that drew only missing blocks gives NaN. The values are sorted once, and each resample is a walk
 * along them: O(resamples x blocks).
 */
void bootstrap_medians(const struct bootstrap *bootstrap, const double *values, double *ret_medians);

/*
 * Returns the interval that holds the central `level` (0.95) of the replicates that are not NaN. Its ends
 * are type 7 quantiles. Both are NaN when fewer than half of the replicates are numbers. Reorders
 * `replicates`. O(n).
 */
struct bootstrap_interval bootstrap_interval_of(double *replicates, size_t count, double level);

#endif
