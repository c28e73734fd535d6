/* SPDX-License-Identifier: MIT */
/*
 * Ephemerons, for collectors with the trait `finalises`: a value is held while the ephemeron and its key are reachable,
 * and no longer, whatever it refers to. A chain of them takes time that is linear in its length.
 */
#include "harness/stress/model/units.h"
#include "tests/model.h"

enum shape {
    NODE, /* may be a key */
    PAIR, /* an ephemeron, which may be a key as well */
    LEAF, /* acyclic */
    LINK, /* a weak reference */
    SHAPES,
};

static const struct gc_shape shapes[] = {
    [NODE] = {.name = "node", .id = NODE, .flags = GC_SHAPE_REFERENT, .refs = 2, .payload = 8},
    [PAIR] = {.name = "pair",
              .id = PAIR,
              .flags = GC_SHAPE_WEAK | GC_SHAPE_EPHEMERON | GC_SHAPE_REFERENT,
              .refs = 2,
              .payload = 24},
    [LEAF] = {.name = "leaf", .id = LEAF, .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_REFERENT, .payload = 8},
    [LINK] = {.name = "link", .id = LINK, .flags = GC_SHAPE_WEAK | GC_SHAPE_ACYCLIC, .payload = 24},
};
static_assert(sizeof shapes / sizeof *shapes == SHAPES, "a shape for each name");

static void make_new(struct gc_slot *slot, enum shape shape)
{
    gc_local_new(m, slot, &shapes[shape], 0);
}

/* `pair[key] = value` for three names. */
static void set(const struct gc_slot *pair, const struct gc_slot *key, const struct gc_slot *value)
{
    gc_ephemeron_set(m, gc_local_get(pair), gc_local_get(key), gc_local_get(value));
}

static bool is_empty(const struct gc_slot *pair)
{
    return gc_is_null(gc_weak_get(m, gc_local_get(pair))) &&
           gc_is_null(gc_ephemeron_value(m, gc_local_get(pair)));
}

static bool has_value(const struct gc_slot *pair, const struct gc_slot *value)
{
    return gc_is_same(gc_ephemeron_value(m, gc_local_get(pair)), gc_local_get(value));
}

static void collect(enum gc_collect_kind kind)
{
    gc_collect(m, kind);
    gc_collector_check(m);
}

static void collect_all(void)
{
    collect(GC_COLLECT_YOUNG);
    collect(GC_COLLECT_YOUNG);
    collect(GC_COLLECT_FULL);
}

/* The objects that were freed since `start`, after full collections. */
static int64_t freed(struct model_mark start)
{
    collect_all();
    return (int64_t)(m->account.freed_objects - start.freed_objects);
}

/* An ephemeron, its key and its value in the first three slots of `frame`. */
static void make_pair(struct gc_frame frame, enum shape value)
{
    make_new(&frame.slot[0], PAIR);
    make_new(&frame.slot[1], NODE);
    make_new(&frame.slot[2], value);
    set(&frame.slot[0], &frame.slot[1], &frame.slot[2]);
}

static void value_is_held(void)
{
    struct gc_frame frame = gc_frame_enter(m, 4);
    struct model_mark start = mark();
    make_new(&frame.slot[0], PAIR);
    tap_ok(is_empty(&frame.slot[0]), "a new ephemeron is empty");
    make_pair(frame, NODE);
    tap_equal(freed(start), 1, "and dies as any object");
    start = mark();
    gc_local_del(m, &frame.slot[2]);
    tap_equal(freed(start), 0, "an ephemeron holds its value while it and its key live");
    gc_local_set(m, &frame.slot[2], gc_ephemeron_value(m, gc_local_get(&frame.slot[0])));
    tap_ok(has_value(&frame.slot[0], &frame.slot[2]) && !gc_is_null(gc_local_get(&frame.slot[2])),
           "and leads to it");
    if (gc_traits.counts) {
        tap_equal(count_of(gc_local_get(&frame.slot[2])), 2, "the ephemeron counts a reference to its value");
        tap_equal(count_of(gc_local_get(&frame.slot[1])), 1, "and none to its key");
    }
    gc_frame_leave(m, frame);
    tap_equal(freed(start), 3, "all are freed when no name is left");
}

static void key_dies(void)
{
    struct gc_frame frame = gc_frame_enter(m, 4);
    make_pair(frame, NODE);
    struct model_mark start = mark();
    gc_local_del(m, &frame.slot[1]);
    tap_equal(freed(start), 1, "no ephemeron holds its key");
    tap_ok(is_empty(&frame.slot[0]), "an ephemeron whose key has died is empty");
    if (gc_traits.counts)
        tap_equal(count_of(gc_local_get(&frame.slot[2])), 1, "and counts no reference to what was its value");
    gc_local_del(m, &frame.slot[2]);
    tap_equal(freed(start), 2, "which dies with its last other reference");
    gc_frame_leave(m, frame);
}

static void key_holds_value(void)
{
    struct gc_frame frame = gc_frame_enter(m, 4);
    make_pair(frame, LEAF);
    struct model_mark start = mark();
    gc_local_del(m, &frame.slot[2]);
    gc_local_del(m, &frame.slot[1]);
    freed_exactly(start, 2, gc_shape_bytes(&shapes[NODE], 0) + gc_shape_bytes(&shapes[LEAF], 0),
                  "with its key dies a value that only the ephemeron held");
    gc_frame_leave(m, frame);
}

static void ephemeron_dies(void)
{
    struct gc_frame frame = gc_frame_enter(m, 4);
    make_pair(frame, NODE);
    struct model_mark start = mark();
    gc_local_del(m, &frame.slot[2]);
    gc_local_del(m, &frame.slot[0]);
    tap_equal(freed(start), 2, "a value dies with its ephemeron");
    gc_frame_leave(m, frame);
}

/* The value refers to the key, so the two are a ring through the ephemeron. */
static void value_refers_to_key(void)
{
    struct gc_frame frame = gc_frame_enter(m, 4);
    make_pair(frame, NODE);
    link_to(&frame.slot[2], 0, &frame.slot[1]);
    struct model_mark start = mark();
    gc_local_del(m, &frame.slot[2]);
    tap_equal(freed(start), 0, "a value that refers to its key is held while the key lives");
    gc_local_del(m, &frame.slot[1]);
    tap_equal(freed(start), gc_traits.reclaims_cycles ? 2 : 0,
              "and dies with it: the key does not live on because of its own value");
    tap_ok(is_empty(&frame.slot[0]) == gc_traits.reclaims_cycles, "its ephemeron is empty then");
    gc_frame_leave(m, frame);
}

/* Two ephemerons, the value of each the key of the other. */
static void values_are_keys(void)
{
    struct gc_frame frame = gc_frame_enter(m, 4);
    struct model_mark start = mark();
    make_pair(frame, NODE);
    make_new(&frame.slot[3], PAIR);
    set(&frame.slot[3], &frame.slot[2], &frame.slot[1]);
    gc_local_del(m, &frame.slot[1]);
    tap_equal(freed(start), 0, "of two keys, each the other's value, one that is held holds both");
    gc_local_del(m, &frame.slot[2]);
    tap_equal(freed(start), gc_traits.reclaims_cycles ? 2 : 0, "and none holds itself");
    gc_frame_leave(m, frame);
}

/* The ephemeron is reached before its key, and then after it. */
static void reached_in_turn(void)
{
    for (int first = 0; first < 2; first++) {
        struct gc_frame frame = gc_frame_enter(m, 5);
        make_pair(frame, NODE);
        make_new(&frame.slot[3], NODE);
        make_new(&frame.slot[4], NODE);
        link_to(&frame.slot[3], 0, &frame.slot[4]);
        link_to(&frame.slot[first ? 3 : 4], 1, &frame.slot[0]);
        link_to(&frame.slot[first ? 4 : 3], 1, &frame.slot[1]);
        struct model_mark start = mark();
        for (int i = 0; i < 3; i++)
            gc_local_del(m, &frame.slot[i]);
        gc_local_del(m, &frame.slot[4]);
        tap_equal(freed(start), 0, "a value is held whichever of ephemeron and key is reached first");
        gc_frame_leave(m, frame);
        tap_equal(freed(start), 5, "and freed with them");
    }
}

static void set_anew(void)
{
    struct gc_frame frame = gc_frame_enter(m, 5);
    make_pair(frame, NODE);
    make_new(&frame.slot[3], NODE);
    make_new(&frame.slot[4], NODE);
    struct model_mark start = mark();
    set(&frame.slot[0], &frame.slot[3], &frame.slot[4]);
    gc_local_del(m, &frame.slot[2]);
    tap_equal(freed(start), 1, "an ephemeron that is set anew drops its value");
    gc_local_del(m, &frame.slot[1]);
    freed(start);
    tap_ok(has_value(&frame.slot[0], &frame.slot[4]), "and does not mind the death of its old key");
    gc_ephemeron_set(m, gc_local_get(&frame.slot[0]), GC_NULL, gc_local_get(&frame.slot[4]));
    tap_ok(is_empty(&frame.slot[0]), "without a key it has no value");
    gc_local_set(m, &frame.slot[1], gc_local_get(&frame.slot[0]));
    set(&frame.slot[0], &frame.slot[1], &frame.slot[4]);
    gc_local_del(m, &frame.slot[4]);
    start = mark();
    gc_local_del(m, &frame.slot[1]);
    tap_equal(freed(start), 0, "an ephemeron may be its own key");
    gc_frame_leave(m, frame);
    tap_equal(freed(start), 3, "and dies as any other");
}

/* Keys and ephemerons of different ages, as generations see them. */
static void old_and_young(void)
{
    for (int old = 0; old < 3; old++) {
        struct gc_frame frame = gc_frame_enter(m, 4);
        for (int i = 0; i < 3; i++) {
            if (i == old)
                collect_all();
            make_new(&frame.slot[i], i == 0 ? PAIR : NODE);
        }
        set(&frame.slot[0], &frame.slot[1], &frame.slot[2]);
        link_to(&frame.slot[2], 0, &frame.slot[1]);
        gc_local_del(m, &frame.slot[2]);
        struct model_mark start = mark();
        collect(GC_COLLECT_YOUNG);
        collect(GC_COLLECT_YOUNG);
        tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 0,
                  "no age of ephemeron, key and value loses a value");
        gc_local_del(m, &frame.slot[1]);
        tap_equal(freed(start), gc_traits.reclaims_cycles ? 2 : 0, "nor keeps one");
        gc_frame_leave(m, frame);
    }
}

/* ---- linear time ---- */

enum { CHAIN = 2000 };

/* A chain: each value is the next one's key, and the ephemerons hang on a list from the last to the first. So a
 * collector that goes through the list again for each pair that fires needs CHAIN rounds. */
static void chain_build(struct gc_frame frame, uint64_t length)
{
    struct gc_slot *list = &frame.slot[0];
    struct gc_slot *key = &frame.slot[1];
    struct gc_slot *pair = &frame.slot[2];
    struct gc_slot *value = &frame.slot[3];
    make_new(&frame.slot[4], NODE);
    gc_local_set(m, key, gc_local_get(&frame.slot[4]));
    for (uint64_t i = 0; i < length; i++) {
        make_new(pair, PAIR);
        make_new(value, NODE);
        set(pair, key, value);
        link_to(pair, 1, list);
        gc_local_set(m, list, gc_local_get(pair));
        gc_local_move(m, key, value);
    }
    gc_local_del(m, key);
    gc_local_del(m, pair);
}

static struct {
    struct gc_listener listener;
    uint64_t visited;
} watch;

static void note(struct gc_listener *listener, const struct gc_pause *pause)
{
    (void)listener;
    watch.visited += pause->visited_objects;
}

static void chain(void)
{
    struct gc_frame frame = gc_frame_enter(m, 5);
    watch.listener.pause = note;
    watch.visited = 0;
    m->observer.listener = &watch.listener;
    chain_build(frame, CHAIN);
    struct model_mark start = mark();
    watch.visited = 0;
    tap_equal(freed(start), 0, "a chain of ephemerons hangs on its first key");
    tap_ok(watch.visited <= 8 * CHAIN, "collections visit no object of it more than twice: %llu visits",
           (unsigned long long)watch.visited);
    gc_local_del(m, &frame.slot[4]);
    tap_equal(freed(start), CHAIN + 1, "and dies with its first key, but for the ephemerons");
    gc_frame_leave(m, frame);
    m->observer.listener = NULL;
}

int model_ephemerons(void)
{
    static void (*const tests[])(void) = {
        value_is_held,   key_dies,        key_holds_value, ephemeron_dies, value_refers_to_key,
        values_are_keys, reached_in_turn, set_anew,        old_and_young,  chain,
    };
    if (!gc_traits.finalises)
        return model_skip("has no ephemerons");
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        m = test_mutator_open(shapes, SHAPES, 2, NULL);
        tests[i]();
        gc_collector_check(m);
        test_mutator_close(m);
    }
    return tap_done();
}
