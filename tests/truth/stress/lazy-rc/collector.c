/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"

#ifndef LAZY_BUG
#define LAZY_BUG 0
#endif
enum { CHILDREN_KEPT = 1, FULL_FREES_NOTHING = 2, LIST_LOST = 3 };

static inline bool cascade_drop(struct gc_mutator *mutator, struct gc_object *child)
{
    (void)mutator;
    return gc_count_down_is_dead(child);
}

static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    (void)mutator;
    (void)object;
    (void)bytes;
    return true;
}

#include "collectors/support/count/cascade-template.h"

static const struct option_table options = OPTION_TABLE_EMPTY;

static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    (void)values;
    ret_bounds->held.none = "a ring is never freed, nor is what it keeps";
}

const struct gc_collector gc_collector = {
    .name = "lazy-rc",
    .group = "counting",
    .summary = "reference counting that frees a few objects at each allocation",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct lazy_mutator),
    .options = &options,
    .bounds = bounds,
};

void counting_release(struct gc_mutator *mutator, struct gc_object *object)
{
    struct lazy_mutator *lazy = (struct lazy_mutator *)mutator;
    if (gc_count_is_dead(object))
        lazy->dead = zero_list_push(object, LAZY_BUG == LIST_LOST && lazy->dead ? NULL : lazy->dead);
}

void lazy_free(struct gc_mutator *mutator, uint64_t most)
{
    struct lazy_mutator *lazy = (struct lazy_mutator *)mutator;
    while (lazy->dead && most-- > 0) {
        struct gc_object *dead = lazy->dead;
        lazy->dead = zero_list_pop(dead);
        mutator->account.freed_objects++;
        mutator->account.freed_bytes += gc_object_bytes(mutator->shapes, dead);
        gc_external_give(mutator, gc_object_shape(mutator->shapes, dead)->external);
        if (LAZY_BUG != CHILDREN_KEPT)
            lazy->dead =
                cascade_drop_children(mutator, dead, gc_object_refs(mutator->shapes, dead), lazy->dead);
        gc_object_release(dead, 0);
    }
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    struct gc_pause pause = gc_pause_begin(mutator, kind == GC_COLLECT_FULL ? GC_PAUSE_FULL : GC_PAUSE_YOUNG);
    if (LAZY_BUG != FULL_FREES_NOTHING)
        lazy_free(mutator, UINT64_MAX);
    gc_pause_end(mutator, &pause, 0);
}

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    (void)values;
    mutator->clock.poll_at = UINT64_MAX;
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    (void)mutator;
    return UINT64_MAX;
}

void gc_collector_check(struct gc_mutator *mutator)
{
    (void)mutator;
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    (void)mutator;
}
