/* SPDX-License-Identifier: MIT */
/*
 * Deferred reference counting: fields are counted, names are not, so a write to a name costs nothing.
 *
 * An object whose count is 0 may still have a name. It is not freed at once but waits in the zero count
 * table until the collector looks at the names. The states of an object:
 *
 *      counted    Its count is above 0: a field refers to it.
 *      listed     It has an entry in the zero count table. A name may refer to it.
 *      named      A name refers to it. The state is known only while a collection goes through the table.
 *      dead       Its count is 0, and it is not named. The collection frees it.
 *
 * An object is born with a count of 0, listed or in a list of newborns that its collector keeps.
 *
 * Invariant between collections: an object whose count is 0 has one entry in the table, or one in the list
 * of newborns. An object whose count rises again keeps its entry until the next collection. The header's
 * own bits:
 *
 *      bit  18    listed
 *      bit  21    named
 *
 * This header has what the collectors with deferred counting share: the names, the table, and the trigger.
 * A collector's struct begins with struct deferral_mutator.
 *
 * The queue of finalisers counts as a field: an object in it has a count above 0. When its finaliser is called, a name
 * refers to it in place of the queue, and the object is listed.
 *
 * After Deutsch and Bobrow, CACM 19(9), 1976.
 */
#ifndef COLLECTORS_SUPPORT_COUNT_DEFERRAL_H
#define COLLECTORS_SUPPORT_COUNT_DEFERRAL_H

#include "collectors/counts.h"
#include "collectors/support/heap/block-marks.h"
#include "collectors/support/names/plain-names.h"
#include "collectors/support/trace/kernel.h"
#include "collectors/support/trace/worklist.h"
#include "collectors/support/trigger/growth.h"

enum {
    DEFERRAL_LISTED = GC_BIT_KEPT_A,
    DEFERRAL_NAMED = 1 << 21,
};
enum { DEFERRAL_TABLE = 16384 }; /* entries */

struct deferral_options {
    struct growth_options growth;
    uint64_t table; /* entries of the zero count table that call for a collection, at least */
};
static_assert(offsetof(struct deferral_options, growth) == 0, "GROWTH_OPTIONS finds its own");

/* The rows for a collector's option table whose struct is `struct deferral_options`. */
#define DEFERRAL_OPTIONS                                                                                     \
    GROWTH_OPTIONS, OPTION_INTEGER(struct deferral_options, table, DEFERRAL_TABLE, 1, 1e9, "entries",        \
                                   "what may wait before the names are looked at")

static const struct gc_boundary deferral_boundaries[] = {
    GC_BOUNDARY(OBJECTS, DEFERRAL_TABLE),
    GC_BOUNDARY_END,
};

/* What the trigger lets one state of young collections (collectors/bounds.h). An operation makes one entry at
 * most. */
static inline struct gc_pace_bound deferral_pace_bound(const struct deferral_options *options)
{
    return (struct gc_pace_bound){
        .none = options->growth.minimum ? NULL : "with minimum=0 a look may be due at once",
        .bytes = (double)options->growth.minimum / 16,
        .operations = (double)options->table};
}

struct deferral_mutator {
    struct gc_mutator common;
    const struct deferral_options *options;
    struct block_heap heap;
    struct kernel kernel;
    struct worklist zeros; /* the zero count table */
    uint64_t limit;        /* entries of the table that call for a collection */
    uint64_t threshold;    /* bytes held that call for a trace */
};

/* Asks for a collection at the next allocation. */
__attribute__((cold)) void deferral_arm(struct gc_mutator *mutator);

/* Enters an object in the table. Its count is 0, and it has no entry yet. Amortised O(1). */
static inline void deferral_list(struct gc_mutator *mutator, struct gc_object *object)
{
    struct deferral_mutator *deferral = (struct deferral_mutator *)mutator;
    object->bits |= DEFERRAL_LISTED;
    worklist_push(mutator, &deferral->zeros, object);
    if (GC_UNLIKELY(deferral->zeros.count > deferral->limit))
        deferral_arm(mutator);
}

/*
 * Takes the reference of one field off the count of `object`. True when the count is 0 now and the object
 * has no entry in the table.
 */
static inline bool deferral_decrement(struct gc_object *object)
{
    return gc_count_down(object) && gc_count_is_dead(object) && !(object->bits & DEFERRAL_LISTED);
}

/* An object whose entry led a collection to free it lives on in the queue of finalisers, and has no entry. */
static inline void deferral_revive(struct gc_mutator *mutator, struct gc_object *object)
{
    object->bits &= ~(uint32_t)DEFERRAL_LISTED;
    block_revive(mutator, object);
}

#undef CASCADE_REVIVE
#define CASCADE_REVIVE deferral_revive

/* A name refers to the object now, in place of the queue of finalisers (collectors/contract.c). */
static inline void deferral_due_name(struct gc_mutator *mutator, struct gc_object *object)
{
    if (deferral_decrement(object))
        deferral_list(mutator, object);
}

#define GC_DUE_NAMED deferral_due_name

#endif
