/* SPDX-License-Identifier: MIT */
/*
 * The trigger of a trace by growth: a collection is due when the heap holds `growth` times what the last
 * one left, and at least `minimum` bytes.
 *
 * A collection looks at what lives, and at each name. So names weigh as what lives does: the heap also grows by
 * as many bytes as the names take, before the next collection is due. With many names and little in the heap,
 * each allocated byte pays for an eighth of a name that is looked at.
 *
 * Bytes that objects own outside of the heap weigh as the heap's (gc_weighed_bytes()). They come and go with the
 * objects.
 */
#ifndef COLLECTORS_SUPPORT_TRIGGER_GROWTH_H
#define COLLECTORS_SUPPORT_TRIGGER_GROWTH_H

#include "base/options.h"
#include "collectors/boundaries.h"
#include "collectors/bounds.h"
#include "collectors/mutator.h"

struct growth_options {
    double growth;
    uint64_t minimum; /* bytes */
};

enum {
    GROWTH_TIMES = 2,         /* times what the last collection left */
    GROWTH_MINIMUM = 4 << 20, /* bytes */
};

/* The rows for a collector's option table whose struct is `struct growth_options`. */
#define GROWTH_OPTIONS                                                                                       \
    OPTION_REAL(struct growth_options, growth, GROWTH_TIMES, 1.01, 1000, "x",                                \
                "collect when the heap is this many times what the last collection left"),                   \
        OPTION_INTEGER(struct growth_options, minimum, GROWTH_MINIMUM, 0, 1e15, "bytes",                     \
                       "but not below this size")

/* Where a collection is due, and from where on the factor says more than the minimum. */
static const struct gc_boundary growth_boundaries[] = {
    GC_BOUNDARY(FILL, GROWTH_MINIMUM),
    GC_BOUNDARY(FILL, (GROWTH_MINIMUM / GROWTH_TIMES)),
    GC_BOUNDARY_END,
};

enum { GROWTH_NAME_BYTES = sizeof(struct gc_slot) }; /* what a name weighs */

/* What the names weigh. */
static inline uint64_t growth_names_weight(const struct gc_mutator *mutator)
{
    return (uint64_t)(mutator->roots.top - mutator->roots.base) * GROWTH_NAME_BYTES;
}

/* Weighed bytes when as many are allocated as the names take. */
static inline uint64_t growth_by_names(const struct gc_mutator *mutator)
{
    return gc_weighed_bytes(mutator) + growth_names_weight(mutator);
}

/* Bytes at which the next collection is due after one that left `left`, by what lives alone. */
static inline uint64_t growth_from(const struct growth_options *options, uint64_t left)
{
    double threshold = options->growth * (double)left;
    if (threshold < (double)options->minimum)
        return options->minimum;
    return threshold < 9e18 ? (uint64_t)threshold : (uint64_t)9e18;
}

/* Weighed bytes at which the next collection is due by what lives alone. Asked for after a collection. */
static inline uint64_t growth_heap_threshold(const struct gc_mutator *mutator,
                                             const struct growth_options *options)
{
    return growth_from(options, gc_weighed_bytes(mutator));
}

/* Weighed bytes at which the next collection is due. Asked for after a collection. */
static inline uint64_t growth_threshold(const struct gc_mutator *mutator,
                                        const struct growth_options *options)
{
    uint64_t by_heap = growth_heap_threshold(mutator, options);
    uint64_t by_names = growth_by_names(mutator);
    return by_heap > by_names ? by_heap : by_names;
}

/*
 * The bytes that may be allocated before the next collection is due, by the heap alone: for a collector whose
 * memory is as large as the threshold. They are a sixteenth of what is held at least, as between two looks of
 * growth_poll_at(). Asked for after a collection.
 */
static inline uint64_t growth_room(const struct gc_mutator *mutator, const struct growth_options *options)
{
    uint64_t held = gc_held_bytes(mutator);
    uint64_t by_heap = growth_from(options, held);
    uint64_t room = by_heap > held ? by_heap - held : 0;
    uint64_t names = growth_names_weight(mutator);
    uint64_t least = names > held / 16 ? names : held / 16;
    return room > least ? room : least;
}

/*
 * The allocation clock at which the heap can hold `threshold` bytes, and a little more. The collector is
 * asked before the object that would take the clock past this point. Without the addition the heap would be
 * short of the threshold by a part of that object.
 *
 * Frees in between may have made room, so the collector looks again when asked. Between two looks lies at
 * least a sixteenth of the threshold, which bounds their number and how far the heap exceeds the threshold.
 */
static inline uint64_t growth_poll_at(const struct gc_mutator *mutator, uint64_t threshold)
{
    uint64_t held = gc_weighed_bytes(mutator);
    uint64_t room = threshold > held ? threshold - held : 0;
    room += room / 128;
    return mutator->clock.allocated_bytes + (room > threshold / 16 ? room : threshold / 16);
}

/*
 * What the trigger lets one state (collectors/bounds.h). A look comes at most a sixteenth of the threshold
 * late. Two collections lie as far apart as the threshold is from what the first one left.
 */
static inline struct gc_held_bound growth_held_bound(const struct growth_options *options)
{
    const double late = 17.0 / 16;
    return (struct gc_held_bound){.times = options->growth * late,
                                  .least = (double)options->minimum * late,
                                  .for_name = GROWTH_NAME_BYTES * late};
}

static inline struct gc_pace_bound growth_pace_bound(const struct growth_options *options)
{
    return (struct gc_pace_bound){.left = options->growth - 1,
                                  .bytes = (1 - 1 / options->growth) * (double)options->minimum};
}

/* The same of a collector that looks only when growth_poll_at() says so: a sixteenth of the threshold lies between two
 * looks, however small the growth. */
static inline struct gc_pace_bound growth_polled_pace_bound(const struct growth_options *options)
{
    struct gc_pace_bound pace = growth_pace_bound(options);
    double left = options->growth / 16;
    double bytes = (double)options->minimum / 16;
    pace.left = pace.left > left ? pace.left : left;
    pace.bytes = pace.bytes > bytes ? pace.bytes : bytes;
    return pace;
}

#endif
