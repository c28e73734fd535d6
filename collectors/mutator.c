/* SPDX-License-Identifier: MIT */
/* What mutator.h declares: the allocation clock and its alarms, the accounts, and the one way of a pause. */
#include "collectors/mutator.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "collectors/collector-api.h"
#include "collectors/probes.h"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/*
 * The earliest clock at which the charged bytes can exceed the limit. They do so when every object to come is
 * a bare header behind the collector's prefix. Larger objects are charged less for each byte of the clock.
 * So the limit is looked at again as it comes near. Each time a fixed share of the room is gone, so this
 * happens a few dozen times at most.
 */
static uint64_t limit_at(const struct gc_mutator *mutator)
{
    uint64_t charged = gc_charged_bytes(mutator);
    uint64_t room = mutator->clock.heap_limit > charged ? mutator->clock.heap_limit - charged : 0;
    uint64_t least_object = sizeof(struct gc_object) + mutator->account.prefix_bytes;
    if (mutator->account.prefix_bytes)
        room = room / least_object * sizeof(struct gc_object);
    return room > UINT64_MAX - mutator->clock.allocated_bytes ? UINT64_MAX
                                                              : mutator->clock.allocated_bytes + room;
}

void gc_allocation_rearm(struct gc_mutator *mutator)
{
    mutator->clock.event_at =
        mutator->test.zeal
            ? 0
            : least(limit_at(mutator), least(mutator->clock.sample_at, mutator->clock.poll_at));
}

static bool fits(const struct gc_mutator *mutator, uint64_t bytes)
{
    return gc_charged_bytes(mutator) + mutator->account.prefix_bytes + bytes <= mutator->clock.heap_limit;
}

void gc_collect_for(struct gc_mutator *mutator, enum gc_reason reason)
{
    gc_reason(mutator, reason);
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_reason(mutator, GC_REASON_ASKED);
}

static void hold_to_limit(struct gc_mutator *mutator, uint64_t bytes)
{
    if (fits(mutator, bytes))
        return;
    gc_collect_for(mutator, GC_REASON_LIMIT);
    if (!fits(mutator, bytes))
        mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
}

void gc_allocation_event(struct gc_mutator *mutator, uint64_t bytes)
{
    uint64_t clock = mutator->clock.allocated_bytes + bytes;
    gc_charged_note(mutator, 0);
    if (GC_UNLIKELY(mutator->test.zeal != NULL))
        mutator->test.zeal(mutator);
    if (clock > mutator->clock.poll_at) {
        gc_reason(mutator, GC_REASON_THRESHOLD);
        mutator->clock.poll_at = gc_collector_poll(mutator);
        gc_reason(mutator, GC_REASON_ASKED);
    }
    if (clock > mutator->clock.sample_at)
        mutator->clock.sample_at = mutator->observer.listener->sample(mutator->observer.listener, mutator);
    hold_to_limit(mutator, bytes);
    gc_allocation_rearm(mutator);
}

/* ---- external bytes ---- */

/* Notes what is held now. */
static void external_held_changed(struct gc_mutator *mutator)
{
    struct gc_external *external = &mutator->external;
    uint64_t held = gc_external_held(mutator);
    external->peak_bytes = held > external->peak_bytes ? held : external->peak_bytes;
    external->weighed_bytes = external->use == GC_EXTERNAL_NOTED ? 0 : held;
    external->charged_bytes = external->use == GC_EXTERNAL_CHARGED ? held : 0;
}

void gc_external_room(struct gc_mutator *mutator, const struct gc_shape *shape)
{
    uint64_t bytes = gc_shape_bytes(shape, 0) + shape->external;
    if (mutator->external.use == GC_EXTERNAL_CHARGED)
        hold_to_limit(mutator, bytes);
}

void gc_external_take(struct gc_mutator *mutator, uint64_t bytes)
{
    struct gc_clock *clock = &mutator->clock;
    mutator->external.allocated_bytes += bytes;
    external_held_changed(mutator);
    /* 0 and UINT64_MAX have meanings of their own: they stay, and no other reading becomes 0. */
    if (mutator->external.use != GC_EXTERNAL_NOTED && clock->poll_at > 0 && clock->poll_at < UINT64_MAX)
        clock->poll_at = clock->poll_at > bytes ? clock->poll_at - bytes : 1;
    if (mutator->external.use == GC_EXTERNAL_CHARGED)
        gc_charged_note(mutator, 0);
    gc_allocation_rearm(mutator);
}

void gc_external_give(struct gc_mutator *mutator, uint64_t bytes)
{
    mutator->external.freed_bytes += bytes;
    external_held_changed(mutator);
}

void gc_external_keep(struct gc_mutator *mutator, uint64_t bytes)
{
    mutator->external.freed_bytes = mutator->external.allocated_bytes - bytes;
    external_held_changed(mutator);
}

void gc_external_use(struct gc_mutator *mutator, enum gc_external_use use)
{
    mutator->external.use = use;
    external_held_changed(mutator);
}

/* ---- memory is out ---- */

void *gc_allocation_retry(struct gc_mutator *mutator, uint64_t bytes)
{
    gc_collect_for(mutator, GC_REASON_MEMORY);
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
    mutator->account.metadata_bytes += (uint64_t)bytes;
    if (mutator->account.metadata_bytes > mutator->account.metadata_peak)
        mutator->account.metadata_peak = mutator->account.metadata_bytes;
    gc_charged_note(mutator, 0);
    gc_allocation_rearm(mutator);
}

/* Makes room in the queue: in front, where so much has been called that the objects go there, or behind. The memory is
 * mapped, as that of a worklist: objects die while the allocator is out of memory or busy. */
static void dues_grow(struct gc_mutator *mutator)
{
    enum { FIRST_CAPACITY = 512 }; /* a page */
    struct gc_dues *dues = &mutator->dues;
    uint64_t waiting = dues->count - dues->first;
    if (dues->first > dues->capacity / 2) {
        memcpy(dues->items, dues->items + dues->first, waiting * sizeof *dues->items);
        dues->first = 0;
        dues->count = waiting;
        return;
    }
    uint64_t old_bytes = dues->capacity * sizeof *dues->items;
    uint64_t bytes = old_bytes ? 2 * old_bytes : FIRST_CAPACITY * sizeof *dues->items;
    void *items = dues->items ? mremap(dues->items, old_bytes, bytes, MREMAP_MAYMOVE)
                              : mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (items == MAP_FAILED)
        mutator->exhausted(mutator, GC_EXHAUSTED_METADATA);
    gc_metadata_grow(mutator, (int64_t)(bytes - old_bytes));
    dues->items = items;
    dues->capacity = bytes / sizeof *dues->items;
}

void gc_due_add(struct gc_mutator *mutator, struct gc_object *object)
{
    struct gc_dues *dues = &mutator->dues;
    if (dues->count == dues->capacity)
        dues_grow(mutator);
    dues->items[dues->count++] = object;
}

void gc_dues_close(struct gc_mutator *mutator)
{
    struct gc_dues *dues = &mutator->dues;
    if (!dues->items)
        return;
    munmap(dues->items, dues->capacity * sizeof *dues->items);
    gc_metadata_grow(mutator, -(int64_t)(dues->capacity * sizeof *dues->items));
    dues->items = NULL;
    dues->first = dues->count = dues->capacity = 0;
}

struct gc_pause gc_pause_begin(struct gc_mutator *mutator, enum gc_pause_kind kind)
{
    struct gc_pause pause = {.kind = kind,
                             .reason = mutator->account.reason,
                             .freed_objects = mutator->account.freed_objects,
                             .freed_bytes = mutator->account.freed_bytes};
    gc_charged_note(mutator, 0);
    mutator->account.collecting = true;
    GC_PROBE_4(pause_begin, kind, pause.reason, pause.freed_objects, pause.freed_bytes);
    if (mutator->observer.listener)
        pause.begin_ns = gc_pause_clock(mutator);
    return pause;
}

void gc_pause_end(struct gc_mutator *mutator, struct gc_pause *pause, uint64_t visited_objects)
{
    mutator->account.collecting = false;
    pause->visited_objects = visited_objects;
    pause->freed_objects = mutator->account.freed_objects - pause->freed_objects;
    pause->freed_bytes = mutator->account.freed_bytes - pause->freed_bytes;
    GC_PROBE_4(pause_end, pause->kind, visited_objects, pause->freed_objects, pause->freed_bytes);
    if (!mutator->observer.listener)
        return;
    pause->end_ns = gc_clock();
    gc_pause_report(mutator, pause);
}

void gc_phase_report(struct gc_mutator *mutator, enum gc_phase phase)
{
    struct gc_listener *listener = mutator->observer.listener;
    GC_PROBE_3(phase, phase, mutator->account.freed_objects, mutator->account.freed_bytes);
    if (listener->phase)
        listener->phase(listener, mutator, phase);
}
