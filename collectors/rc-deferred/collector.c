/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/count/reconcile-template.h"

static const struct option_spec option_specs[] = {DEFERRAL_OPTIONS};
static const struct option_table options = OPTION_TABLE(struct deferral_options, option_specs);

static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    const struct deferral_options *given = values;
    ret_bounds->held = growth_held_bound(&given->growth);
    ret_bounds->full = growth_pace_bound(&given->growth);
    ret_bounds->young = deferral_pace_bound(given);
    ret_bounds->visits = (struct gc_visit_bound){.for_object = 1, .for_name = 1, .for_live = 1};
    ret_bounds->tables =
        (struct gc_table_bound){.for_object = 16, .for_byte = 2, .for_name = 8, .besides = 2 << 20};
}

const struct gc_collector gc_collector = {
    .name = "rc-deferred",
    .group = "counting",
    .summary = "deferred reference counting: names are not counted, but looked at now and then",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct deferral_mutator),
    .options = &options,
    .boundaries =
        (const struct gc_boundary *const[]){block_heap_boundaries, chunk_table_boundaries,
                                            worklist_boundaries, kernel_boundaries, chunk_stack_boundaries,
                                            cascade_boundaries, reconcile_boundaries, growth_boundaries,
                                            deferral_boundaries, NULL},
    .bounds = bounds,
};

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    bool full = kind == GC_COLLECT_FULL;
    struct gc_pause pause = gc_pause_begin(mutator, full ? GC_PAUSE_FULL : GC_PAUSE_YOUNG);
    uint64_t visited = full ? trace(mutator) : reconcile(mutator);
    deferral_rest(mutator, 0);
    gc_pause_end(mutator, &pause, visited);
}

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    deferral_start(mutator, values);
}

void gc_collector_check(struct gc_mutator *mutator)
{
    struct block_heap *heap = &deferral_of(mutator)->heap;
    recount_block_heap(mutator, heap, RECOUNT_OFF, 0);
    recount_dues(mutator, RECOUNT_OFF, 0);
    check_counts(mutator);
    recount_dues(mutator, RECOUNT_BACK, 0);
    recount_block_heap(mutator, heap, RECOUNT_BACK, 0);
    deferral_check(mutator, 0);
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    deferral_stop(mutator);
}
