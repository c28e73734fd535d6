/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"

/*
 * rc that frees the right objects and takes too long for it. Compiled as `slow-rc` it looks at every name before it frees
 * an object. Compiled as `eventful-rc` it wants to be asked before each allocation.
 */
#ifdef EVENTFUL
#define NAME "eventful-rc"
#define POLL_AT 0
#else
#define NAME "slow-rc"
#define POLL_AT UINT64_MAX
#endif

static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    (void)mutator;
    (void)bytes;
    gc_object_release(object, 0);
    return true;
}

static inline bool cascade_drop(struct gc_mutator *mutator, struct gc_object *child)
{
    (void)mutator;
    return gc_count_down_is_dead(child);
}

#include "collectors/support/count/cascade-template.h"

static const struct option_table options = OPTION_TABLE_EMPTY;

const struct gc_collector gc_collector = {
    .name = NAME,
    .group = "counting",
    .summary = "rc that takes too long",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct gc_mutator),
    .options = &options,
};

static bool is_named(const struct gc_mutator *mutator, const struct gc_object *object)
{
    bool named = false;
    GC_EACH_ROOT(mutator, slot)
        named |= slot->ref.object == object;
    return named;
}

static uint64_t looked; /* so that the look is not left out */

void counting_release(struct gc_mutator *mutator, struct gc_object *object)
{
    looked += POLL_AT != 0 && is_named(mutator, object);
    if (gc_count_is_dead(object))
        cascade_release(mutator, object);
}

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    (void)values;
    mutator->clock.poll_at = POLL_AT;
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    (void)mutator;
    return POLL_AT;
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    (void)mutator;
    (void)kind;
}

void gc_collector_check(struct gc_mutator *mutator)
{
    (void)mutator;
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    gc_dues_close(mutator);
}
