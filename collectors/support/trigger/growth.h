/* SPDX-License-Identifier: MIT */
/*
 * When to trace: once the heap holds `growth` times what the last collection left, and at least `minimum`
 * bytes.
 */
#ifndef COLLECTORS_SUPPORT_TRIGGER_GROWTH_H
#define COLLECTORS_SUPPORT_TRIGGER_GROWTH_H

#include "base/options.h"
#include "collectors/mutator.h"

struct growth_options {
    double growth;
    uint64_t minimum; /* bytes */
};

/* The rows for a collector's option table whose struct is `struct growth_options`. */
#define GROWTH_OPTIONS                                                                                       \
    OPTION_REAL(struct growth_options, growth, 2.0, 1.01, 1000, "x",                                         \
                "collect when the heap is this many times what the last collection left"),                   \
        OPTION_INTEGER(struct growth_options, minimum, 4 << 20, 0, 1e15, "bytes", "but not below this size")

/* Bytes held that call for a collection, set after one. */
static inline uint64_t growth_threshold(const struct gc_mutator *mutator,
                                        const struct growth_options *options)
{
    double threshold = options->growth * (double)gc_held_bytes(mutator);
    if (threshold < (double)options->minimum)
        return options->minimum;
    return threshold < 9e18 ? (uint64_t)threshold : (uint64_t)9e18;
}

/*
 * The allocation clock at which `threshold` can have been reached, and a little: the caller is asked before
 * the object that takes the clock there, and would find the heap short of the threshold by a part of it.
 * Frees in between may have made room by then, so the caller looks again; a sixteenth of the threshold at
 * least lies between two looks, which bounds both their number and the overshoot.
 */
static inline uint64_t growth_poll_at(const struct gc_mutator *mutator, uint64_t threshold)
{
    uint64_t held = gc_held_bytes(mutator);
    uint64_t room = threshold > held ? threshold - held : 0;
    room += room / 128;
    return mutator->clock.allocated_bytes + (room > threshold / 16 ? room : threshold / 16);
}

#endif
