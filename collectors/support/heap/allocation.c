/* SPDX-License-Identifier: MIT */
#include "collectors/support/heap/allocation.h"

#include "collectors/collector-api.h"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/*
 * The clock at which the charged bytes could first exceed the limit, were every object a bare header behind
 * the collector's prefix. Larger ones are charged less per byte of the clock, so that the limit is looked at
 * again as it comes near: each time a fixed share of the room is gone, so a few dozen times at the most.
 */
static uint64_t limit_at(const struct gc_mutator *mutator)
{
    uint64_t charged = gc_charged_bytes(mutator);
    uint64_t room = mutator->heap_limit > charged ? mutator->heap_limit - charged : 0;
    uint64_t least_object = sizeof(struct gc_object) + mutator->prefix_bytes;
    if (mutator->prefix_bytes)
        room = room / least_object * sizeof(struct gc_object);
    return room > UINT64_MAX - mutator->allocated_bytes ? UINT64_MAX : mutator->allocated_bytes + room;
}

void gc_allocation_rearm(struct gc_mutator *mutator)
{
    mutator->event_at =
        mutator->zeal ? 0 : least(limit_at(mutator), least(mutator->sample_at, mutator->poll_at));
}

static bool fits(const struct gc_mutator *mutator, uint64_t bytes)
{
    return gc_charged_bytes(mutator) + mutator->prefix_bytes + bytes <= mutator->heap_limit;
}

static void hold_to_limit(struct gc_mutator *mutator, uint64_t bytes)
{
    if (fits(mutator, bytes))
        return;
    gc_collect(mutator, GC_COLLECT_FULL);
    if (!fits(mutator, bytes))
        mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
}

void gc_allocation_event(struct gc_mutator *mutator, uint64_t bytes)
{
    uint64_t clock = mutator->allocated_bytes + bytes;
    gc_charged_note(mutator, 0);
    if (GC_UNLIKELY(mutator->zeal != NULL))
        mutator->zeal(mutator);
    if (clock > mutator->poll_at)
        mutator->poll_at = gc_collector_poll(mutator);
    if (clock > mutator->sample_at)
        mutator->sample_at = mutator->listener->sample(mutator->listener, mutator);
    hold_to_limit(mutator, bytes);
    gc_allocation_rearm(mutator);
}

void *gc_allocation_retry(struct gc_mutator *mutator, uint64_t bytes)
{
    gc_collect(mutator, GC_COLLECT_FULL);
    void *memory = malloc(bytes);
    if (!memory)
        mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
    return memory;
}

void gc_frame_overflow(struct gc_mutator *mutator)
{
    mutator->exhausted(mutator, GC_EXHAUSTED_STACK);
}

void gc_metadata_grow(struct gc_mutator *mutator, int64_t bytes)
{
    mutator->metadata_bytes += (uint64_t)bytes;
    if (mutator->metadata_bytes > mutator->metadata_peak)
        mutator->metadata_peak = mutator->metadata_bytes;
    gc_charged_note(mutator, 0);
    gc_allocation_rearm(mutator);
}

struct gc_pause gc_pause_begin(struct gc_mutator *mutator, enum gc_pause_kind kind)
{
    struct gc_pause pause = {
        .kind = kind, .freed_objects = mutator->freed_objects, .freed_bytes = mutator->freed_bytes};
    gc_charged_note(mutator, 0);
    mutator->collecting = true;
    if (mutator->listener)
        pause.begin_ns = gc_clock();
    return pause;
}

void gc_pause_end(struct gc_mutator *mutator, struct gc_pause *pause, uint64_t visited_objects)
{
    mutator->collecting = false;
    pause->visited_objects = visited_objects;
    pause->freed_objects = mutator->freed_objects - pause->freed_objects;
    pause->freed_bytes = mutator->freed_bytes - pause->freed_bytes;
    if (!mutator->listener)
        return;
    pause->end_ns = gc_clock();
    mutator->listener->pause(mutator->listener, pause);
}
