/* SPDX-License-Identifier: MIT */
/*
 * census: the truth about a workload. It counts as reference counting would, and traces as a tracing
 * collector would. So it knows at any moment exactly which objects are reachable, and exactly which objects
 * counting alone would still hold. It also knows when each object died.
 *
 * One rule keeps both truths in one heap. Garbage that only the trace finds is freed, but its references are
 * not taken off the counts of survivors. Under pure counting this garbage would have stayed for ever, and its
 * references with it. So counts remain those of a heap under `rc`. What `rc` would hold is the live objects
 * and all that the trace has ever found.
 *
 * Finalisers of rings are called, as under a collector that reclaims rings. Where one brings a ring back, counting alone
 * would have gone another way, and what it would hold is not known. Nor is it where a trace found the key of an ephemeron
 * dead: the ephemeron may die later, and counting would have dropped the value then.
 *
 * census observes: its own times mean nothing.
 */
#ifndef COLLECTORS_CENSUS_COLLECTOR_H
#define COLLECTORS_CENSUS_COLLECTOR_H

#include "collectors/census/histogram.h"
#include "collectors/gc.h"
#include "collectors/support/heap/allocation.h"
#include "collectors/support/trace/worklist.h"
#include "collectors/support/trigger/growth.h"

enum { CENSUS_PREFIX = sizeof(uint64_t) }; /* the place of the object's entry */

static const struct gc_traits gc_traits = {
    .counts = true,
    .reclaims = true,
    .reclaims_cycles = true,
    .frees_at_once = true,
    .finalises = true,
    .observes = true,
    .header_bytes = CENSUS_PREFIX + sizeof(struct gc_object),
};

/* What is known of one object. Times are of the allocation clock, in bytes. */
struct census_entry {
    struct gc_object *object; /* NULL: the entry is free */
    uint64_t birth;
    uint64_t last_loss; /* time of its last lost reference, or of its birth. In a free entry: the next one */
};

struct census_mutator {
    struct gc_mutator common;
    const struct growth_options *options;
    struct census_entry *entries;
    uint64_t entry_count;
    uint64_t entry_capacity;
    uint64_t free_entry; /* the first free entry, or CENSUS_NO_ENTRY */
    struct worklist pending;
    uint64_t threshold;

    uint64_t increments; /* increments that counting would do */
    uint64_t decrements;
    uint64_t fan_in_max;      /* the highest count of any object */
    uint64_t cascade_max;     /* the most objects that one decrement freed */
    uint64_t counted_objects; /* objects that died by counting */
    uint64_t counted_bytes;
    uint64_t traced_objects; /* objects that died on a cycle or were held by one: what `rc` leaks */
    uint64_t traced_bytes;
    bool parted; /* a trace has found one of an ephemeron and its key dead, while the other one lived */
    struct histogram sizes;     /* bytes of each object made */
    struct histogram lifetimes; /* bytes allocated between birth and death of each dead object */
};

#define CENSUS_NO_ENTRY UINT64_MAX

void census_release(struct gc_mutator *mutator, struct gc_object *object);
void census_register(struct census_mutator *census, struct gc_object *object);

static inline struct census_mutator *census_of(struct gc_mutator *mutator)
{
    return (struct census_mutator *)mutator;
}

static inline struct census_entry *census_entry_of(struct census_mutator *census, struct gc_object *object)
{
    return &census->entries[*(uint64_t *)gc_object_memory(object, CENSUS_PREFIX)];
}

static inline void counting_increment(struct gc_mutator *mutator, struct gc_object *object);
static inline void counting_increment_by(struct gc_mutator *mutator, struct gc_object *object,
                                         uint64_t added);
static inline void counting_decrement(struct gc_mutator *mutator, struct gc_object *object);

#include "collectors/support/count/counting-template.h"

static inline void counting_increment(struct gc_mutator *mutator, struct gc_object *object)
{
    struct census_mutator *census = census_of(mutator);
    census->increments++;
    gc_count_up(object);
    if (object->count > census->fan_in_max)
        census->fan_in_max = object->count;
}

static inline void counting_increment_by(struct gc_mutator *mutator, struct gc_object *object, uint64_t added)
{
    struct census_mutator *census = census_of(mutator);
    census->increments += added;
    gc_count_up_by(object, added);
    if (object->count > census->fan_in_max)
        census->fan_in_max = object->count;
}

/* Takes one reference off the count, and stamps the loss for the time of death. True when the object is dead
 * by counting, or its count is stuck. */
static inline bool census_lose(struct gc_mutator *mutator, struct gc_object *object)
{
    struct census_mutator *census = census_of(mutator);
    census->decrements++;
    census_entry_of(census, object)->last_loss = mutator->clock.allocated_bytes;
    return gc_count_down(object);
}

static inline void counting_decrement(struct gc_mutator *mutator, struct gc_object *object)
{
    if (census_lose(mutator, object))
        census_release(mutator, object);
}

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct gc_object *object = gc_object_allocate(mutator, shape, length, CENSUS_PREFIX);
    census_register(census_of(mutator), object);
    counting_hand_over(mutator, &slot->ref, (struct gc_ref){object});
}

#endif
