/* SPDX-License-Identifier: MIT */
/* What the units of finalisers and of weak references share: shapes, what the mutator calls, and how tests run. */
#ifndef HARNESS_STRESS_MODEL_TEST_ATTENDED_H
#define HARNESS_STRESS_MODEL_TEST_ATTENDED_H

#include "harness/stress/model/units.h"
#include "tests/model.h"

enum shape {
    NODE,    /* weak references may refer to it */
    FILE_OF, /* has a finaliser beside */
    HANDLE,  /* a finaliser, and no reference */
    LARGE,   /* a finaliser, and more bytes than a region of any heap has */
    LINK,    /* a weak reference */
    BELL,    /* a weak reference with a callback */
    SHAPES,
};

static const struct gc_shape shapes[] = {
    [NODE] = {.name = "node", .id = NODE, .flags = GC_SHAPE_REFERENT, .refs = 2, .payload = 8},
    [FILE_OF] = {.name = "file",
                 .id = FILE_OF,
                 .flags = GC_SHAPE_FINALISED | GC_SHAPE_REFERENT,
                 .refs = 2,
                 .payload = 8},
    [HANDLE] = {.name = "handle", .id = HANDLE, .flags = GC_SHAPE_FINALISED | GC_SHAPE_ACYCLIC, .payload = 8},
    [LARGE] = {.name = "large", .id = LARGE, .flags = GC_SHAPE_FINALISED, .refs = 1, .payload = 20000},
    [LINK] = {.name = "link", .id = LINK, .flags = GC_SHAPE_WEAK | GC_SHAPE_ACYCLIC, .payload = 32},
    [BELL] = {.name = "bell", .id = BELL, .flags = GC_SHAPE_WEAK | GC_SHAPE_CALLED, .refs = 1, .payload = 32},
};
static_assert(sizeof shapes / sizeof *shapes == SHAPES, "a shape for each name");

/* ---- what the workload of these tests does when it is called ---- */

enum { CALLS_MOST = 16 };

static struct {
    uint64_t finalised, called_back; /* how often each was called */
    uint64_t numbers[CALLS_MOST];    /* of the first objects with which it was called */
    struct gc_slot *keep;            /* the name to which a finaliser binds its object, or NULL */
    void (*also)(struct gc_slot *self);
} seen;

static inline uint64_t *number_of(struct gc_ref object)
{
    return gc_payload(object, gc_shape_of(m, object));
}

static inline void on_due(struct gc_mutator *mutator, struct gc_slot *self, enum gc_due due)
{
    uint64_t place = seen.finalised + seen.called_back;
    if (place < CALLS_MOST)
        seen.numbers[place] = *number_of(gc_local_get(self));
    seen.finalised += due == GC_DUE_FINALISER;
    seen.called_back += due == GC_DUE_CALLBACK;
    if (seen.keep)
        gc_local_set(mutator, seen.keep, gc_local_get(self));
    if (seen.also)
        seen.also(self);
}

static inline void make_numbered(struct gc_slot *slot, enum shape shape, uint64_t number)
{
    gc_local_new(m, slot, &shapes[shape], 0);
    *number_of(gc_local_get(slot)) = number;
}

static inline void refer(const struct gc_slot *weak, const struct gc_slot *referent)
{
    gc_weak_set(m, gc_local_get(weak), gc_local_get(referent));
}

/* Lets what is dead be found, and calls what is due. */
static inline void settle(void)
{
    if (!gc_traits.frees_at_once)
        gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    gc_finalise(m);
    gc_collector_check(m);
}

/* The same for rings. */
static inline void settle_rings(void)
{
    gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    gc_finalise(m);
    gc_collector_check(m);
}

static inline uint64_t bytes_of_shape(enum shape shape)
{
    return gc_shape_bytes(&shapes[shape], 0);
}

/* ---- weak references ---- */

static inline bool leads_nowhere(const struct gc_slot *weak)
{
    return gc_is_null(gc_weak_get(m, gc_local_get(weak)));
}

/* ---- the unit ---- */

/* Runs each test on an empty heap. Returns whether a rule is broken. */
static inline int attended_run(void (*const *tests)(void), size_t count)
{
    if (!gc_traits.finalises)
        return model_skip("has neither finalisers nor weak references");
    for (size_t i = 0; i < count; i++) {
        m = test_mutator_open(shapes, SHAPES, 2, NULL);
        m->dues.call = on_due;
        memset(&seen, 0, sizeof seen);
        tests[i]();
        memset(&seen, 0, sizeof seen);
        gc_collector_check(m);
        test_mutator_close(m);
    }
    return tap_done();
}

#endif
