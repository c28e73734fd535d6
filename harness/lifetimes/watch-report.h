/* SPDX-License-Identifier: MIT */
/* The result of a watcher as JSON. The schema is in docs/metrics.md. */
#ifndef HARNESS_LIFETIMES_WATCH_REPORT_H
#define HARNESS_LIFETIMES_WATCH_REPORT_H

#include <jansson.h>

#include "harness/lifetimes/watch.h"

/* Returns the figures of a replay and its series as a new reference, or NULL without memory. There may be no
 * ticks. */
json_t *report_make(const struct watch_result *result, const uint64_t *clock,
                    const struct lifetimes_tick *ticks, size_t tick_count);

#endif
