/* SPDX-License-Identifier: MIT */
/*
 * semispace: copying collection (Cheney, CACM 1970). Objects are made by moving one pointer; a collection
 * copies what the names reach into another space, and the old one is free whole. Every collection moves every
 * object, which keeps the contract's promise honest that nothing is held across one.
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

/* What malloc gave for one; NULL: there is none. */
struct copy_space {
    char *memory;
    uint64_t bytes;
};

struct copy_mutator {
    struct gc_mutator common;
    const struct growth_options *options;
    char *free;              /* where the next object goes, 8-aligned */
    char *end;               /* how far the space is to be filled */
    struct copy_space space; /* in which everything lives */
    struct copy_space spare; /* the one before it, which the next collection copies into */
};

/*
 * In the upper half of every header, where others count. A length word is at most GC_LENGTH_MAX and so never
 * has this bit: the first word of an object's memory says which of the two it is, and a space can be walked.
 */
#define COPY_IS_HEADER 0x80000000u
static_assert(GC_LENGTH_MAX < (uint64_t)COPY_IS_HEADER << 32, "a length is never taken for a header");

/* Makes room for `bytes`: collects, and grows the space. Ends the run when memory is out. Returns where the
 * object goes. */
char *copy_make_room(struct gc_mutator *mutator, uint64_t bytes);

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct copy_mutator *copy = (struct copy_mutator *)mutator;
    bool has_length = gc_shape_has_length(shape);
    if (has_length && GC_UNLIKELY(length > GC_LENGTH_MAX))
        mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
    uint64_t bytes = gc_shape_bytes(shape, length);
    uint64_t room = (bytes + 7) & ~(uint64_t)7;
    if (GC_UNLIKELY(mutator->allocated_bytes + bytes > mutator->event_at))
        gc_allocation_event(mutator, bytes);

    char *memory = copy->free;
    if (GC_UNLIKELY(room > (uint64_t)(copy->end - memory)))
        memory = copy_make_room(mutator, room);
    copy->free = memory + room;
    mutator->allocated_bytes += bytes;
    mutator->allocated_objects++;

    memset(memory, 0, room);
    struct gc_object *object = (struct gc_object *)(memory + (has_length ? sizeof(uint64_t) : 0));
    if (has_length)
        *gc_object_length(object) = length;
    *object = (struct gc_object){.bits = gc_shape_bits(shape), .count = COPY_IS_HEADER};
    slot->ref.object = object;
}

#endif
