/* SPDX-License-Identifier: MIT */
/*
 * The trigger of CPython: when to collect, and which generation. There are three generations:
 *
 *      generation    is collected
 *      0, youngest   after more than `threshold0` births of tracked objects, less their deaths
 *      1, middle     after more than `threshold1` collections of the youngest
 *      2, oldest     after more than `threshold2` collections of the middle one, and not before the objects
 *                    that have come into it are `share` of those that its last collection left
 *
 * A collection of one generation takes the younger ones along. The last condition lets a heap that only
 * grows be collected O(log n) times.
 *
 * After CPython's Modules/gcmodule.c up to 3.11 and Python/gc.c of 3.12 and 3.13.
 */
#ifndef COLLECTORS_SUPPORT_TRIGGER_GENERATIONS_H
#define COLLECTORS_SUPPORT_TRIGGER_GENERATIONS_H

#include "base/options.h"
#include "collectors/bounds.h"
#include "collectors/mutator.h"
#include "collectors/support/trigger/weight.h"

enum { GENERATIONS = 3, GENERATION_OLDEST = GENERATIONS - 1 };

struct generation_options {
    uint64_t threshold0; /* objects */
    uint64_t threshold1; /* collections of the youngest */
    uint64_t threshold2; /* collections of the middle one */
    double share;
    bool net;
    uint64_t weight; /* bytes that weigh as much as one object; 0: bytes weigh nothing */
};

/*
 * The rows for a collector's option table whose struct is `struct generation_options`. `counted` says what
 * `threshold0` counts, as the collector calls generation_clock_born() and generation_clock_died().
 *
 * In CPython 3.13 `youngest` is 2000, `oldest` is 10 and `portion` is 0.25. At least 242,000 objects then
 * lie between two full collections. This is more than a quarter of a heap of fewer than a million objects.
 * So the rule makes the cost of a growing heap linear only above a million.
 */
#define GENERATION_OPTIONS(youngest, counted, oldest, portion)                                               \
    OPTION_INTEGER(struct generation_options, threshold0, youngest, 1, 1e9, "objects",                       \
                   counted " that call for a collection (CPython: 2000)"),                                   \
        OPTION_INTEGER(struct generation_options, threshold1, 10, 0, 1e9, "",                                \
                       "collections of the youngest after which the middle generation is taken along"),      \
        OPTION_INTEGER(struct generation_options, threshold2, oldest, 0, 1e9, "",                            \
                       "collections of the middle generation after which everything is (CPython: 10)"),      \
        OPTION_REAL(struct generation_options, share, portion, 0, 100, "x",                                  \
                    "but not before so much of what it held has come into the oldest generation (CPython: "  \
                    "0.25); 0: at once")

/*
 * The row of a collector that knows the generation of an object that dies. CPython does not know it. There,
 * large structures that pass through and are freed by counting cause one full collection after another.
 * With `net` the oldest generation grows by `share` at most, whatever passes through.
 */
#define GENERATION_NET_OPTION                                                                                \
    OPTION_SWITCH(struct generation_options, net, true,                                                      \
                  "what counting has freed of the oldest generation has not come into it")

/* The row of a collector that weighs bytes, by generation_clock_weigh() and its like. */
#define GENERATION_WEIGHT_OPTION WEIGHT_OPTION(struct generation_options)

struct generation_clock {
    const struct generation_options *options;
    uint64_t young;                          /* births less deaths, at least 0 */
    uint64_t collections[GENERATION_OLDEST]; /* of each generation, since a collection of the next */
    uint64_t left_by_full; /* objects that the last full collection left, or their weight if that is more */
    /* Objects that have come into the oldest generation since; with `net`, less those that have died. */
    uint64_t arrived_since_full;
    uint64_t bytes_wanted;    /* weighed bytes that call for a collection of the youngest */
    uint64_t bytes_at_middle; /* weighed bytes after the last collection of the middle generation or of all */
};

/* Notes a birth. True when a collection is due. */
static inline bool generation_clock_born(struct generation_clock *clock)
{
    return GC_UNLIKELY(++clock->young > clock->options->threshold0);
}

/* Notes the death of an object that generation_clock_born() counted. */
static inline void generation_clock_died(struct generation_clock *clock)
{
    clock->young -= clock->young > 0;
}

/* Notes the death of an object of the oldest generation. */
static inline void generation_clock_died_old(struct generation_clock *clock)
{
    clock->arrived_since_full -= clock->options->net && clock->arrived_since_full > 0;
}

/* The generation to collect, together with all that are younger, or -1. */
static inline int generation_due(const struct generation_clock *clock)
{
    const struct generation_options *options = clock->options;
    if (clock->collections[1] > options->threshold2 &&
        (double)clock->arrived_since_full >= options->share * (double)clock->left_by_full)
        return 2;
    if (clock->collections[0] > options->threshold1)
        return 1;
    return clock->young > options->threshold0 ? 0 : -1;
}

/* Begins a collection of `generation`. */
static inline void generation_clock_begin(struct generation_clock *clock, int generation)
{
    clock->young = 0;
    for (int each = 0; each < GENERATION_OLDEST; each++) {
        if (each < generation)
            clock->collections[each] = 0;
        else if (each == generation)
            clock->collections[each]++;
    }
}

/*
 * Ends a collection of `generation`: `survivors` objects are in the next generation now, or stay in the
 * oldest.
 */
static inline void generation_clock_end(struct generation_clock *clock, int generation, uint64_t survivors)
{
    if (generation == GENERATION_OLDEST) {
        clock->left_by_full = survivors;
        clock->arrived_since_full = 0;
    } else if (generation == GENERATION_OLDEST - 1) {
        clock->arrived_since_full += survivors;
    }
}

/* ---- bytes ---- */

/* Notes what a full collection left: so many objects, or what their bytes weigh if that is more. */
static inline void generation_clock_left(struct generation_clock *clock, uint64_t objects, uint64_t bytes)
{
    uint64_t weight = clock->options->weight;
    clock->left_by_full = weight && bytes / weight > objects ? bytes / weight : objects;
}

/*
 * Weighs bytes, at the start and after generation_clock_end(): as much more held as `threshold0` objects weigh
 * calls for a collection of the youngest. What the heap has grown by between two collections of the middle
 * generation weighs as objects that have come into the oldest. And what a full collection left weighs: it reads
 * every reference, also of objects that are not tracked and of large arrays, and so may the next one.
 */
static inline void generation_clock_weigh(struct generation_clock *clock, const struct gc_mutator *mutator,
                                          int generation)
{
    uint64_t held = gc_weighed_bytes(mutator);
    uint64_t weight = clock->options->weight;
    clock->bytes_wanted = weight_wanted(mutator, weight, clock->options->threshold0);
    if (weight && generation == GENERATION_OLDEST - 1 && held > clock->bytes_at_middle)
        clock->arrived_since_full += (held - clock->bytes_at_middle) / weight;
    if (generation > 0)
        clock->bytes_at_middle = held;
    if (generation == GENERATION_OLDEST)
        generation_clock_left(clock, clock->left_by_full, held);
}

/*
 * All objects have left the generations. No birth, no collection and no byte from before counts any more towards a
 * collection. What the last full one left stays, as in CPython: the next full one is due after as many arrivals.
 */
static inline void generation_clock_freeze(struct generation_clock *clock, const struct gc_mutator *mutator)
{
    clock->young = 0;
    for (int each = 0; each < GENERATION_OLDEST; each++)
        clock->collections[each] = 0;
    clock->bytes_wanted = weight_wanted(mutator, clock->options->weight, clock->options->threshold0);
    clock->bytes_at_middle = gc_weighed_bytes(mutator);
}

/*
 * What was set aside is back in the oldest generation. What the last full collection left stays, as in CPython: the next
 * full one looks at all of it, and then leaves it. `left_out` of these objects, at most, were set aside when the last full
 * collection ran, so they are not of those that it left. Where deaths of old objects are taken off what has come, these
 * objects have come, too: else their deaths would hide others that have. Objects that were young at the freeze are among
 * them if a full collection has run since. Else they are not counted, and the next full collection comes later by as many.
 */
static inline void generation_clock_unfreeze(struct generation_clock *clock, uint64_t left_out)
{
    clock->arrived_since_full += clock->options->net ? left_out : 0;
}

/* Lets the youngest be due when the weighed bytes call for it. */
static inline void generation_clock_look(struct generation_clock *clock, const struct gc_mutator *mutator)
{
    if (gc_weighed_bytes(mutator) >= clock->bytes_wanted && clock->young <= clock->options->threshold0)
        clock->young = clock->options->threshold0 + 1;
}

/* The allocation clock at which to look at the weighed bytes again. */
static inline uint64_t generation_clock_poll_at(const struct generation_clock *clock,
                                                const struct gc_mutator *mutator)
{
    return weight_poll_at(mutator, clock->bytes_wanted);
}

/* ---- what the trigger lets one state (collectors/bounds.h) ---- */

/* The births, less deaths, from one collection of the middle generation to the next. */
static inline double generation_middle_births(const struct generation_options *options)
{
    return ((double)options->threshold1 + 2) * ((double)options->threshold0 + 1);
}

/*
 * The objects held grow by `threshold0` and one between two collections of any kind. So between two
 * collections of the middle generation they grow by `middle` at most. The oldest generation has grown by as
 * much at each of the first `threshold2` and one of these, and then waits until it has grown by `share`.
 * Objects that are not tracked come on top.
 */
static inline struct gc_held_bound generation_held_bound(const struct generation_options *options)
{
    double middle = generation_middle_births(options);
    return (struct gc_held_bound){.in_objects = true,
                                  .times = 1,
                                  .grown = options->share,
                                  .left_weight = (double)options->weight,
                                  .families = ((double)options->threshold2 + 3) * middle};
}

/* The births between two collections of each kind. */
static inline double generation_young_births(const struct generation_options *options)
{
    return (double)options->threshold0 + 1;
}

/* The least bytes that call for one of the youngest, where bytes weigh. */
static inline double generation_young_bytes(const struct generation_options *options)
{
    return (double)options->threshold0 * (double)options->weight;
}

static inline double generation_full_births(const struct generation_options *options)
{
    return ((double)options->threshold2 + 1) * generation_middle_births(options) +
           generation_young_births(options);
}

/*
 * Full collections where `threshold0` counts births less deaths. The first condition of a full collection holds after
 * as many births at the latest as at the least. The second may hold later. Arrivals are booked when the middle
 * generation has been collected, and a full collection can begin at the next young one at the earliest. So what waits
 * is `share` of what was left, the births of one more collection of the middle generation, and those of a young one.
 */
static inline struct gc_pace_bound generation_full_pace_bound(const struct generation_options *options)
{
    return (struct gc_pace_bound){.objects = generation_full_births(options),
                                  .latest = generation_full_births(options),
                                  .latest_grown = options->share,
                                  .latest_besides =
                                      generation_middle_births(options) + generation_young_births(options)};
}

#endif
