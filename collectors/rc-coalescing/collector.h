/* SPDX-License-Identifier: MIT */
/*
 * rc-coalescing: coalescing reference counting with deferred slots. A write to a field counts nothing. The
 * write barrier logs the first write to an object since the last collection: what the object's fields
 * referred to. A collection increments the counts of what the fields of the logged objects refer to now, and
 * decrements the counts of what was logged. Values that a field had in between are never looked at.
 *
 * An object is dirty from its first write, or its birth, to the next collection. The counts include the log
 * of a dirty object, not its fields. A newborn is dirty with nothing logged, and is taken for dead until a
 * collection sees that it lives. It lives if a slot refers to it, or a field of an older dirty object, or a
 * field of a newborn that lives. What dead newborns refer to is never counted.
 *
 * A large object is logged by segments: a write into a table of a million references must not cost a million.
 * Such an object is dirty in part, and a bit for each segment says whether the segment is dirty. No object is
 * freed between collections, so the bits are needed only from the first write to the next collection. They
 * lie in one table for all objects.
 *
 * The header's own bits, besides those of support/count/deferral.h:
 *
 *      bit  22       dirty: the counts do not include the object's fields
 *      bit  23       in part: on the list of dirty objects; each dirty segment has a bit in the table
 *      bit  24       newborn: dirty, and on the list of newborns
 */
#ifndef COLLECTORS_RC_COALESCING_COLLECTOR_H
#define COLLECTORS_RC_COALESCING_COLLECTOR_H

#include <string.h>

#include "collectors/gc.h"
#include "collectors/support/count/deferral.h"

enum {
    COALESCING_DIRTY = 1 << 22,
    COALESCING_IN_PART = 1 << 23,
    COALESCING_NEWBORN = 1 << 24,
    COALESCING_BORN = COALESCING_DIRTY | COALESCING_NEWBORN, /* what an object is born with */
    COALESCING_SEGMENT = 8, /* references in a segment: a cache line of them */
};

static const struct gc_traits gc_traits = {
    .reclaims = true,
    .reclaims_cycles = true,
    .defers = true,
    .finalises = true,
    .header_bytes = sizeof(struct gc_object),
};

struct coalescing_mutator {
    struct deferral_mutator deferral;
    struct worklist newborns; /* in the order of their births */
    struct worklist dirty;    /* older objects whose fields may have changed */
    struct worklist logged;   /* what dirty objects referred to before, once for each field, in no order */
    struct worklist bits;     /* words of bits, one bit for each segment of an object that is dirty in part */
    uint64_t segments;        /* the number of dirty segments */
    struct worklist emptied;  /* in a collection: values of ephemerons whose keys are dead newborns */
};

/*
 * The slow path of a write to reference `index` of an object that is not dirty as a whole: logs what the
 * write will overwrite, if nothing has logged it yet. O(1) if the segment is dirty already. Otherwise
 * O(references of the segment); for a small object, O(its references).
 */
__attribute__((noinline)) void coalescing_log(struct gc_mutator *mutator, struct gc_object *object,
                                              uint64_t index);

/* The same for a write to `count` references from `index` on. Looks at each of their segments once. O(count), and for a
 * small object O(its references). */
__attribute__((noinline)) void coalescing_log_range(struct gc_mutator *mutator, struct gc_object *object,
                                                    uint64_t index, uint64_t count);

/* Puts an object onto the list of newborns or of dirty objects. `how` are the header bits that say so. */
static inline void coalescing_dirty(struct gc_mutator *mutator, struct worklist *list,
                                    struct gc_object *object, uint32_t how)
{
    object->bits |= how;
    worklist_push(mutator, list, object);
    if (GC_UNLIKELY(list->count > ((struct deferral_mutator *)mutator)->limit))
        deferral_arm(mutator);
}

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct coalescing_mutator *coalescing = (struct coalescing_mutator *)mutator;
    struct gc_object *object = block_allocate(mutator, &coalescing->deferral.heap, shape, length);
    object->count = 0;
    coalescing_dirty(mutator, &coalescing->newborns, object, COALESCING_BORN);
    slot->ref.object = object;
}

static inline void gc_field_set(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                struct gc_ref value)
{
    if (GC_UNLIKELY(!(object.object->bits & COALESCING_DIRTY)))
        coalescing_log(mutator, object.object, index);
    gc_object_fields(object.object)[index] = value;
}

static inline void gc_field_del(struct gc_mutator *mutator, struct gc_ref object, uint64_t index)
{
    gc_field_set(mutator, object, index, GC_NULL);
}

/* Logs a range once, before it is written. */
static inline struct gc_ref *coalescing_range(struct gc_mutator *mutator, struct gc_ref object,
                                              uint64_t index, uint64_t count)
{
    if (GC_UNLIKELY(!(object.object->bits & COALESCING_DIRTY)))
        coalescing_log_range(mutator, object.object, index, count);
    return gc_object_fields(object.object) + index;
}

static inline void gc_fields_fill(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                  uint64_t count, struct gc_ref value)
{
    struct gc_ref *fields = coalescing_range(mutator, object, index, count);
    for (uint64_t i = 0; i < count; i++)
        fields[i] = value;
}

static inline void gc_fields_copy(struct gc_mutator *mutator, struct gc_ref to, uint64_t to_index,
                                  struct gc_ref from, uint64_t from_index, uint64_t count)
{
    struct gc_ref *fields = coalescing_range(mutator, to, to_index, count);
    memmove(fields, gc_object_fields(from.object) + from_index, count * sizeof *fields);
}

#endif
