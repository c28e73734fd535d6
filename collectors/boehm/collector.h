/* SPDX-License-Identifier: MIT */
/*
 * boehm: the collector of Boehm, Demers and Weiser from the distribution's libgc, behind the contract. It is
 * a peer that nobody here wrote.
 *
 * libgc gives an object's memory by a pointer to its first word: the header, or the length word in front of
 * it. References point at the header in both cases, so the second displacement is registered. The upper bit
 * of a header, which no length has, tells the two apart when the heap is enumerated.
 */
#ifndef COLLECTORS_BOEHM_COLLECTOR_H
#define COLLECTORS_BOEHM_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/names/plain.h"

static const struct gc_traits gc_traits = {
    .reclaims = true,
    .conservative = true, /* so it does not claim to reclaim every cycle */
    .header_bytes = sizeof(struct gc_object),
};

/* In the header's count: the region holds an object, and is not free. */
#define BOEHM_OBJECT ((uint32_t)1 << 31)

/*
 * Returns memory from libgc, cleared. libgc may collect. Without memory it collects fully and tries again,
 * then ends the workload through the mutator's `exhausted`. `leaf`: libgc need not look for references in it.
 */
void *boehm_allocate(struct gc_mutator *mutator, uint64_t bytes, bool leaf);

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    bool has_length = gc_shape_has_front(shape);
    if (has_length && GC_UNLIKELY(length > GC_LENGTH_MAX))
        mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
    uint64_t bytes = gc_shape_bytes(shape, length);
    if (GC_UNLIKELY(mutator->clock.allocated_bytes + bytes > mutator->clock.event_at))
        gc_allocation_event(mutator, bytes);
    /* An empty object with a length is no leaf: libgc clears free regions only of the other kind. */
    bool leaf = gc_shape_refs(shape, length) == 0 && !(has_length && length == 0);
    uint64_t *memory = boehm_allocate(mutator, bytes, leaf);
    mutator->clock.allocated_bytes += bytes;
    mutator->clock.allocated_objects++;
    if (has_length)
        *memory++ = length;
    struct gc_object *object = (struct gc_object *)memory;
    object->bits = gc_shape_bits(shape);
    object->count = BOEHM_OBJECT;
    slot->ref.object = object;
}

#endif
