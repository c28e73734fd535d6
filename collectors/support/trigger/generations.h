/* SPDX-License-Identifier: MIT */
/*
 * When CPython collects, and what. Three generations: a count of the youngest, which goes up with every
 * object tracked and down with every one freed, calls for a collection of it; so many collections of one
 * generation call for one of the next, which takes the younger along. The oldest waits besides until what
 * has come into it since it was last collected is a share of what it held then, so that a heap that only
 * grows is collected O(log n) times.
 *
 * After CPython's Modules/gcmodule.c up to 3.11, Python/gc.c of 3.12 and 3.13.
 */
#ifndef COLLECTORS_SUPPORT_TRIGGER_GENERATIONS_H
#define COLLECTORS_SUPPORT_TRIGGER_GENERATIONS_H

#include "base/options.h"
#include "collectors/mutator.h"

enum { GENERATIONS = 3, GENERATION_OLDEST = GENERATIONS - 1 };

struct generation_options {
    uint64_t threshold0; /* objects */
    uint64_t threshold1; /* collections of the youngest */
    uint64_t threshold2; /* collections of the middle one */
    double share;
    bool net;
};

/* The rows for a collector's option table whose struct is `struct generation_options`. `counted` says of what
 * there are `threshold0`: it is the collector that calls generation_clock_born() and _died(). In CPython 3.13
 * `youngest` is 2000, `oldest` 10 and `portion` 0.25. Then at least 242,000 objects lie between two full
 * collections, which is more than a quarter of a heap below a million: only above that does the rule make the
 * cost of growing linear. */
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

/* The row of a collector that knows of an object that dies which generation it is in. CPython does not, and
 * collects a heap fully again and again that large structures pass through which counting frees. With it the
 * oldest generation grows by `share` at most, whatever passes. */
#define GENERATION_NET_OPTION                                                                                \
    OPTION_SWITCH(struct generation_options, net, true,                                                      \
                  "what counting has freed of the oldest generation has not come into it")

struct generation_clock {
    const struct generation_options *options;
    uint64_t young;                          /* births, less deaths, not below 0 */
    uint64_t collections[GENERATION_OLDEST]; /* of each generation, since the next was collected */
    uint64_t left_by_full;                   /* objects that the last full collection left */
    uint64_t
        arrived_since_full; /* and that came into the oldest generation since; with `net`, less those that died */
};

/* A birth, as the collector counts them. True when a collection is due. */
static inline bool generation_clock_born(struct generation_clock *clock)
{
    return GC_UNLIKELY(++clock->young > clock->options->threshold0);
}

/* The death of one that was counted, for a collector that takes them off. */
static inline void generation_clock_died(struct generation_clock *clock)
{
    clock->young -= clock->young > 0;
}

/* Of an object of the oldest generation. */
static inline void generation_clock_died_old(struct generation_clock *clock)
{
    clock->arrived_since_full -= clock->options->net && clock->arrived_since_full > 0;
}

/* The generation to collect with all that are younger, or -1. */
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

/* Before a collection of `generation`. */
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

/* After it: `survivors` objects are now in the next generation, or stay in the oldest. */
static inline void generation_clock_end(struct generation_clock *clock, int generation, uint64_t survivors)
{
    if (generation == GENERATION_OLDEST) {
        clock->left_by_full = survivors;
        clock->arrived_since_full = 0;
    } else if (generation == GENERATION_OLDEST - 1) {
        clock->arrived_since_full += survivors;
    }
}

#endif
