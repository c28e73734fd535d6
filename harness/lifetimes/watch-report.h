/* SPDX-License-Identifier: MIT */
/* What a watcher found, as JSON; the schema is in docs/metrics.md. */
#ifndef HARNESS_LIFETIMES_WATCH_REPORT_H
#define HARNESS_LIFETIMES_WATCH_REPORT_H

#include <jansson.h>

#include "harness/lifetimes/watch.h"

/* The figures of a run and its series, or NULL without memory. `ticks` may be none. A new reference. */
json_t *report_make(const struct watch_result *result, const uint64_t *clock,
                    const struct lifetimes_tick *ticks, size_t tick_count);

#endif
