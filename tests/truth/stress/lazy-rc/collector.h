/* SPDX-License-Identifier: MIT */
/* lazy-rc: reference counting that frees dead objects a few at a time, at allocations, and all that are left
 * in a full collection. It is what somebody might add from outside, with the trait `frees_late`. LAZY_BUG
 * puts a bug in. */
#ifndef TESTS_LAZY_RC_COLLECTOR_H
#define TESTS_LAZY_RC_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/count/counting-at-once.h"
#include "collectors/support/count/counting-template.h"
#include "collectors/support/heap/allocation.h"

static const struct gc_traits gc_traits = {
    .reclaims = true,
    .frees_late = true, /* a count is not exact while a dead object still refers to it */
    .header_bytes = sizeof(struct gc_object),
};

struct lazy_mutator {
    struct gc_mutator common;
    struct gc_object *dead; /* objects whose count is 0, linked by their headers */
};

/* Frees up to `most` dead objects. */
void lazy_free(struct gc_mutator *mutator, uint64_t most);

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    lazy_free(mutator, 3);
    struct gc_object *object = gc_object_allocate(mutator, shape, length, 0);
    counting_hand_over(mutator, &slot->ref, (struct gc_ref){object});
}

#endif
