/* SPDX-License-Identifier: MIT */
/*
 * Compiled with every collector. It uses each operation once, so a collector that leaves one out does not
 * compile, even if no workload needs the operation. It also holds what follows from the inline
 * operations and from the traits.
 */
#include "collectors/collector-api.h"
#include "collectors/counts.h"
#include "collectors/gc.h"

__attribute__((used)) static const void *const gc_contract[] = {
    gc_frame_enter, gc_frame_leave, gc_local_new, gc_local_get, gc_local_set, gc_local_move,
    gc_local_del,   gc_field_get,   gc_field_set, gc_field_del, gc_collect,   gc_count,
};

static_assert(sizeof(struct gc_slot) == sizeof(struct gc_ref), "a name is one reference");

void gc_globals_drop(struct gc_mutator *mutator)
{
    for (uint64_t i = 0; i < mutator->roots.global_count; i++)
        gc_local_del(mutator, gc_global(mutator, i));
}

int64_t gc_count(struct gc_ref object)
{
    return gc_traits.counts ? gc_count_read(object.object) : -1;
}

static uint64_t prefix_bytes(const struct gc_traits *traits)
{
    return traits->header_bytes > sizeof(struct gc_object) ? traits->header_bytes - sizeof(struct gc_object)
                                                           : 0;
}

void gc_mutator_open(struct gc_mutator *mutator, const struct gc_mutator_setup *setup)
{
    assert(setup->global_count <= setup->slot_count);
    mutator->roots = (struct gc_roots){.base = setup->slots, .global_count = setup->global_count};
    if (setup->slots) { /* a program may come with slots of its own; C forbids to add even 0 to NULL */
        mutator->roots.top = setup->slots + setup->global_count;
        mutator->roots.limit = setup->slots + setup->slot_count;
    }
    mutator->shapes = setup->shapes;
    mutator->shape_count = setup->shape_count;
    mutator->clock.heap_limit = setup->heap_limit;
    mutator->clock.sample_at = UINT64_MAX;
    mutator->account.prefix_bytes = prefix_bytes(gc_collector.traits);
    mutator->exhausted = setup->exhausted;
    mutator->observer = setup->observer;
    mutator->test = setup->test;
    gc_collector_start(mutator, setup->options);
    gc_allocation_rearm(mutator);
}
