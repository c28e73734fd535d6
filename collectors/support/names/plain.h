/* SPDX-License-Identifier: MIT */
/*
 * Names and fields without a write barrier, for a collector that learns of changes only by tracing.
 * A collector.h includes it and defines gc_local_new() itself, before or after.
 */
#ifndef COLLECTORS_SUPPORT_NAMES_PLAIN_H
#define COLLECTORS_SUPPORT_NAMES_PLAIN_H

#include <string.h>

#include "collectors/support/names/plain-names.h"

static inline void gc_field_set(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                struct gc_ref value)
{
    (void)mutator;
    gc_object_fields(object.object)[index] = value;
}

static inline void gc_field_del(struct gc_mutator *mutator, struct gc_ref object, uint64_t index)
{
    gc_field_set(mutator, object, index, GC_NULL);
}

static inline void gc_fields_fill(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                  uint64_t count, struct gc_ref value)
{
    (void)mutator;
    for (uint64_t i = 0; i < count; i++)
        gc_object_fields(object.object)[index + i] = value;
}

static inline void gc_fields_copy(struct gc_mutator *mutator, struct gc_ref to, uint64_t to_index,
                                  struct gc_ref from, uint64_t from_index, uint64_t count)
{
    (void)mutator;
    memmove(gc_object_fields(to.object) + to_index, gc_object_fields(from.object) + from_index,
            count * sizeof(struct gc_ref));
}

#endif
