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
