/* SPDX-License-Identifier: MIT */
/*
 * Says how long a run will take, and what it will show: from its own rows, or from those of an earlier run of
 * the same cells. Each pair of cells has a noise, the standard deviation of ln(a / b) over blocks. From that
 * and from the ratio so far follows how many blocks its decision needs (sequential.h). A cell runs until the
 * last of its pairs is decided.
 */
#ifndef HARNESS_CAMPAIGN_ESTIMATE_H
#define HARNESS_CAMPAIGN_ESTIMATE_H

#include "harness/campaign/session.h"

/* What more blocks would bring. */
struct estimate_more {
    size_t pairs;   /* undecided now, that would be decided */
    double seconds; /* that it would take */
};

/*
 * Estimates it from the decisions so far. `cell_seconds` is the time of one process of each cell; 0 where it
 * is not known. O(pairs x blocks).
 */
struct estimate_more estimate_more(const struct decide *decide, const double *cell_seconds);

/* Says on standard output that the budget ended the run, and what more time would decide. */
void estimate_more_say(const struct session *session);

/* Seconds until the next look, by the cells that go on; 0 where that is not known. O(cells x blocks). */
double estimate_look_seconds(const struct session *session);

#endif
