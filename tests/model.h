/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the memory model share: the shapes, one mutator, and how to say what happened to the
 * heap.
 */
#ifndef TESTS_MODEL_H
#define TESTS_MODEL_H

#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/tap.h"

enum model_shape {
    MODEL_NODE,  /* two references, may lie on a cycle */
    MODEL_PLAIN, /* two references, to acyclic objects only */
    MODEL_LEAF,  /* no reference, eight bytes */
    MODEL_ARRAY, /* any number of references */
    MODEL_BYTES, /* any number of bytes */
    MODEL_SHAPES,
};

static const struct gc_shape model_shapes[] = {
    {.name = "node", .id = MODEL_NODE, .refs = 2, .payload = 8},
    {.name = "plain", .id = MODEL_PLAIN, .flags = GC_SHAPE_ACYCLIC, .refs = 2},
    {.name = "leaf", .id = MODEL_LEAF, .flags = GC_SHAPE_ACYCLIC, .payload = 8},
    {.name = "array", .id = MODEL_ARRAY, .flags = GC_SHAPE_REFS_VARY},
    {.name = "bytes", .id = MODEL_BYTES, .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_BYTES_VARY},
};
static_assert(sizeof model_shapes / sizeof *model_shapes == MODEL_SHAPES, "a shape for each name");

/* One per unit: every test begins and ends with an empty heap. */
static struct gc_mutator *m;

__attribute__((unused)) static void make(struct gc_slot *slot, enum model_shape shape, uint64_t length)
{
    gc_local_new(m, slot, &model_shapes[shape], length);
}

__attribute__((unused)) static int64_t count_of(struct gc_ref ref)
{
    return gc_count(ref);
}

__attribute__((unused)) static struct gc_ref field(const struct gc_slot *slot, uint64_t index)
{
    return gc_field_get(m, gc_local_get(slot), index);
}

/* `slot.index = value` for two names. */
__attribute__((unused)) static void link_to(const struct gc_slot *slot, uint64_t index,
                                            const struct gc_slot *value)
{
    gc_field_set(m, gc_local_get(slot), index, gc_local_get(value));
}

/* What happened to the heap since a moment. */
struct model_mark {
    uint64_t freed_objects;
    uint64_t freed_bytes;
};

__attribute__((unused)) static struct model_mark mark(void)
{
    return (struct model_mark){m->account.freed_objects, m->account.freed_bytes};
}

/*
 * Checks that exactly `objects` of `bytes` together were freed since `since`. Where the collector may keep
 * the dead until it collects, it is let collect first: whatever is not garbage must be held by a name then.
 */
__attribute__((unused)) static void freed_exactly(struct model_mark since, uint64_t objects, uint64_t bytes,
                                                  const char *sentence)
{
    if (!gc_traits.frees_at_once)
        gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)(m->account.freed_objects - since.freed_objects), (int64_t)objects, sentence);
    if (m->account.freed_bytes - since.freed_bytes != bytes)
        tap_ok(false, "%s: %llu bytes, not %llu", sentence,
               (unsigned long long)(m->account.freed_bytes - since.freed_bytes), (unsigned long long)bytes);
}

__attribute__((unused)) static uint64_t bytes_of(enum model_shape shape, uint64_t length)
{
    return gc_shape_bytes(&model_shapes[shape], length);
}

/* Runs each test of a unit on an empty heap of its own, and has the collector check its structures after it. */
__attribute__((unused)) static int model_run(void (*const tests[])(void), size_t count)
{
    for (size_t i = 0; i < count; i++) {
        m = test_mutator_open(model_shapes, MODEL_SHAPES, 2, NULL);
        tests[i]();
        gc_collector_check(m);
        if (m->roots.top != m->roots.base + 2)
            tap_ok(false, "test %zu left every frame it entered", i + 1);
        test_mutator_close(m);
    }
    return tap_done();
}

/* Says that no test of this unit applies to the collector. */
__attribute__((unused)) static int model_skip(const char *reason)
{
    printf("1..0 # SKIP %s %s\n", gc_collector.name, reason);
    return 0;
}

/* Whether a trait says by when what no reference leads to is freed. */
__attribute__((unused)) static bool model_frees_in_time(void)
{
    return gc_traits.frees_at_once || gc_traits.frees_late || gc_traits.reclaims_cycles;
}

#define MODEL_RUN(tests) model_run(tests, sizeof tests / sizeof *tests)

/* For collectors that find out by themselves what is dead. */
#define MODEL_RUN_RECLAIMING(tests)                                                                          \
    (!gc_traits.reclaims         ? model_skip("frees nothing")                                               \
     : gc_traits.frees_when_told ? model_skip("frees when the program says so, and these do not")            \
     : gc_traits.conservative    ? model_skip("is conservative: a word may keep what is dead")               \
     : model_frees_in_time()     ? MODEL_RUN(tests)                                                          \
                                 : model_skip("promises no moment by which what is dead is freed"))

#endif
