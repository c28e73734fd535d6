/* SPDX-License-Identifier: MIT */
/*
 * Names and fields where every reference is counted at once, and nothing else happens. The including
 * collector.h has defined gc_local_new() and what support/counting-names.h asks for.
 */
#ifndef COLLECTORS_SUPPORT_COUNTING_H
#define COLLECTORS_SUPPORT_COUNTING_H

#include "collectors/support/counting-names.h"

static inline void gc_field_set(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                struct gc_ref value)
{
    counting_replace(mutator, &gc_object_fields(object.object)[index], value);
}

static inline void gc_field_del(struct gc_mutator *mutator, struct gc_ref object, uint64_t index)
{
    counting_hand_over(mutator, &gc_object_fields(object.object)[index], GC_NULL);
}

#endif
