/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"

static const struct option_table options = OPTION_TABLE_EMPTY;

const struct gc_collector gc_collector = {
    .name = "explicit",
    .group = "baseline",
    .summary = "no collector: replays a program that frees each object at the moment of its death",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct gc_mutator),
    .options = &options,
};

void gc_collector_start(struct gc_mutator *mutator, const void *options)
{
    (void)options;
    mutator->clock.poll_at = UINT64_MAX;
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    (void)mutator;
    return UINT64_MAX;
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    (void)mutator;
    (void)kind;
}

int64_t gc_count(struct gc_ref object)
{
    (void)object;
    return -1;
}

void gc_collector_check(struct gc_mutator *mutator)
{
    (void)mutator;
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    (void)mutator;
}
