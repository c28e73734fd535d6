/* SPDX-License-Identifier: MIT */
/*
 * Says how long a run will take, and what it will show, by what its decisions need (needed.h). It reads the run's own
 * rows, or those of an earlier run of the same cells. A cell runs until the last of its pairs is decided.
 */
#ifndef HARNESS_CAMPAIGN_ESTIMATE_H
#define HARNESS_CAMPAIGN_ESTIMATE_H

#include "harness/campaign/session.h"

/* Says on standard output that the budget ended the run, and what more time would decide. */
void estimate_more_say(const struct session *session);

/* Seconds until the next look, by the cells that go on; 0 where that is not known. O(cells x blocks). */
double estimate_look_seconds(const struct session *session);

#endif
