/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/keeps-nothing-template.h"
#include "collectors/support/never-collects-template.h"

static const struct option_table options = OPTION_TABLE_EMPTY;

const struct gc_collector gc_collector = {
    .name = "explicit",
    .group = "baseline",
    .summary = "no collector: replays a program that frees each object at the moment of its death",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct gc_mutator),
    .options = &options,
    .boundaries = (const struct gc_boundary *const[]){allocation_boundaries, NULL},
};
