/* SPDX-License-Identifier: MIT */
/*
 * Increment and decrement of a collector that counts every reference at once and does nothing else with it,
 * and the names that go with them. Its collector.c defines counting_release(), most often by
 * count/release-template.h. For plain fields a collector.h includes count/counting-template.h as well.
 */
#ifndef COLLECTORS_SUPPORT_COUNT_COUNTING_AT_ONCE_H
#define COLLECTORS_SUPPORT_COUNT_COUNTING_AT_ONCE_H

#include "collectors/counts.h"

/*
 * Frees an object whose count has reached 0, with everything that only it kept alive. Puts a saturated count
 * back in its place.
 */
void counting_release(struct gc_mutator *mutator, struct gc_object *object);

static inline void counting_increment(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    gc_count_up(object);
}

static inline void counting_increment_by(struct gc_mutator *mutator, struct gc_object *object, uint64_t added)
{
    (void)mutator;
    gc_count_up_by(object, added);
}

static inline void counting_decrement(struct gc_mutator *mutator, struct gc_object *object)
{
    if (gc_count_down(object))
        counting_release(mutator, object);
}

#include "collectors/support/count/counting-names-template.h"

#endif
