/* SPDX-License-Identifier: MIT */
/*
 * That writes are coalesced: what a collection looks at depends on how many objects were written to, not on
 * how often.
 */
#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/tap.h"

enum { ARRAY };
static const struct gc_shape shapes[] = {{.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY}};

static struct gc_mutator *m;
static uint64_t visited;

static void on_pause(struct gc_listener *listener, const struct gc_pause *pause)
{
    (void)listener;
    visited = pause->visited_objects;
}

/* Writes `writes` times to the fields of `array`, in turn `a` and `b`, and collects. Returns the visits. */
static uint64_t visits_after(const struct gc_slot *slots, int writes)
{
    for (int i = 0; i < writes; i++)
        gc_field_set(m, gc_local_get(&slots[0]), (uint64_t)i % 8, gc_local_get(&slots[1 + i / 8 % 2]));
    gc_collect(m, GC_COLLECT_YOUNG);
    gc_collector_check(m);
    return visited;
}

static uint64_t visited_in_all;

static void on_any_pause(struct gc_listener *listener, const struct gc_pause *pause)
{
    (void)listener;
    visited_in_all += pause->visited_objects;
}

/* An array that is written all the time is logged anew after each collection, whole. */
static void a_large_array(void)
{
    enum { LENGTH = 100000, TEMPORARIES = 300000 };
    struct gc_listener listener = {.pause = on_any_pause};
    m->listener = &listener;
    struct gc_frame frame = gc_frame_enter(m, 2);
    gc_local_new(m, &frame.slot[0], &shapes[ARRAY], LENGTH);
    gc_local_new(m, &frame.slot[1], &shapes[ARRAY], 1);
    for (uint64_t i = 0; i < LENGTH; i++)
        gc_field_set(m, gc_local_get(&frame.slot[0]), i, gc_local_get(&frame.slot[1]));
    gc_collect(m, GC_COLLECT_YOUNG);
    visited_in_all = 0;
    for (uint64_t i = 0; i < TEMPORARIES; i++) {
        gc_local_new(m, &frame.slot[1], &shapes[ARRAY], 1);
        gc_field_set(m, gc_local_get(&frame.slot[0]), i % LENGTH, gc_local_get(&frame.slot[1]));
    }
    tap_ok(visited_in_all > 0 && visited_in_all < 12 * (uint64_t)TEMPORARIES,
           "writing one field of a large array between collections costs no more than is made");
    tap_note("%llu visits", (unsigned long long)visited_in_all);
    gc_frame_leave(m, frame);
    m->listener = NULL;
}

int main(void)
{
    struct gc_listener listener = {.pause = on_pause};
    m = test_mutator_open(shapes, 1, 0, NULL);
    m->listener = &listener;
    struct gc_frame frame = gc_frame_enter(m, 3);
    for (int i = 0; i < 3; i++)
        gc_local_new(m, &frame.slot[i], &shapes[ARRAY], 8);
    visits_after(frame.slot, 8);
    uint64_t none = visits_after(frame.slot, 0);
    uint64_t one = visits_after(frame.slot, 1);
    uint64_t many = visits_after(frame.slot, 100001);
    tap_equal((int64_t)(one - none), 1 + 8, "the first write to an object logs it and what it referred to");
    tap_equal((int64_t)many, (int64_t)one, "a hundred thousand more log nothing");
    tap_equal((int64_t)gc_held_objects(m), 3, "and what was written between keeps nothing and frees nothing");
    gc_frame_leave(m, frame);
    gc_collect(m, GC_COLLECT_YOUNG);
    tap_equal((int64_t)gc_held_objects(m), 0, "so that counting frees all three in the end");
    a_large_array();
    test_mutator_close(m);
    return tap_done();
}
