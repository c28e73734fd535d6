/* SPDX-License-Identifier: MIT */
/*
 * External bytes: what an object owns outside of the heap is held as long as the object, and no longer. It goes with an
 * object that counting frees, with a ring that a collection frees, and with an object whose finaliser has been called.
 */
#include "harness/stress/model/units.h"
#include "tests/model.h"

enum { NODE, BUFFER, LEAF, LARGE, ARRAY, FILE_OF, SHAPES };
enum { BUFFER_BYTES = 1000, LEAF_BYTES = 7, LARGE_BYTES = 1 << 20, FILE_BYTES = 300 };

static const struct gc_shape shapes[] = {
    [NODE] = {.name = "node", .id = NODE, .refs = 2, .payload = 8},
    [BUFFER] = {.name = "buffer",
                .id = BUFFER,
                .flags = GC_SHAPE_EXTERNAL,
                .refs = 2,
                .payload = 8,
                .external = BUFFER_BYTES},
    [LEAF] = {.name = "leaf",
              .id = LEAF,
              .flags = GC_SHAPE_EXTERNAL | GC_SHAPE_ACYCLIC,
              .payload = 8,
              .external = LEAF_BYTES},
    [LARGE] = {.name = "large",
               .id = LARGE,
               .flags = GC_SHAPE_EXTERNAL,
               .refs = 1,
               .payload = 20000,
               .external = LARGE_BYTES},
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
    [FILE_OF] = {.name = "file",
                 .id = FILE_OF,
                 .flags = GC_SHAPE_EXTERNAL | GC_SHAPE_FINALISED,
                 .refs = 2,
                 .payload = 8,
                 .external = FILE_BYTES},
};
static_assert(sizeof shapes / sizeof *shapes == SHAPES, "a shape for each name");

static struct gc_slot *keep; /* the name to which a finaliser binds its object, or NULL */

static void on_due(struct gc_mutator *mutator, struct gc_slot *self, enum gc_due due)
{
    (void)due;
    if (keep)
        gc_local_set(mutator, keep, gc_local_get(self));
}

static void own(struct gc_slot *slot, unsigned shape)
{
    gc_local_new_external(m, slot, &shapes[shape]);
}

/* Lets the dead be found where that takes a collection, and looks at what is held. */
static void held_is(uint64_t bytes, bool rings, const char *sentence)
{
    if (rings || !gc_traits.frees_at_once)
        gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    tap_equal((int64_t)gc_external_held(m), (int64_t)bytes, sentence);
}

static void counted(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    own(&frame.slot[0], BUFFER);
    own(&frame.slot[1], LEAF);
    own(&frame.slot[2], LARGE);
    held_is(BUFFER_BYTES + LEAF_BYTES + LARGE_BYTES, false, "what objects own is held with them");
    link_to(&frame.slot[0], 0, &frame.slot[1]);
    gc_local_del(m, &frame.slot[1]);
    gc_local_del(m, &frame.slot[2]);
    held_is(BUFFER_BYTES + LEAF_BYTES, false, "a large object takes with it what it owns");
    gc_local_del(m, &frame.slot[0]);
    held_is(0, false, "and so does each object of a structure");
    tap_equal((int64_t)m->external.allocated_bytes, BUFFER_BYTES + LEAF_BYTES + LARGE_BYTES,
              "what was made is counted in all");
    tap_equal((int64_t)m->external.peak_bytes, BUFFER_BYTES + LEAF_BYTES + LARGE_BYTES,
              "and the most that was held");
    gc_frame_leave(m, frame);
}

/* Collections come one behind the other: memory of what is dead may still wait. */
static void on_rings(void)
{
    if (!gc_traits.reclaims_cycles)
        return;
    struct gc_frame frame = gc_frame_enter(m, 3);
    for (int round = 0; round < 3; round++) {
        own(&frame.slot[0], BUFFER);
        own(&frame.slot[1], BUFFER);
        own(&frame.slot[2], LEAF);
        link_to(&frame.slot[0], 0, &frame.slot[1]);
        link_to(&frame.slot[1], 0, &frame.slot[0]);
        link_to(&frame.slot[1], 1, &frame.slot[2]);
        gc_local_del(m, &frame.slot[0]);
        gc_local_del(m, &frame.slot[1]);
        held_is(LEAF_BYTES, true, "a ring that dies takes with it what it owns");
        held_is(LEAF_BYTES, true, "once");
    }
    gc_frame_leave(m, frame);
}

static void a_flock(void)
{
    enum { COUNT = 300 };
    struct gc_frame frame = gc_frame_enter(m, 2);
    gc_local_new(m, &frame.slot[0], &shapes[ARRAY], COUNT);
    for (uint64_t i = 0; i < COUNT; i++) {
        own(&frame.slot[1], i % 2 ? BUFFER : LEAF);
        link_to(&frame.slot[0], i, &frame.slot[1]);
    }
    gc_local_del(m, &frame.slot[1]);
    held_is(COUNT / 2 * (BUFFER_BYTES + LEAF_BYTES), false, "many objects own bytes");
    gc_local_del(m, &frame.slot[0]);
    held_is(0, false, "and die together");
    gc_frame_leave(m, frame);
}

static void finalised(void)
{
    if (!gc_traits.finalises)
        return;
    struct gc_frame frame = gc_frame_enter(m, 2);
    keep = &frame.slot[1];
    own(&frame.slot[0], FILE_OF);
    gc_local_del(m, &frame.slot[0]);
    held_is(FILE_BYTES, false, "what waits for its finaliser holds what it owns");
    gc_finalise(m);
    held_is(FILE_BYTES, true, "and so does what its finaliser has kept");
    gc_local_del(m, &frame.slot[1]);
    held_is(0, false, "until it dies");
    keep = NULL;
    gc_frame_leave(m, frame);
}

static void (*const tests[])(void) = {counted, on_rings, a_flock, finalised};

int model_external(void)
{
    if (!gc_traits.reclaims || gc_traits.conservative || gc_traits.frees_when_told)
        return model_skip("frees nothing by itself, or not all that is dead");
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        m = test_mutator_open(shapes, gc_traits.finalises ? SHAPES : FILE_OF, 1, NULL);
        m->dues.call = on_due;
        tests[i]();
        test_mutator_close(m);
    }
    return tap_done();
}
