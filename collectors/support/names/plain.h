/* SPDX-License-Identifier: MIT */
/*
 * Names and fields without a write barrier, for a collector that learns of changes only by tracing.
 * A collector.h includes it and defines gc_local_new() itself, before or after.
 */
#ifndef COLLECTORS_SUPPORT_NAMES_PLAIN_H
#define COLLECTORS_SUPPORT_NAMES_PLAIN_H

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

#endif
