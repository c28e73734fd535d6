/* SPDX-License-Identifier: MIT */
/*
 * Rings: counting alone never frees one, and a full collection frees exactly the garbage among them, where
 * the collector says that it reclaims cycles.
 */
#include "harness/stress/model/units.h"
#include "tests/model.h"

/* A ring of `size` nodes through reference 0, held by `result` alone; `spare` is null before and after. */
static void make_ring(struct gc_slot *result, struct gc_slot *spare, uint64_t size)
{
    make(result, MODEL_NODE, 0);
    link_to(result, 0, result);
    for (uint64_t i = 1; i < size; i++) {
        make(spare, MODEL_NODE, 0);
        gc_field_set(m, gc_local_get(spare), 0, field(result, 0));
        link_to(result, 0, spare);
    }
    gc_local_del(m, spare);
}

/*
 * After the names of some rings have gone: nothing is freed by counting; a collection then frees `objects` of
 * `bytes` where it reclaims cycles, and otherwise none.
 */
static void collects_exactly(struct model_mark since, uint64_t objects, uint64_t bytes, const char *sentence)
{
    if (gc_traits.counts)
        tap_equal((int64_t)(m->account.freed_objects - since.freed_objects), 0, "counting alone leaves it");
    gc_collect(m, GC_COLLECT_FULL);
    uint64_t expected = gc_traits.reclaims_cycles ? objects : 0;
    uint64_t expected_bytes = gc_traits.reclaims_cycles ? bytes : 0;
    tap_equal((int64_t)(m->account.freed_objects - since.freed_objects), (int64_t)expected, sentence);
    tap_equal((int64_t)(m->account.freed_bytes - since.freed_bytes), (int64_t)expected_bytes, "to the byte");
    gc_collector_check(m);
}

/* One that observes keeps counts as they would stand had the cycle never been found. */
static bool takes_references_of_garbage(void)
{
    return gc_traits.counts && gc_traits.reclaims_cycles && !gc_traits.observes;
}

static const uint64_t node = sizeof(struct gc_object) + 2 * sizeof(struct gc_ref) + 8;

static void rings_of_sizes(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    for (uint64_t size = 1; size <= 4; size++) {
        struct model_mark start = mark();
        make_ring(&frame.slot[0], &frame.slot[1], size);
        gc_local_del(m, &frame.slot[0]);
        collects_exactly(start, size, size * node, "a ring is freed by a full collection, whatever its size");
    }
    gc_frame_leave(m, frame);
}

static void a_large_ring(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    struct model_mark start = mark();
    make_ring(&frame.slot[0], &frame.slot[1], 100000);
    gc_local_del(m, &frame.slot[0]);
    collects_exactly(start, 100000, 100000 * node, "a ring of a hundred thousand is freed");
    gc_frame_leave(m, frame);
}

/* Each ring but the last refers to the next one. */
static void rings_hanging_off_rings(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    struct model_mark start = mark();
    make_ring(&frame.slot[0], &frame.slot[2], 2);
    for (int i = 0; i < 9; i++) {
        make_ring(&frame.slot[1], &frame.slot[2], 2);
        link_to(&frame.slot[1], 1, &frame.slot[0]);
        gc_local_move(m, &frame.slot[0], &frame.slot[1]);
    }
    gc_local_del(m, &frame.slot[0]);
    collects_exactly(start, 20, 20 * node, "rings that hang off a ring go with it");
    gc_frame_leave(m, frame);
}

/* Rings a <- b <- c, and the name of the middle one stays. */
static void a_chain_cut(void)
{
    struct gc_frame frame = gc_frame_enter(m, 4);
    struct gc_slot *a = &frame.slot[0];
    struct gc_slot *b = &frame.slot[1];
    struct gc_slot *c = &frame.slot[2];
    make_ring(a, &frame.slot[3], 2);
    make_ring(b, &frame.slot[3], 2);
    make_ring(c, &frame.slot[3], 2);
    link_to(b, 1, a);
    link_to(c, 1, b);
    struct model_mark start = mark();
    gc_local_del(m, a);
    gc_local_del(m, c);
    collects_exactly(start, 2, 2 * node, "of chained rings those above the one with a name go");
    if (takes_references_of_garbage()) {
        tap_equal(gc_count(gc_local_get(b)), 2, "and take back the reference they held");
        tap_equal(gc_count(field(b, 1)), 2, "and those below it keep their counts");
    }
    gc_local_del(m, b);
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), gc_traits.reclaims_cycles ? 6 : 0,
              "the rest goes with the name");
    gc_frame_leave(m, frame);
}

static void held_from_outside(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    struct gc_slot *ring = &frame.slot[0];
    struct gc_slot *holder = &frame.slot[2];
    make_ring(ring, &frame.slot[1], 3);
    make(holder, MODEL_ARRAY, 1);
    link_to(holder, 0, ring);
    struct model_mark start = mark();
    gc_local_del(m, ring);
    for (int i = 0; i < 3; i++)
        gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 0,
              "a ring that an object holds survives");
    if (gc_traits.counts) {
        struct gc_ref at = field(holder, 0);
        tap_equal(gc_count(at), 2, "the one that is held has two references");
        at = gc_field_get(m, at, 0);
        tap_equal(gc_count(at), 1, "the next has one");
        tap_equal(gc_count(gc_field_get(m, at, 0)), 1, "and the last has one");
    }
    gc_field_del(m, gc_local_get(holder), 0);
    collects_exactly(start, 3, 3 * node, "until the object lets go of it");
    gc_frame_leave(m, frame);
}

static void suspected_again_and_again(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    make_ring(&frame.slot[0], &frame.slot[1], 2);
    struct model_mark start = mark();
    for (int i = 0; i < 100; i++) {
        gc_local_set(m, &frame.slot[1], gc_local_get(&frame.slot[0]));
        gc_local_del(m, &frame.slot[i % 2]);
        gc_local_set(m, &frame.slot[i % 2], gc_local_get(&frame.slot[!(i % 2)]));
        if (i % 7 == 0)
            gc_collect(m, GC_COLLECT_FULL);
        gc_local_del(m, &frame.slot[1]);
    }
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 0,
              "a ring whose names come and go survives every collection");
    gc_local_del(m, &frame.slot[0]);
    collects_exactly(start, 2, 2 * node, "and is freed once when the last has gone");
    gc_frame_leave(m, frame);
}

/* Of three leaves two hang off the ring alone, one by two references, and the third has a name too. */
static void acyclic_objects_off_a_ring(void)
{
    struct gc_frame frame = gc_frame_enter(m, 4);
    struct gc_slot *ring = &frame.slot[0];
    struct gc_slot *shared = &frame.slot[2];
    struct gc_slot *own = &frame.slot[3];
    struct model_mark start = mark();
    make_ring(ring, &frame.slot[1], 2);
    make(shared, MODEL_LEAF, 0);
    make(own, MODEL_PLAIN, 0);
    make(&frame.slot[1], MODEL_BYTES, 100);
    link_to(own, 0, &frame.slot[1]);
    link_to(own, 1, shared);
    gc_local_del(m, &frame.slot[1]);
    link_to(ring, 1, own);
    gc_field_set(m, field(ring, 0), 1, gc_local_get(own));
    gc_local_del(m, own);
    gc_local_del(m, ring);
    collects_exactly(start, 4, 2 * node + bytes_of(MODEL_PLAIN, 0) + bytes_of(MODEL_BYTES, 100),
                     "acyclic objects that only a ring held go with it, and one with a name stays");
    if (takes_references_of_garbage())
        tap_equal(gc_count(gc_local_get(shared)), 1, "with the reference from the ring taken off");
    gc_frame_leave(m, frame);
}

static void a_list_off_a_ring(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    struct model_mark start = mark();
    for (int i = 0; i < 1000; i++) {
        make(&frame.slot[1], MODEL_NODE, 0);
        link_to(&frame.slot[1], 0, &frame.slot[0]);
        gc_local_move(m, &frame.slot[0], &frame.slot[1]);
    }
    make_ring(&frame.slot[2], &frame.slot[1], 2);
    link_to(&frame.slot[2], 1, &frame.slot[0]);
    gc_local_del(m, &frame.slot[0]);
    gc_local_del(m, &frame.slot[2]);
    collects_exactly(start, 1002, 1002 * node, "a list that hangs off a ring goes with it");
    gc_frame_leave(m, frame);
}

/* A garbage ring refers to a live ring. */
static void garbage_that_refers_to_the_living(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    make_ring(&frame.slot[0], &frame.slot[2], 2);
    make_ring(&frame.slot[1], &frame.slot[2], 2);
    link_to(&frame.slot[1], 1, &frame.slot[0]);
    gc_field_set(m, field(&frame.slot[1], 0), 1, gc_local_get(&frame.slot[0]));
    struct model_mark start = mark();
    gc_local_del(m, &frame.slot[1]);
    collects_exactly(start, 2, 2 * node, "a garbage ring that refers to a live one is freed alone");
    if (takes_references_of_garbage())
        tap_equal(gc_count(gc_local_get(&frame.slot[0])), 2, "and its references are taken off the live one");
    gc_frame_leave(m, frame);
}

static void complete_graph(void)
{
    enum { N = 20 };
    struct gc_frame frame = gc_frame_enter(m, N);
    struct model_mark start = mark();
    for (int i = 0; i < N; i++)
        make(&frame.slot[i], MODEL_ARRAY, N);
    for (int i = 0; i < N; i++)
        for (uint64_t j = 0; j < N; j++)
            link_to(&frame.slot[i], j, &frame.slot[j]);
    for (int i = 0; i < N - 1; i++)
        gc_local_del(m, &frame.slot[i]);
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 0,
              "where everything refers to everything one name keeps it all");
    if (gc_traits.counts)
        tap_equal(gc_count(field(&frame.slot[N - 1], 0)), N, "with every count as it was");
    gc_local_del(m, &frame.slot[N - 1]);
    collects_exactly(start, N, N * bytes_of(MODEL_ARRAY, N), "and it all goes with that name");
    gc_frame_leave(m, frame);
}

/* The object is a possible root, and dies by counting before anybody looks at it. */
static void dead_among_the_suspects(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    struct model_mark start = mark();
    for (int i = 0; i < 10; i++) {
        make(&frame.slot[0], MODEL_NODE, 0);
        gc_local_set(m, &frame.slot[1], gc_local_get(&frame.slot[0]));
        gc_local_del(m, &frame.slot[0]);
        gc_local_del(m, &frame.slot[1]);
    }
    if (!gc_traits.frees_at_once)
        gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 10,
              "an object that lost one reference and then the other is freed once");
    gc_frame_leave(m, frame);
}

/* A collector may leave out what is frozen, or look at it all the same. Counting frees it in any case. */
static void frozen(void)
{
    enum { RING = 5 };
    struct gc_frame frame = gc_frame_enter(m, 4);
    make_ring(&frame.slot[0], &frame.slot[3], RING);
    make(&frame.slot[1], MODEL_NODE, 0);
    gc_freeze(m);
    make_ring(&frame.slot[2], &frame.slot[3], RING);
    gc_collector_check(m);
    struct model_mark start = mark();
    gc_local_del(m, &frame.slot[1]);
    freed_exactly(start, 1, bytes_of(MODEL_NODE, 0), "what is frozen and on no ring dies as ever");
    gc_local_del(m, &frame.slot[2]);
    gc_collect(m, GC_COLLECT_FULL);
    uint64_t ring = gc_traits.reclaims_cycles ? RING : 0;
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), (int64_t)(1 + ring),
              "a ring that was made later is found");
    gc_local_del(m, &frame.slot[0]);
    gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects),
              (int64_t)(gc_traits.freezes ? 1 + ring : 1 + 2 * ring),
              gc_traits.freezes ? "a frozen ring that dies is not found"
                                : "a ring that dies is found, where freezing is ignored");
    gc_unfreeze(m);
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), (int64_t)(1 + 2 * ring),
              "at the latest when it is frozen no more");
    gc_frame_leave(m, frame);
}

static void (*const tests[])(void) = {
    rings_of_sizes,
    a_large_ring,
    rings_hanging_off_rings,
    a_chain_cut,
    held_from_outside,
    suspected_again_and_again,
    acyclic_objects_off_a_ring,
    a_list_off_a_ring,
    garbage_that_refers_to_the_living,
    complete_graph,
    dead_among_the_suspects,
    frozen,
};

int model_cycles(void)
{
    static_assert(sizeof(struct gc_object) == 8, "as `node` counts it");
    return MODEL_RUN_RECLAIMING(tests);
}
