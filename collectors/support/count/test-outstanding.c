/* SPDX-License-Identifier: MIT */
/*
 * The promise of the trigger of trial deletion, checked for each collector that has it. A live graph is
 * suspected again and again, while rings die. Garbage outstanding is at most a share of the live objects,
 * and so is the work.
 */
#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/pauses.h"
#include "tests/tap.h"

enum { LIVE = 2000, STEPS = 200000, ROOTS = 100 };

static const struct gc_shape shapes[] = {{.name = "node", .id = 0, .refs = 1}};

static struct gc_mutator *m;

static void live_ring_make(void)
{
    struct gc_slot *first = gc_global(m, 0);
    struct gc_slot *last = gc_global(m, 1);
    gc_local_new(m, first, &shapes[0], 0);
    gc_local_set(m, last, gc_local_get(first));
    for (uint64_t i = 1; i < LIVE; i++) {
        struct gc_frame frame = gc_frame_enter(m, 1);
        gc_local_new(m, &frame.slot[0], &shapes[0], 0);
        gc_field_set(m, gc_local_get(last), 0, gc_local_get(&frame.slot[0]));
        gc_local_set(m, last, gc_local_get(&frame.slot[0]));
        gc_frame_leave(m, frame);
    }
    gc_field_set(m, gc_local_get(last), 0, gc_local_get(first));
    gc_local_del(m, last);
}

/* One ring of a single object dies, and one live ring is suspected. */
static void step(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    gc_local_new(m, &frame.slot[0], &shapes[0], 0);
    gc_field_set(m, gc_local_get(&frame.slot[0]), 0, gc_local_get(&frame.slot[0]));
    gc_local_set(m, &frame.slot[1], gc_local_get(gc_global(m, 0)));
    gc_frame_leave(m, frame);
}

static void outstanding(const char *options, uint64_t bound, uint64_t visits)
{
    struct test_pauses heard;
    uint64_t most = 0;
    m = test_mutator_open(shapes, 1, 2, options);
    live_ring_make();
    gc_collect(m, GC_COLLECT_FULL);
    test_pauses_begin(m, &heard);
    for (int i = 0; i < STEPS; i++) {
        step();
        uint64_t dead = gc_held_objects(m) - LIVE;
        most = dead > most ? dead : most;
    }
    test_pauses_end(m);
    tap_ok(most <= bound, "%s: at most %llu objects of garbage are outstanding", options,
           (unsigned long long)bound);
    tap_ok(heard.all.visited <= visits, "%s: at most %llu objects are visited", options,
           (unsigned long long)visits);
    tap_note("%llu outstanding, %llu visited", (unsigned long long)most,
             (unsigned long long)heard.all.visited);
    test_mutator_close(m);
}

int main(void)
{
    /*
     * Each ring is visited once. For each ring, live objects are visited 1 / share times. The first
     * collection waits for roots alone.
     */
    outstanding("roots=100,share=1", LIVE + ROOTS, 2 * STEPS + LIVE);
    outstanding("roots=100,share=0.25", LIVE / 4 + ROOTS, 5 * STEPS + LIVE);
    outstanding("roots=100,share=0", ROOTS, STEPS / (ROOTS - 1) * (LIVE + ROOTS) + LIVE);
    return tap_done();
}
