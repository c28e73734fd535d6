/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/keeps-nothing-template.h"
#include "collectors/support/never-collects-template.h"

/*
 * rc with a bug: when an object dies that refers to another one twice, through neighbouring fields, the
 * second of these references is taken off twice.
 */

static inline bool cascade_drop(struct gc_mutator *mutator, struct gc_object *child)
{
    static struct gc_object *last;
    (void)mutator;
    bool again = child == last;
    last = again ? NULL : child;
    child->count -= again && child->count > 1;
    return gc_count_down(child) && gc_count_is_dead(child);
}

static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    (void)mutator;
    (void)bytes;
    gc_object_release(object, 0);
    return true;
}

#include "collectors/support/count/cascade-template.h"

static const struct option_table options = OPTION_TABLE_EMPTY;

const struct gc_collector gc_collector = {
    .name = "broken-rc",
    .group = "counting",
    .summary = "rc with a double decrement",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct gc_mutator),
    .options = &options,
};

void counting_release(struct gc_mutator *mutator, struct gc_object *object)
{
    if (gc_count_is_dead(object))
        cascade_release(mutator, object);
}
