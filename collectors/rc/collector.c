/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/keeps-nothing-template.h"
#include "collectors/support/never-collects-template.h"

static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    (void)mutator;
    (void)bytes;
    gc_object_release(object, 0);
    return true;
}

#include "collectors/support/count/release-template.h"

static const struct option_table options = OPTION_TABLE_EMPTY;

static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    (void)values;
    ret_bounds->held.none = "a ring is never freed, nor is what it keeps";
}

const struct gc_collector gc_collector = {
    .name = "rc",
    .group = "counting",
    .summary = "pure reference counting: frees at zero, leaks every cycle and what hangs off it",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct gc_mutator),
    .options = &options,
    .boundaries = (const struct gc_boundary *const[]){allocation_boundaries, cascade_boundaries, NULL},
    .bounds = bounds,
};
