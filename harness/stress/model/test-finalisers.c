/* SPDX-License-Identifier: MIT */
/*
 * Finalisers, for collectors with the trait `finalises`: each is called once, what it can reach is whole, what it
 * brings back lives, and no weak reference leads to a ring that was found dead.
 */
#include "harness/stress/model/test-attended.h"

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
        called_once,         whole_in_finaliser,   brought_back,  one_after_the_other,
        large_ones,          many_at_once,         may_do_all,    ring_is_finalised,
        ring_is_found_young, ring_is_brought_back, what_hangs_on, ring_holds_weak,
    };
    return attended_run(tests, sizeof tests / sizeof *tests);
}
