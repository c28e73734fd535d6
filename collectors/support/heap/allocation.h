/* SPDX-License-Identifier: MIT */
/* Objects from malloc: their birth and death under every collector without a heap of its own. */
#ifndef COLLECTORS_SUPPORT_HEAP_ALLOCATION_H
#define COLLECTORS_SUPPORT_HEAP_ALLOCATION_H

#include <stdlib.h>
#include <string.h>

#include "collectors/boundaries.h"
#include "collectors/mutator.h"
#include "collectors/support/heap/release-hook.h"

/* Bytes from which calloc is asked for zeroes. Pages that are new from the system are zero already. */
enum { GC_CALLOC_BYTES = 16384 };

static const struct gc_boundary allocation_boundaries[] = {
    GC_BOUNDARY(BYTES, GC_CALLOC_BYTES),
    GC_BOUNDARY_END,
};

/*
 * Makes an object of `shape`. Charges the allocation clock: one comparison decides whether anything else is
 * due. Takes memory, clears references and payload, and writes the header: its bits, and a count of 1.
 *
 * `prefix` bytes, a multiple of 8, are in front of the object for the collector, and are not cleared. With
 * a constant shape this is a dozen instructions and the call of malloc.
 */
static inline struct gc_object *gc_object_allocate(struct gc_mutator *mutator, const struct gc_shape *shape,
                                                   uint64_t length, uint64_t prefix)
{
    bool has_length = gc_shape_has_front(shape);
    if (has_length && GC_UNLIKELY(length > GC_LENGTH_MAX))
        mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
    uint64_t body = gc_shape_body_bytes(shape, length);
    uint64_t bytes = gc_shape_bytes(shape, length);
    if (GC_UNLIKELY(mutator->clock.allocated_bytes + bytes > mutator->clock.event_at))
        gc_allocation_event(mutator, bytes);

    bool cleared = bytes >= GC_CALLOC_BYTES;
    char *memory = cleared ? calloc(1, prefix + bytes) : malloc(prefix + bytes);
    if (GC_UNLIKELY(!memory)) {
        memory = gc_allocation_retry(mutator, prefix + bytes);
        cleared = false;
    }
    mutator->clock.allocated_bytes += bytes;
    mutator->clock.allocated_objects++;

    struct gc_object *object = (struct gc_object *)(memory + prefix + (has_length ? sizeof(uint64_t) : 0));
    if (has_length)
        *gc_object_length(object) = length;
    if (!cleared)
        memset(object + 1, 0, body - sizeof *object);
    object->bits = gc_shape_bits(shape);
    object->count = 1;
    return object;
}

/* The memory from malloc of an object that was made with `prefix`. */
static inline void *gc_object_memory(struct gc_object *object, uint64_t prefix)
{
    return (char *)object - prefix - (object->bits & GC_BIT_LENGTH ? sizeof(uint64_t) : 0);
}

/* Gives back the memory of an object that was made with `prefix`. The caller counts it as freed. */
static inline void gc_object_release(struct gc_object *object, uint64_t prefix)
{
    gc_object_released(object);
    free(gc_object_memory(object, prefix));
}

#endif
