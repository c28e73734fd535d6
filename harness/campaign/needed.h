/* SPDX-License-Identifier: MIT */
/*
 * What more blocks decide, and how long they take: a pure function of the rows there are. Each pair of cells has a
 * noise, the standard deviation of ln(a / b) over blocks. From that and from the ratio so far follows how many blocks
 * its decision needs (sequential.h).
 */
#ifndef HARNESS_CAMPAIGN_NEEDED_H
#define HARNESS_CAMPAIGN_NEEDED_H

#include "harness/campaign/decide.h"

enum { NEEDED_LEAST = 3 }; /* blocks that a noise is known from, at least */

struct needed_noise {
    double deviation; /* of ln(a / b) over blocks; NaN: not known */
    double ratio;     /* exp of the mean */
};

/* Returns the noise of two cells from their values in `count` blocks, NaN where there is none. O(count). */
struct needed_noise needed_noise(const double *a, const double *b, size_t count);

/* Returns the noise of a pair's wall time. O(blocks). */
struct needed_noise needed_noise_of(const struct decide *decide, const struct decide_pair *pair);

/* Returns the blocks until the pair is decided; 0 where the design's do not suffice, or nothing is known. O(blocks). */
size_t needed_by_pair(const struct decide *decide, const struct decide_pair *pair);

/* The same until a cell's own figure is precise. */
size_t needed_by_cell(const struct decide *decide, size_t cell);

/* What going on with a run would bring. */
struct needed_more {
    size_t pairs;   /* undecided now, that would be decided */
    double seconds; /* that it would take */
};

/*
 * Estimates it from the decisions so far. `cell_seconds` is the time of one block of each cell; 0 where it is not
 * known. O(pairs x blocks).
 */
struct needed_more needed_more(const struct decide *decide, const double *cell_seconds);

/*
 * Returns the time of one block of each of the run's `cells`, with its repetitions and its share of what the sessions
 * took beside the processes. It is 0 where no process of the cell has its time. The caller frees it. O(cells + rows).
 */
double *needed_seconds(const struct store *store, size_t cells);

/* Raises the value to `least` where it is lower. */
static inline void needed_raise(size_t *value, size_t least)
{
    if (*value < least)
        *value = least;
}

#endif
