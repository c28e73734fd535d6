/* SPDX-License-Identifier: MIT */
/*
 * counting_release() of count/counting-at-once.h, for a collector whose cascades look at nothing but the
 * counts. Included by its collector.c, after it has defined cascade_dispose() (count/cascade-template.h).
 */
#ifndef COLLECTORS_SUPPORT_COUNT_RELEASE_TEMPLATE_H
#define COLLECTORS_SUPPORT_COUNT_RELEASE_TEMPLATE_H

#include "collectors/counts.h"

static inline bool cascade_drop(struct gc_mutator *mutator, struct gc_object *child)
{
    (void)mutator;
    return gc_count_down_is_dead(child);
}

#include "collectors/support/count/cascade-template.h"

void counting_release(struct gc_mutator *mutator, struct gc_object *object)
{
    if (gc_count_is_dead(object))
        cascade_release(mutator, object);
}

#endif
