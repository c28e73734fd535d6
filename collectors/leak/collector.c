/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/keeps-nothing-template.h"
#include "collectors/support/never-collects-template.h"

static const struct option_table options = OPTION_TABLE_EMPTY;

static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    (void)values;
    ret_bounds->held.none = "nothing is ever freed";
}

const struct gc_collector gc_collector = {
    .name = "leak",
    .group = "baseline",
    .summary = "allocates and never frees: the floor of the mutator's cost",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct gc_mutator),
    .options = &options,
    .boundaries = (const struct gc_boundary *const[]){allocation_boundaries, NULL},
    .bounds = bounds,
};
