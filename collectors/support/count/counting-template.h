/* SPDX-License-Identifier: MIT */
/*
 * Names and fields for a collector that counts every reference at once and does nothing else.
 *
 * Included by a collector.h, after counting_increment() and counting_decrement(), for which
 * count/counting-names-template.h asks. The collector defines gc_local_new() itself.
 */
#ifndef COLLECTORS_SUPPORT_COUNT_COUNTING_TEMPLATE_H
#define COLLECTORS_SUPPORT_COUNT_COUNTING_TEMPLATE_H

#include "collectors/support/count/counting-names-template.h"

static inline void gc_field_set(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                struct gc_ref value)
{
    counting_replace(mutator, &gc_object_fields(object.object)[index], value);
}

static inline void gc_field_del(struct gc_mutator *mutator, struct gc_ref object, uint64_t index)
{
    counting_hand_over(mutator, &gc_object_fields(object.object)[index], GC_NULL);
}

static inline void gc_fields_fill(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                  uint64_t count, struct gc_ref value)
{
    counting_fill(mutator, gc_object_fields(object.object) + index, count, value);
}

#include "collectors/support/names/copy-template.h"

#endif
