/* SPDX-License-Identifier: MIT */
/*
 * The trigger of trial deletion. A collection is due when both hold:
 *
 *      1. The buffer has `roots` possible roots.
 *      2. The mutator holds more objects than after the last collection: `share` times as many more as that
 *         collection touched in vain. In vain are objects that it touched and did not free.
 *
 * A collector may weigh bytes, too. Then the weighed bytes call for a collection by themselves, when they have
 * grown by as much as `roots` objects weigh, and as much as `share` times the objects touched in vain
 * (trigger/weight.h).
 *
 * Possible roots alone do not mean garbage. A mutator that takes and drops a reference to a large structure
 * makes one each time. So does one that appends objects to a live structure.
 *
 * By condition 2 each new object pays for 1 / `share` live objects touched at most, and for itself once it
 * is garbage. Cyclic garbage outstanding is bounded too: by `share` times the live objects, and what fewer
 * than `roots` roots reach. A share of 1 leaves the heap the room of a tracing collector that lets it
 * double.
 *
 * The collector owns the buffer, and asks for a poll when the buffer is full.
 */
#ifndef COLLECTORS_SUPPORT_TRIGGER_TRIAL_TRIGGER_H
#define COLLECTORS_SUPPORT_TRIGGER_TRIAL_TRIGGER_H

#include "base/options.h"
#include "collectors/boundaries.h"
#include "collectors/bounds.h"
#include "collectors/mutator.h"

enum { TRIAL_TRIGGER_ROOTS = 10000 };

/* The rows for the option table of a collector whose struct has `uint64_t roots` and `double share`. */
#define TRIAL_TRIGGER_OPTIONS(owner)                                                                         \
    OPTION_INTEGER(owner, roots, TRIAL_TRIGGER_ROOTS, 1, 1e9, "roots",                                       \
                   "collect at this many possible roots, but"),                                              \
        OPTION_REAL(owner, share, 1.0, 0, 100, "x",                                                          \
                    "not before the objects held have grown by this share of those that the last one "       \
                    "touched in vain; 0: at once")

static const struct gc_boundary trial_trigger_boundaries[] = {
    GC_BOUNDARY(OBJECTS, TRIAL_TRIGGER_ROOTS),
    GC_BOUNDARY_END,
};

/*
 * The number of objects held at which the next collection is due, after one that touched `in_vain` objects
 * in vain.
 */
static inline uint64_t trial_trigger_next(const struct gc_mutator *mutator, double share, uint64_t in_vain)
{
    return gc_held_objects(mutator) + (uint64_t)(share * (double)in_vain);
}

/* The allocation clock at which the mutator can hold `wanted` objects at the earliest. It holds fewer now. */
static inline uint64_t trial_trigger_poll_at(const struct gc_mutator *mutator, uint64_t wanted)
{
    return mutator->clock.allocated_bytes + (wanted - gc_held_objects(mutator)) * sizeof(struct gc_object);
}

/*
 * What the trigger lets one state (collectors/bounds.h). Each structure that is garbage has a possible root
 * in the buffer. And each possible root stands for a reference that an operation made, and that was dropped.
 */
static inline struct gc_held_bound trial_trigger_held_bound(uint64_t roots, double share)
{
    return (struct gc_held_bound){.in_objects = true, .times = 1 + share, .structures = (double)roots};
}

static inline struct gc_pace_bound trial_trigger_pace_bound(uint64_t roots)
{
    return (struct gc_pace_bound){.operations = (double)roots};
}

#endif
