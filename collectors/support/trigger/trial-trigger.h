/* SPDX-License-Identifier: MIT */
/*
 * When to run trial deletion. Possible roots alone do not say that there is garbage: a reference to something
 * large that is taken and dropped makes one each time, and so does each object appended to a structure that
 * lives. So a collection waits for roots, and then until as many objects have been made and kept as the last
 * one touched in vain, times `share`. Each object then pays for at most 1 / `share` live objects touched, and
 * for itself once it is garbage, whatever the program does; and the objects of cyclic garbage outstanding are
 * at most that share of those that live, and what fewer than `roots` roots reach. A share of 1 gives the heap
 * the room that a tracing collector has which lets it double.
 *
 * The including collector owns the buffer of roots, and calls for a poll when it is full.
 */
#ifndef COLLECTORS_SUPPORT_TRIGGER_TRIAL_TRIGGER_H
#define COLLECTORS_SUPPORT_TRIGGER_TRIAL_TRIGGER_H

#include "base/options.h"
#include "collectors/mutator.h"

/* The rows for the option table of a collector whose struct has `uint64_t roots` and `double share`. */
#define TRIAL_TRIGGER_OPTIONS(owner)                                                                         \
    OPTION_INTEGER(owner, roots, 10000, 1, 1e9, "roots", "collect at this many possible roots, but"),        \
        OPTION_REAL(owner, share, 1.0, 0, 100, "x",                                                          \
                    "not before the objects held have grown by this share of those that the last one "       \
                    "touched in vain; 0: at once")

/* Objects held that call for the next collection, after one that touched `in_vain` and did not free them. */
static inline uint64_t trial_trigger_next(const struct gc_mutator *mutator, double share, uint64_t in_vain)
{
    return gc_held_objects(mutator) + (uint64_t)(share * (double)in_vain);
}

/* The allocation clock at which `wanted` objects, more than are held, can be held at the earliest. */
static inline uint64_t trial_trigger_poll_at(const struct gc_mutator *mutator, uint64_t wanted)
{
    return mutator->clock.allocated_bytes + (wanted - gc_held_objects(mutator)) * sizeof(struct gc_object);
}

#endif
