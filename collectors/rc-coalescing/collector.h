/* SPDX-License-Identifier: MIT */
/*
 * rc-coalescing: coalescing reference counting with deferred names. A write to a field counts nothing; the
 * first to an object since the last collection logs what its fields referred to. A collection counts up what
 * the fields of the logged refer to now, and down what they referred to then: whatever was written between
 * is never looked at.
 *
 * An object is dirty from its first write, or its birth, to the next collection: the fields of a dirty one
 * are not those that are counted, its log is. Newborns are dirty with nothing logged, and taken for dead
 * until a collection sees that they live: by a name, by a field of something older that is dirty, or of a
 * newborn that lives. What the dead among them refer to is never counted.
 *
 * A large object is logged by segments, for a write into a table of a million references should not cost a
 * million: it is dirty in part, and of its segments each is dirty or not, by a bit. As nothing is freed
 * between collections, the bits are needed from its first write to the next collection only, and lie in one
 * table for all of them.
 *
 * The header's own bits, beside those of support/count/deferral.h:
 *
 *      bit  22       dirty: its fields are not those that are counted
 *      bit  23       in part: on the list of the dirty, and its dirty segments are those that have a bit
 *      bit  24       newborn: dirty, and on the list of newborns
 */
#ifndef COLLECTORS_RC_COALESCING_COLLECTOR_H
#define COLLECTORS_RC_COALESCING_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/count/deferral.h"

enum {
    COALESCING_DIRTY = 1 << 22,
    COALESCING_IN_PART = 1 << 23,
    COALESCING_NEWBORN = 1 << 24,
    COALESCING_BORN = COALESCING_DIRTY | COALESCING_NEWBORN, /* what an object is born with */
    COALESCING_SEGMENT = 8,                                  /* references, a cache line of them */
};

static const struct gc_traits gc_traits = {
    .reclaims = true,
    .reclaims_cycles = true,
    .defers = true,
    .header_bytes = sizeof(struct gc_object),
};

struct coalescing_mutator {
    struct deferral_mutator deferral;
    struct worklist newborns; /* in the order of their births */
    struct worklist dirty;    /* older objects whose fields may have changed */
    struct worklist logged;   /* what they referred to before, once for each field; in no order */
    struct worklist bits;     /* words of them, a bit for each segment of what is dirty in part */
    uint64_t segments;        /* that are dirty */
};

/*
 * Before a write to reference `index` of an object that is not dirty as a whole. O(1) if its segment is
 * dirty, or else O(references of the segment), and of a small object O(its references).
 */
__attribute__((noinline)) void coalescing_log(struct gc_mutator *mutator, struct gc_object *object,
                                              uint64_t index);

/* Puts an object onto one of the two lists of what is dirty; `how` are the bits of it that say so. */
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

#endif
