/* SPDX-License-Identifier: MIT */
/*
 * How objects on no cycle die: under a collector that counts, in the operation that took the last reference;
 * under one that traces, in the next collection. Both free exactly these and no others.
 */
#include "harness/stress/model/units.h"
#include "tests/model.h"

static void at_zero(void)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    struct model_mark start = mark();
    make(&frame.slot[0], MODEL_NODE, 0);
    freed_exactly(start, 0, 0, "an object with a name is not freed");
    gc_local_del(m, &frame.slot[0]);
    freed_exactly(start, 1, bytes_of(MODEL_NODE, 0), "an object without a reference is freed");
    gc_frame_leave(m, frame);
}

static void at_the_end_of_a_function(void)
{
    struct model_mark start = mark();
    struct gc_frame frame = gc_frame_enter(m, 3);
    make(&frame.slot[0], MODEL_LEAF, 0);
    make(&frame.slot[1], MODEL_LEAF, 0);
    make(&frame.slot[2], MODEL_ARRAY, 5);
    gc_frame_leave(m, frame);
    freed_exactly(start, 3, 2 * bytes_of(MODEL_LEAF, 0) + bytes_of(MODEL_ARRAY, 5),
                  "the end of a function frees what only its locals held");
}

static void by_rebinding(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    struct model_mark start = mark();
    make(&frame.slot[0], MODEL_NODE, 0);
    make(&frame.slot[0], MODEL_NODE, 0);
    freed_exactly(start, 1, bytes_of(MODEL_NODE, 0), "a new object in a name frees the old one");
    make(&frame.slot[1], MODEL_LEAF, 0);
    gc_local_set(m, &frame.slot[0], gc_local_get(&frame.slot[1]));
    freed_exactly(start, 2, 2 * bytes_of(MODEL_NODE, 0), "so does binding the name to another");
    gc_frame_leave(m, frame);
}

/* Builds a full tree, and never takes a reference away. So a collector has no reason to suspect it. */
static void make_tree(struct gc_slot *result, enum model_shape shape, int depth)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    make(&frame.slot[0], shape, 0);
    for (uint64_t i = 0; i < 2 && depth > 0; i++) {
        make_tree(&frame.slot[1], shape, depth - 1);
        link_to(&frame.slot[0], i, &frame.slot[1]);
    }
    gc_local_move(m, result, &frame.slot[0]);
    gc_frame_leave(m, frame);
}

static void a_tree(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    make_tree(&frame.slot[0], MODEL_NODE, 9);
    struct model_mark start = mark();
    freed_exactly(start, 0, 0, "a tree with a name is not freed");
    gc_local_set(m, &frame.slot[1], field(&frame.slot[0], 1));
    gc_local_del(m, &frame.slot[0]);
    freed_exactly(start, 512, 512 * bytes_of(MODEL_NODE, 0),
                  "taking the root's name frees the root and the half that nothing else holds");
    gc_local_del(m, &frame.slot[1]);
    freed_exactly(start, 1023, 1023 * bytes_of(MODEL_NODE, 0), "and the other half goes with its own name");
    gc_frame_leave(m, frame);
}

/* Whatever else a counting collector puts off, an object that cannot lie on a cycle it may free at zero. */
static void acyclic_at_once(void)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    make_tree(&frame.slot[0], MODEL_PLAIN, 9);
    struct model_mark start = mark();
    gc_local_del(m, &frame.slot[0]);
    if (gc_traits.counts)
        tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 1023,
                  "a tree of acyclic objects is freed by the operation that took its last reference");
    else
        freed_exactly(start, 1023, 1023 * bytes_of(MODEL_PLAIN, 0), "a tree of acyclic objects is freed");
    gc_frame_leave(m, frame);
}

static void a_shared_object(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    make_tree(&frame.slot[0], MODEL_NODE, 3);
    make(&frame.slot[1], MODEL_LEAF, 0);
    struct gc_ref at = gc_local_get(&frame.slot[0]);
    for (int i = 0; i < 3; i++)
        at = gc_field_get(m, at, 0);
    gc_field_set(m, at, 0, gc_local_get(&frame.slot[1]));
    gc_field_set(m, at, 1, gc_local_get(&frame.slot[1]));
    struct model_mark start = mark();
    gc_local_del(m, &frame.slot[0]);
    freed_exactly(start, 15, 15 * bytes_of(MODEL_NODE, 0), "an object shared with a name survives a cascade");
    if (gc_traits.counts)
        tap_equal(gc_count(gc_local_get(&frame.slot[1])), 1, "with the cascade's references taken off it");
    gc_local_del(m, &frame.slot[1]);
    freed_exactly(start, 16, 15 * bytes_of(MODEL_NODE, 0) + bytes_of(MODEL_LEAF, 0),
                  "and dies with the name");
    gc_frame_leave(m, frame);
}

/* Each object refers twice to the next: 2^40 paths, 41 objects. */
static void a_lattice(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    make(&frame.slot[0], MODEL_PLAIN, 0);
    for (int i = 0; i < 40; i++) {
        make(&frame.slot[1], MODEL_PLAIN, 0);
        link_to(&frame.slot[1], 0, &frame.slot[0]);
        link_to(&frame.slot[1], 1, &frame.slot[0]);
        gc_local_move(m, &frame.slot[0], &frame.slot[1]);
    }
    struct model_mark start = mark();
    gc_local_del(m, &frame.slot[0]);
    freed_exactly(start, 41, 41 * bytes_of(MODEL_PLAIN, 0), "what is shared along many paths is freed once");
    gc_frame_leave(m, frame);
}

static void arrays(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    make(&frame.slot[0], MODEL_ARRAY, 1000);
    tap_equal((int64_t)gc_length(gc_local_get(&frame.slot[0])), 1000, "an array knows its length");
    tap_ok(gc_is_null(field(&frame.slot[0], 0)) && gc_is_null(field(&frame.slot[0], 999)),
           "and is born empty");
    for (uint64_t i = 0; i < 1000; i += 2) {
        make(&frame.slot[1], MODEL_BYTES, i);
        link_to(&frame.slot[0], i, &frame.slot[1]);
    }
    gc_local_del(m, &frame.slot[1]);
    uint64_t bytes = bytes_of(MODEL_ARRAY, 1000);
    for (uint64_t i = 0; i < 1000; i += 2)
        bytes += bytes_of(MODEL_BYTES, i);
    struct model_mark start = mark();
    gc_local_del(m, &frame.slot[0]);
    freed_exactly(start, 501, bytes, "an array is freed with what it holds, each at its own size");
    make(&frame.slot[0], MODEL_ARRAY, 0);
    gc_local_del(m, &frame.slot[0]);
    freed_exactly(start, 502, bytes + bytes_of(MODEL_ARRAY, 0), "so is an array of nothing");
    gc_frame_leave(m, frame);
}

static bool all_zero(const unsigned char *bytes, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        if (bytes[i])
            return false;
    return true;
}

/* Dirties what it was given and gives it back, so that the next object is made from used memory. */
static void payloads(void)
{
    static const uint64_t sizes[] = {1, 7, 8, 300, 16383, 16384, 100000, 300000};
    struct gc_frame frame = gc_frame_enter(m, 1);
    const struct gc_shape *shape = &model_shapes[MODEL_BYTES];
    bool zero = true;
    struct model_mark start = mark();
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            make(&frame.slot[0], MODEL_BYTES, sizes[i]);
            zero &= all_zero(gc_payload(gc_local_get(&frame.slot[0]), shape), sizes[i]);
            memset(gc_payload(gc_local_get(&frame.slot[0]), shape), 0xa5, sizes[i]);
        }
    }
    tap_ok(zero, "every object's bytes are born zero, whatever the memory held before");
    gc_local_del(m, &frame.slot[0]);
    uint64_t bytes = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        bytes += 3 * bytes_of(MODEL_BYTES, sizes[i]);
    freed_exactly(start, 24, bytes, "and bytes are charged and given back at their size");
    gc_frame_leave(m, frame);
}

/* Deeper than any C stack of the usual size would carry. */
static void a_long_list(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    struct gc_slot *x = &frame.slot[0];
    struct gc_slot *spare = &frame.slot[1];
    for (int i = 0; i < 300000; i++) {
        make(spare, MODEL_PLAIN, 0);
        link_to(spare, 0, x);
        gc_local_move(m, x, spare);
    }
    struct model_mark start = mark();
    gc_local_del(m, x);
    freed_exactly(start, 300000, 300000 * bytes_of(MODEL_PLAIN, 0), "a long list goes at once, whole");
    gc_frame_leave(m, frame);
}

static void nothing_lost(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    make_tree(&frame.slot[0], MODEL_NODE, 6);
    for (int i = 0; i < 3; i++)
        gc_collect(m, GC_COLLECT_FULL);
    struct gc_ref at = gc_local_get(&frame.slot[0]);
    for (int i = 0; i < 6; i++)
        at = gc_field_get(m, at, (uint64_t)i % 2);
    tap_ok(!gc_is_null(at) && gc_shape_of(m, at) == &model_shapes[MODEL_NODE],
           "what a name reaches is there, with its type, after collections");
    tap_equal((int64_t)m->account.freed_objects, 0, "and none of it was freed");
    gc_frame_leave(m, frame);
}

static void (*const tests[])(void) = {
    at_zero,         at_the_end_of_a_function,
    by_rebinding,    a_tree,
    acyclic_at_once, a_shared_object,
    a_lattice,       arrays,
    payloads,        a_long_list,
    nothing_lost,
};

int model_death(void)
{
    return MODEL_RUN_RECLAIMING(tests);
}
