/* SPDX-License-Identifier: MIT */
/*
 * Finalisers and weak references, for collectors with the trait `finalises`: each finaliser is called once, what it
 * can reach is whole, what it brings back lives, and no weak reference leads to what was found dead.
 */
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

static uint64_t *number_of(struct gc_ref object)
{
    return gc_payload(object, gc_shape_of(m, object));
}

static void on_due(struct gc_mutator *mutator, struct gc_slot *self, enum gc_due due)
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

static void make_numbered(struct gc_slot *slot, enum shape shape, uint64_t number)
{
    gc_local_new(m, slot, &shapes[shape], 0);
    *number_of(gc_local_get(slot)) = number;
}

static void refer(const struct gc_slot *weak, const struct gc_slot *referent)
{
    gc_weak_set(m, gc_local_get(weak), gc_local_get(referent));
}

/* Lets what is dead be found, and calls what is due. */
static void settle(void)
{
    if (!gc_traits.frees_at_once)
        gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    gc_finalise(m);
    gc_collector_check(m);
}

/* The same for rings. */
static void settle_rings(void)
{
    gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    gc_finalise(m);
    gc_collector_check(m);
}

static uint64_t bytes_of_shape(enum shape shape)
{
    return gc_shape_bytes(&shapes[shape], 0);
}

/* ---- finalisers ---- */

static void called_once(void)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    struct model_mark start = mark();
    make_numbered(&frame.slot[0], FILE_OF, 7);
    gc_finalise(m);
    tap_equal((int64_t)seen.finalised, 0, "what lives is not finalised");
    gc_local_del(m, &frame.slot[0]);
    tap_equal((int64_t)seen.finalised, 0, "a finaliser is not called by the operation that drops its object");
    settle();
    tap_equal((int64_t)seen.finalised, 1, "gc_finalise() calls it");
    tap_equal((int64_t)seen.numbers[0], 7, "with its object");
    freed_exactly(start, 1, bytes_of_shape(FILE_OF), "then the object is freed");
    settle();
    tap_equal((int64_t)seen.finalised, 1, "and never finalised again");
    gc_frame_leave(m, frame);
}

static void look_into(struct gc_slot *self)
{
    struct gc_ref held = field(self, 0);
    tap_ok(!gc_is_null(held) && *number_of(held) == 2, "in its finaliser an object has what it held");
}

static void whole_in_finaliser(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    struct model_mark start = mark();
    make_numbered(&frame.slot[0], FILE_OF, 1);
    make_numbered(&frame.slot[1], NODE, 2);
    link_to(&frame.slot[0], 0, &frame.slot[1]);
    seen.also = look_into;
    gc_frame_leave(m, frame);
    gc_collect(m, GC_COLLECT_FULL);
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 0,
              "what a finaliser that is due can reach is held, collection after collection");
    settle();
    tap_equal((int64_t)seen.finalised, 1, "and its finaliser is called once for all of them");
    freed_exactly(start, 2, bytes_of_shape(FILE_OF) + bytes_of_shape(NODE), "then all is freed");
}

static void brought_back(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    struct model_mark start = mark();
    make_numbered(&frame.slot[0], FILE_OF, 1);
    make_numbered(&frame.slot[1], NODE, 2);
    link_to(&frame.slot[0], 1, &frame.slot[1]);
    seen.keep = gc_global(m, 0);
    gc_frame_leave(m, frame);
    settle();
    seen.keep = NULL;
    freed_exactly(start, 0, 0, "an object that its finaliser stored somewhere lives");
    tap_ok(*number_of(field(gc_global(m, 0), 1)) == 2, "and so does what it holds");
    gc_local_del(m, gc_global(m, 0));
    settle();
    tap_equal((int64_t)seen.finalised, 1, "when it dies again it is not finalised again");
    freed_exactly(start, 2, bytes_of_shape(FILE_OF) + bytes_of_shape(NODE), "but freed");
}

static void one_after_the_other(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    struct model_mark start = mark();
    make_numbered(&frame.slot[0], FILE_OF, 1);
    make_numbered(&frame.slot[1], FILE_OF, 2);
    link_to(&frame.slot[0], 0, &frame.slot[1]);
    gc_frame_leave(m, frame);
    settle();
    tap_equal((int64_t)seen.finalised, 2, "an object that only a finalised one held is finalised as well");
    if (gc_traits.frees_at_once)
        tap_ok(seen.numbers[0] == 1 && seen.numbers[1] == 2, "after the one that held it");
    settle();
    freed_exactly(start, 2, 2 * bytes_of_shape(FILE_OF), "and both are freed");
}

/* One that is kept on, and one that is brought back. */
static void large_ones(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    struct model_mark start = mark();
    make_numbered(&frame.slot[0], LARGE, 1);
    make_numbered(&frame.slot[1], LARGE, 2);
    link_to(&frame.slot[0], 0, &frame.slot[1]);
    gc_local_del(m, &frame.slot[1]);
    seen.keep = gc_global(m, 0);
    gc_local_del(m, &frame.slot[0]);
    settle();
    seen.keep = NULL;
    settle();
    tap_ok(!gc_is_null(gc_local_get(gc_global(m, 0))), "a large object is brought back like any other");
    gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    gc_local_del(m, gc_global(m, 0));
    settle();
    settle();
    tap_equal((int64_t)seen.finalised, 2, "large objects are finalised once");
    freed_exactly(start, 2, 2 * bytes_of_shape(LARGE), "and freed");
    gc_frame_leave(m, frame);
}

/* More than a page of the queue. */
static void many_at_once(void)
{
    enum { MANY = 3000 };
    struct gc_frame frame = gc_frame_enter(m, 2);
    struct model_mark start = mark();
    for (uint64_t i = 0; i < MANY; i++) {
        make_numbered(&frame.slot[1], FILE_OF, i);
        gc_field_set(m, gc_local_get(&frame.slot[1]), 0, gc_local_get(&frame.slot[0]));
        gc_local_move(m, &frame.slot[0], &frame.slot[1]);
        make_numbered(&frame.slot[1], HANDLE, i);
        link_to(&frame.slot[0], 1, &frame.slot[1]);
    }
    gc_frame_leave(m, frame);
    settle();
    settle();
    tap_equal((int64_t)seen.finalised, 2 * MANY, "each object of a long list is finalised once");
    freed_exactly(start, 2 * MANY, MANY * (bytes_of_shape(FILE_OF) + bytes_of_shape(HANDLE)), "and freed");
}

/* Does what a workload may: calls, makes objects that die, some of them with finalisers, and collects. */
static void do_all(struct gc_slot *self)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    seen.also = NULL; /* those who die here are finalised, and do not go on */
    for (uint64_t i = 0; i < 100; i++) {
        make_numbered(&frame.slot[0], NODE, i);
        link_to(&frame.slot[0], 0, &frame.slot[1]);
        gc_local_move(m, &frame.slot[1], &frame.slot[0]);
    }
    make_numbered(&frame.slot[2], HANDLE, 100);
    gc_local_del(m, &frame.slot[2]);
    gc_finalise(m);
    tap_equal((int64_t)seen.finalised, 1, "inside of a finaliser none is called");
    gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    gc_local_set(m, &frame.slot[2], gc_local_get(self));
    gc_frame_leave(m, frame);
}

static void may_do_all(void)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    struct model_mark start = mark();
    make_numbered(&frame.slot[0], FILE_OF, 1);
    seen.also = do_all;
    gc_frame_leave(m, frame);
    settle();
    tap_equal((int64_t)seen.finalised, 2, "what dies in a finaliser is finalised after it");
    settle();
    freed_exactly(start, 102, bytes_of_shape(FILE_OF) + 100 * bytes_of_shape(NODE) + bytes_of_shape(HANDLE),
                  "and all is freed");
}

/* ---- weak references ---- */

static bool leads_nowhere(const struct gc_slot *weak)
{
    return gc_is_null(gc_weak_get(m, gc_local_get(weak)));
}

static void weak_holds_nothing(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    make_numbered(&frame.slot[0], NODE, 1);
    make_numbered(&frame.slot[1], LINK, 2);
    tap_ok(leads_nowhere(&frame.slot[1]), "a new weak reference refers to nothing");
    refer(&frame.slot[1], &frame.slot[0]);
    gc_collect(m, GC_COLLECT_FULL);
    tap_ok(gc_is_same(gc_weak_get(m, gc_local_get(&frame.slot[1])), gc_local_get(&frame.slot[0])),
           "a weak reference leads to its referent");
    if (gc_traits.counts)
        tap_equal(count_of(gc_local_get(&frame.slot[0])), 1, "and does not count");
    struct model_mark start = mark();
    gc_local_del(m, &frame.slot[0]);
    freed_exactly(start, 1, bytes_of_shape(NODE), "it does not keep its referent alive");
    tap_ok(leads_nowhere(&frame.slot[1]), "and is null when that has died");
    tap_equal((int64_t)*number_of(gc_local_get(&frame.slot[1])), 2, "its own payload stays");
    gc_collector_check(m);
    gc_frame_leave(m, frame);
}

static void weak_set_anew(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    make_numbered(&frame.slot[0], NODE, 1);
    make_numbered(&frame.slot[1], NODE, 2);
    make_numbered(&frame.slot[2], LINK, 3);
    refer(&frame.slot[2], &frame.slot[0]);
    refer(&frame.slot[2], &frame.slot[1]);
    gc_local_del(m, &frame.slot[0]);
    settle();
    tap_ok(!leads_nowhere(&frame.slot[2]), "the death of a former referent does not matter");
    gc_weak_set(m, gc_local_get(&frame.slot[2]), GC_NULL);
    tap_ok(leads_nowhere(&frame.slot[2]), "a weak reference may be taken back");
    gc_local_del(m, &frame.slot[1]);
    settle();
    gc_frame_leave(m, frame);
}

/* Five weak references to one object; those in the middle and at both ends die before it. */
static void list_of_weak(void)
{
    enum { COUNT = 5 };
    struct gc_frame frame = gc_frame_enter(m, COUNT + 1);
    make_numbered(&frame.slot[COUNT], NODE, 0);
    for (uint64_t i = 0; i < COUNT; i++) {
        make_numbered(&frame.slot[i], BELL, i);
        refer(&frame.slot[i], &frame.slot[COUNT]);
    }
    gc_local_del(m, &frame.slot[2]);
    gc_local_del(m, &frame.slot[4]);
    settle();
    gc_local_del(m, &frame.slot[COUNT]);
    settle();
    tap_equal((int64_t)seen.called_back, 3, "each weak reference that lives is called back, once");
    tap_ok(seen.numbers[0] == 3 && seen.numbers[1] == 1 && seen.numbers[2] == 0, "the youngest first");
    tap_ok(leads_nowhere(&frame.slot[0]) && leads_nowhere(&frame.slot[1]) && leads_nowhere(&frame.slot[3]),
           "and all are null");
    settle();
    tap_equal((int64_t)seen.called_back, 3, "and not called again");
    gc_frame_leave(m, frame);
}

static void dead_is_not_called(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    for (uint64_t first = 0; first < 2; first++) {
        make_numbered(&frame.slot[0], NODE, 0);
        make_numbered(&frame.slot[1], NODE, 1);
        make_numbered(&frame.slot[2], BELL, 2);
        refer(&frame.slot[2], &frame.slot[1]);
        link_to(&frame.slot[0], first, &frame.slot[1]);
        link_to(&frame.slot[0], !first, &frame.slot[2]);
        gc_local_del(m, &frame.slot[1]);
        gc_local_del(m, &frame.slot[2]);
        gc_local_del(m, &frame.slot[0]);
        settle();
    }
    tap_equal((int64_t)seen.called_back, 0,
              "a weak reference that dies with its referent is not called back");
    make_numbered(&frame.slot[1], NODE, 1);
    make_numbered(&frame.slot[2], BELL, 2);
    refer(&frame.slot[2], &frame.slot[1]);
    gc_local_del(m, &frame.slot[1]);
    if (!gc_traits.frees_at_once)
        gc_collect(m, GC_COLLECT_FULL);
    gc_local_del(m, &frame.slot[2]);
    settle();
    tap_equal((int64_t)seen.called_back, 0, "nor one that dies before it is called");
    gc_frame_leave(m, frame);
}

static void callbacks_come_first(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    make_numbered(&frame.slot[0], FILE_OF, 1);
    make_numbered(&frame.slot[1], NODE, 2);
    make_numbered(&frame.slot[2], BELL, 3);
    refer(&frame.slot[2], &frame.slot[1]);
    gc_local_del(m, &frame.slot[0]);
    gc_local_del(m, &frame.slot[1]);
    settle();
    tap_ok(seen.numbers[0] == 3 && seen.numbers[1] == 1,
           "callbacks that are due come before finalisers that are");
    gc_frame_leave(m, frame);
}

/* ---- rings ---- */

/* Two files that refer to each other, with numbers 1 and 2, and a weak reference to each in a global name. */
static void make_ring(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    for (uint64_t i = 0; i < 2; i++) {
        make_numbered(&frame.slot[i], FILE_OF, 1 + i);
        make_numbered(gc_global(m, i), LINK, 3 + i);
        refer(gc_global(m, i), &frame.slot[i]);
    }
    link_to(&frame.slot[0], 0, &frame.slot[1]);
    link_to(&frame.slot[1], 0, &frame.slot[0]);
    gc_frame_leave(m, frame);
}

static void look_at_weak(struct gc_slot *self)
{
    struct gc_ref other = field(self, 0);
    tap_ok(leads_nowhere(gc_global(m, 0)) && leads_nowhere(gc_global(m, 1)),
           "no finaliser of a ring finds it by a weak reference");
    tap_equal((int64_t)(*number_of(other) + *number_of(gc_local_get(self))), 3, "and both of it are whole");
}

static void ring_is_finalised(void)
{
    struct model_mark start = mark();
    if (!gc_traits.reclaims_cycles)
        return;
    make_ring();
    seen.also = look_at_weak;
    settle_rings();
    tap_equal((int64_t)seen.finalised, 2, "a ring is finalised, each of it once");
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 2, "and freed");
    settle_rings();
    tap_equal((int64_t)seen.finalised, 2, "and that is all");
}

static void ring_is_found_young(void)
{
    struct model_mark start = mark();
    if (!gc_traits.reclaims_cycles)
        return;
    make_ring();
    seen.also = look_at_weak;
    gc_collect(m, GC_COLLECT_YOUNG);
    gc_collector_check(m);
    gc_finalise(m);
    gc_collector_check(m);
    settle_rings();
    tap_equal((int64_t)seen.finalised, 2,
              "a ring that a young collection may find is finalised, each of it once");
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 2, "and freed");
}

static void ring_is_brought_back(void)
{
    struct model_mark start = mark();
    if (!gc_traits.reclaims_cycles)
        return;
    make_ring();
    gc_local_del(m, gc_global(m, 0)); /* one weak reference dies with them */
    seen.keep = gc_global(m, 0);
    settle_rings();
    seen.keep = NULL;
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 1,
              "a ring that was brought back lives");
    tap_ok(leads_nowhere(gc_global(m, 1)), "its weak references do not come back");
    refer(gc_global(m, 1), gc_global(m, 0));
    tap_ok(!leads_nowhere(gc_global(m, 1)), "there may be new ones");
    gc_local_del(m, gc_global(m, 0));
    settle_rings();
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 3, "when it dies again it is freed");
    tap_equal((int64_t)seen.finalised, 2, "and not finalised again");
    tap_ok(leads_nowhere(gc_global(m, 1)), "and the new ones are null as well");
}

/* A ring without a finaliser, which a file outside refers to, and one that refers to a file. */
static void what_hangs_on(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    struct model_mark start = mark();
    if (!gc_traits.reclaims_cycles) {
        gc_frame_leave(m, frame);
        return;
    }
    make_numbered(&frame.slot[0], NODE, 1);
    make_numbered(&frame.slot[1], FILE_OF, 2);
    make_numbered(&frame.slot[2], NODE, 3);
    link_to(&frame.slot[0], 0, &frame.slot[0]);
    link_to(&frame.slot[0], 1, &frame.slot[1]);
    link_to(&frame.slot[1], 0, &frame.slot[2]);
    link_to(&frame.slot[2], 0, &frame.slot[2]);
    gc_frame_leave(m, frame);
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 1,
              "garbage that no finaliser can reach is freed without waiting for one");
    settle_rings();
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)(m->account.freed_objects - start.freed_objects), 3, "and the rest after it");
    tap_equal((int64_t)seen.finalised, 1, "which is called once");
}

static void ring_holds_weak(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    make_numbered(&frame.slot[0], NODE, 1);
    make_numbered(&frame.slot[1], BELL, 2);
    make_numbered(&frame.slot[2], NODE, 3);
    link_to(&frame.slot[0], 0, &frame.slot[0]);
    link_to(&frame.slot[0], 1, &frame.slot[1]);
    link_to(&frame.slot[1], 0, &frame.slot[0]);
    refer(&frame.slot[1], &frame.slot[2]);
    gc_local_del(m, &frame.slot[0]);
    gc_local_del(m, &frame.slot[1]);
    settle_rings();
    gc_local_del(m, &frame.slot[2]);
    settle();
    tap_equal((int64_t)seen.called_back, gc_traits.reclaims_cycles ? 0 : 1,
              "a weak reference on a ring that was freed is not called back");
    gc_frame_leave(m, frame);
}

int model_finalisers(void)
{
    static void (*const tests[])(void) = {
        called_once,       whole_in_finaliser,  brought_back,         one_after_the_other,
        large_ones,        many_at_once,        may_do_all,           weak_holds_nothing,
        weak_set_anew,     list_of_weak,        dead_is_not_called,   callbacks_come_first,
        ring_is_finalised, ring_is_found_young, ring_is_brought_back, what_hangs_on,
        ring_holds_weak,
    };
    if (!gc_traits.finalises)
        return model_skip("has neither finalisers nor weak references");
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
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
