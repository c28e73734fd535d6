/* SPDX-License-Identifier: MIT */
/* Weak references, for collectors with the trait `finalises`: none keeps its referent alive, or leads to what was found
 * dead, and each callback is called once. */
#include "harness/stress/model/test-attended.h"

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

int model_weak(void)
{
    static void (*const tests[])(void) = {
        weak_holds_nothing, weak_set_anew, list_of_weak, dead_is_not_called, callbacks_come_first,
    };
    return attended_run(tests, sizeof tests / sizeof *tests);
}
