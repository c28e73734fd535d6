/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/keeps-nothing-template.h"
#include "collectors/support/never-collects-template.h"

static const struct option_table options = OPTION_TABLE_EMPTY;

/* Each object is freed at the operation after which it is dead. */
static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    (void)values;
    (void)ret_bounds;
}

const struct gc_collector gc_collector = {
    .name = "explicit",
    .group = "baseline",
    .summary = "no collector: replays a program that frees each object at the moment of its death",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct gc_mutator),
    .options = &options,
    .boundaries = (const struct gc_boundary *const[]){allocation_boundaries, NULL},
    .bounds = bounds,
};
