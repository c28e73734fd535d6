/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"

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
