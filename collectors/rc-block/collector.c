/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/never-collects-template.h"

static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    block_release(mutator, &((struct block_rc_mutator *)mutator)->heap, object, bytes);
    return true;
}

#include "collectors/support/count/release-template.h"

static const struct option_table options = OPTION_TABLE_EMPTY;

static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    (void)values;
    ret_bounds->tables = (struct gc_table_bound){.for_byte = 0.01, .besides = 4096};
    ret_bounds->held.none = "a ring is never freed, nor is what it keeps";
}

const struct gc_collector gc_collector = {
    .name = "rc-block",
    .group = "counting",
    .summary = "pure reference counting on a block heap: what malloc costs `rc`",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct block_rc_mutator),
    .options = &options,
    .boundaries = (const struct gc_boundary *const[]){block_heap_boundaries, cascade_boundaries, NULL},
    .bounds = bounds,
};

void gc_collector_start(struct gc_mutator *mutator, const void *options)
{
    (void)options;
    block_heap_open(&((struct block_rc_mutator *)mutator)->heap, BLOCK_SIDE_NONE);
    mutator->clock.poll_at = UINT64_MAX;
}

void gc_collector_check(struct gc_mutator *mutator)
{
    block_heap_check(mutator, &((struct block_rc_mutator *)mutator)->heap, 0);
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    block_heap_close(mutator, &((struct block_rc_mutator *)mutator)->heap);
    gc_dues_close(mutator);
}
