/* SPDX-License-Identifier: MIT */
/*
 * Deferred reference counting (Deutsch and Bobrow, CACM 19(9), 1976): names are not counted, only fields. An
 * object whose count is 0 may have a name, so it is not freed but waits in the zero count table until the
 * names are looked at; newborns wait there too, or in a list that their collector has for them. What both
 * collectors that work so share: the names, the table, and when it is gone through. A collector's struct
 * begins with struct deferral_mutator.
 *
 * Invariant between collections: an object whose count is 0 is in the table, once, or in that list. What
 * leaves 0 again stays in the table until it is gone through. The header's own bits:
 *
 *      bit  18       listed: in the table
 *      bit  21       held: a name refers to the object; while the table is gone through
 */
#ifndef COLLECTORS_SUPPORT_COUNT_DEFERRAL_H
#define COLLECTORS_SUPPORT_COUNT_DEFERRAL_H

#include "collectors/counts.h"
#include "collectors/support/heap/block-marks.h"
#include "collectors/support/names/plain-names.h"
#include "collectors/support/trace/kernel.h"
#include "collectors/support/trace/worklist.h"
#include "collectors/support/trigger/block-growth.h"

enum {
    DEFERRAL_LISTED = GC_BIT_KEPT_A,
    DEFERRAL_HELD = 1 << 21,
};

struct deferral_options {
    struct growth_options growth;
    uint64_t table; /* objects */
};
static_assert(offsetof(struct deferral_options, growth) == 0, "GROWTH_OPTIONS finds its own");

/* The rows for a collector's option table whose struct is `struct deferral_options`. */
#define DEFERRAL_OPTIONS                                                                                     \
    GROWTH_OPTIONS, OPTION_INTEGER(struct deferral_options, table, 16384, 1, 1e9, "entries",                 \
                                   "what may wait before the names are looked at")

struct deferral_mutator {
    struct gc_mutator common;
    const struct deferral_options *options;
    struct block_heap heap;
    struct kernel kernel;
    struct worklist zeros; /* the zero count table */
    uint64_t limit;        /* entries that call for going through it */
    uint64_t threshold;    /* bytes held that call for a trace */
    uint32_t recount_step; /* of the check: what a reference is worth */
    uint32_t recount_skip; /* and header bits of objects whose fields are not counted */
};

/* Asks for a collection at the next allocation. */
__attribute__((cold)) void deferral_arm(struct gc_mutator *mutator);

/* Puts an object whose count is 0, and which is not there, into the table. */
static inline void deferral_list(struct gc_mutator *mutator, struct gc_object *object)
{
    struct deferral_mutator *deferral = (struct deferral_mutator *)mutator;
    object->bits |= DEFERRAL_LISTED;
    worklist_push(mutator, &deferral->zeros, object);
    if (GC_UNLIKELY(deferral->zeros.count > deferral->limit))
        deferral_arm(mutator);
}

/* A field that referred to `object` does no more. True when no field does, and the table has not got it. */
static inline bool deferral_decrement(struct gc_object *object)
{
    return gc_count_down(object) && gc_count_is_dead(object) && !(object->bits & DEFERRAL_LISTED);
}

#endif
