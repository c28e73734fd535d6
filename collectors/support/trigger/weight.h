/* SPDX-License-Identifier: MIT */
/*
 * A trigger by weight, beside one that counts objects: `weight` bytes weigh as much as one object. Weighed are the
 * bytes held and those that objects own outside of the heap (gc_weighed_bytes()).
 *
 * A collection takes time in proportion to objects, so triggers count objects. But a ring of two objects may
 * hold megabytes, and a thousand of them would wait for a trigger of ten thousand objects. So a collection is
 * also due when the weighed bytes have grown by what so many objects weigh. Objects smaller than `weight` reach
 * the trigger by number before they reach it by weight.
 */
#ifndef COLLECTORS_SUPPORT_TRIGGER_WEIGHT_H
#define COLLECTORS_SUPPORT_TRIGGER_WEIGHT_H

#include "base/options.h"
#include "collectors/boundaries.h"
#include "collectors/mutator.h"
#include "collectors/support/trigger/growth.h"

enum { WEIGHT_BYTES = 1024 };

/* The row for the option table of a collector whose struct `owner` has `uint64_t weight`. */
#define WEIGHT_OPTION(owner)                                                                                 \
    OPTION_INTEGER(owner, weight, WEIGHT_BYTES, 0, 1e9, "bytes",                                             \
                   "so many bytes weigh as much as one object; 0: bytes weigh nothing")

/* A larger object weighs more than it counts. */
static const struct gc_boundary weight_boundaries[] = {
    GC_BOUNDARY(BYTES, WEIGHT_BYTES),
    GC_BOUNDARY_END,
};

/* Weighed bytes at which a collection is due: so many more than now as `objects` weigh. */
static inline uint64_t weight_wanted(const struct gc_mutator *mutator, uint64_t weight, uint64_t objects)
{
    if (weight == 0 || objects >= UINT64_MAX / 2 / weight)
        return UINT64_MAX;
    return gc_weighed_bytes(mutator) + objects * weight;
}

/* The allocation clock at which to look at the weighed bytes again. */
static inline uint64_t weight_poll_at(const struct gc_mutator *mutator, uint64_t bytes_wanted)
{
    return bytes_wanted == UINT64_MAX ? UINT64_MAX : growth_poll_at(mutator, bytes_wanted);
}

#endif
