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
    gc_frame_enter, gc_frame_leave, gc_local_new, gc_local_get, gc_local_set, gc_local_move,  gc_local_del,
    gc_field_get,   gc_field_set,   gc_field_del, gc_collect,   gc_count,     gc_fields_fill, gc_fields_copy,
};

static_assert(sizeof(struct gc_slot) == sizeof(struct gc_ref), "a name is one reference");

void gc_globals_drop(struct gc_mutator *mutator)
{
    for (uint64_t i = 0; i < mutator->roots.global_count; i++)
        gc_local_del(mutator, gc_global(mutator, i));
}

/* ---- finalisers and callbacks ---- */

/* Called with an object whose finaliser is called now: a name has taken over the reference of the queue. A collector
 * that counts names otherwise than fields defines it. */
#ifndef GC_DUE_NAMED
#define GC_DUE_NAMED(mutator, object) ((void)(mutator), (void)(object))
#endif

/* Calls the workload with a name for the object. Its own reference is handed to the name. */
static void call_finaliser(struct gc_mutator *mutator, struct gc_object *object)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    frame.slot[0].ref.object = object;
    GC_DUE_NAMED(mutator, object);
    mutator->dues.call(mutator, &frame.slot[0], GC_DUE_FINALISER);
    gc_frame_leave(mutator, frame);
}

static void call_back(struct gc_mutator *mutator, struct gc_object *weak)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    gc_weak_unlink(mutator, weak);
    gc_local_set(mutator, &frame.slot[0], (struct gc_ref){weak});
    mutator->dues.call(mutator, &frame.slot[0], GC_DUE_CALLBACK);
    gc_frame_leave(mutator, frame);
}

void gc_finalise_due(struct gc_mutator *mutator)
{
    struct gc_dues *dues = &mutator->dues;
    if (dues->calling)
        return;
    dues->calling = true;
    while (dues->callbacks || dues->first < dues->count) {
        dues->calls++;
        if (dues->callbacks)
            call_back(mutator, dues->callbacks);
        else
            call_finaliser(mutator, dues->items[dues->first++]);
    }
    dues->first = dues->count = 0;
    dues->calling = false;
}

/* What gc_freeze() and gc_unfreeze() do. A collector that leaves out what is frozen defines both. */
#ifndef GC_FREEZE
#define GC_FREEZE(mutator) ((void)(mutator))
#define GC_UNFREEZE(mutator) ((void)(mutator))
#endif

void gc_freeze(struct gc_mutator *mutator)
{
    GC_FREEZE(mutator);
}

void gc_unfreeze(struct gc_mutator *mutator)
{
    GC_UNFREEZE(mutator);
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
    mutator->dues.call = setup->finalise;
    mutator->external.use = setup->external;
    for (uint64_t i = 0; i < setup->shape_count; i++) {
        assert(!gc_shape_objection(&setup->shapes[i]));
        mutator->dues.attends |= gc_shape_is_attended(&setup->shapes[i]);
        mutator->dues.finalises |= gc_shape_is_finalising(&setup->shapes[i]);
        mutator->dues.pairs |= (setup->shapes[i].flags & GC_SHAPE_EPHEMERON) != 0;
    }
    gc_collector_start(mutator, setup->options);
    gc_allocation_rearm(mutator);
}
