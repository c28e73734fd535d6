/* SPDX-License-Identifier: MIT */
/*
 * rc-deferred: deferred reference counting. Only fields are counted; to bind a name is a store. An object
 * that no field refers to waits in the zero count table. The table is reconciled with the slots. A
 * trace finds the cycles.
 */
#ifndef COLLECTORS_RC_DEFERRED_COLLECTOR_H
#define COLLECTORS_RC_DEFERRED_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/count/deferral.h"

static const struct gc_traits gc_traits = {
    .reclaims = true,
    .reclaims_cycles = true,
    .defers = true,
    .finalises = true,
    .header_bytes = sizeof(struct gc_object),
};

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct deferral_mutator *deferral = (struct deferral_mutator *)mutator;
    struct gc_object *object = block_allocate(mutator, &deferral->heap, shape, length);
    object->count = 0;
    deferral_list(mutator, object);
    slot->ref.object = object;
}

static inline void gc_field_set(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                struct gc_ref value)
{
    struct gc_ref *field = &gc_object_fields(object.object)[index];
    struct gc_ref old = *field;
    if (value.object)
        gc_count_up(value.object);
    *field = value;
    if (old.object && GC_UNLIKELY(deferral_decrement(old.object)))
        deferral_list(mutator, old.object);
}

static inline void gc_field_del(struct gc_mutator *mutator, struct gc_ref object, uint64_t index)
{
    gc_field_set(mutator, object, index, GC_NULL);
}

static inline void gc_fields_fill(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                  uint64_t count, struct gc_ref value)
{
    struct gc_ref *fields = gc_object_fields(object.object) + index;
    if (value.object)
        gc_count_up_by(value.object, count);
    for (uint64_t i = 0; i < count; i++) {
        struct gc_ref old = fields[i];
        fields[i] = value;
        if (old.object && GC_UNLIKELY(deferral_decrement(old.object)))
            deferral_list(mutator, old.object);
    }
}

#include "collectors/support/names/copy-template.h"

#endif
