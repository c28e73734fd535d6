/* SPDX-License-Identifier: MIT */
/*
 * semispace: copying collection (Cheney, CACM 1970). A new object takes the next bytes of a space. A
 * collection copies what the root set reaches into another space; then the old space is free whole. Every
 * collection moves every object. So a workload that breaks the contract, and holds a reference across a
 * collection, goes wrong here.
 */
#ifndef COLLECTORS_SEMISPACE_COLLECTOR_H
#define COLLECTORS_SEMISPACE_COLLECTOR_H

#include <string.h>

#include "collectors/gc.h"
#include "collectors/support/names/plain.h"
#include "collectors/support/trigger/growth.h"

static const struct gc_traits gc_traits = {
    .reclaims = true,
    .reclaims_cycles = true,
    .moves = true,
    .header_bytes = sizeof(struct gc_object),
};

/* The memory of a space, from malloc. NULL: there is none. */
struct copy_space {
    char *memory;
    uint64_t bytes;
};

struct copy_mutator {
    struct gc_mutator common;
    const struct growth_options *options;
    char *free;              /* where the next object goes, 8-aligned */
    char *end;               /* how far the space may be filled */
    struct copy_space space; /* the space that holds all objects */
    struct copy_space spare; /* the space before it: the next collection copies into it */
};

/*
 * A bit in the upper half of every header, where other collectors have the count. A length word is at most
 * GC_LENGTH_MAX and never has this bit. So the first word of an object's memory says which of the two it is,
 * and a walk finds every object of a space.
 */
#define COPY_IS_HEADER 0x80000000u
static_assert(GC_LENGTH_MAX < (uint64_t)COPY_IS_HEADER << 32, "a length is never taken for a header");

/* Makes room for `bytes`: collects, and grows the space. Returns where the object goes. When memory is out,
 * ends the workload through the mutator's `exhausted`. */
char *copy_make_room(struct gc_mutator *mutator, uint64_t bytes);

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct copy_mutator *copy = (struct copy_mutator *)mutator;
    bool has_length = gc_shape_has_front(shape);
    if (has_length && GC_UNLIKELY(length > GC_LENGTH_MAX))
        mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
    uint64_t bytes = gc_shape_bytes(shape, length);
    uint64_t room = (bytes + 7) & ~(uint64_t)7;
    if (GC_UNLIKELY(mutator->clock.allocated_bytes + bytes > mutator->clock.event_at))
        gc_allocation_event(mutator, bytes);

    char *memory = copy->free;
    if (GC_UNLIKELY(room > (uint64_t)(copy->end - memory)))
        memory = copy_make_room(mutator, room);
    copy->free = memory + room;
    mutator->clock.allocated_bytes += bytes;
    mutator->clock.allocated_objects++;

    memset(memory, 0, room);
    struct gc_object *object = (struct gc_object *)(memory + (has_length ? sizeof(uint64_t) : 0));
    if (has_length)
        *gc_object_length(object) = length;
    *object = (struct gc_object){.bits = gc_shape_bits(shape), .count = COPY_IS_HEADER};
    slot->ref.object = object;
}

#endif
