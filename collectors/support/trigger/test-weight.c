/* SPDX-License-Identifier: MIT */
/*
 * Few rings of many bytes do not wait for a trigger that counts objects. Checked for each collector that says
 * that it looks at bytes: beside a live graph, rings of two large objects die one after the other. Then rings do that whose
 * bytes are outside of the heap.
 */
#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/tap.h"

enum {
    LIVE = 2000,
    RINGS = 300,
    PAYLOAD = 1 << 20,
    MOST = 32 << 20, /* bytes of garbage outstanding; the pages state a dozen megabytes and less */
};

static const struct gc_shape shapes[] = {
    {.name = "node", .id = 0, .refs = 1},
    {.name = "heavy", .id = 1, .refs = 1, .flags = GC_SHAPE_BYTES_VARY},
    {.name = "owner", .id = 2, .refs = 1, .flags = GC_SHAPE_EXTERNAL, .external = PAYLOAD},
};
enum { HEAVY = 1, OWNER = 2, SHAPES };

static struct gc_mutator *m;

static void live_list_make(void)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    for (uint64_t i = 0; i < LIVE; i++) {
        gc_local_new(m, &frame.slot[0], &shapes[0], 0);
        gc_field_set(m, gc_local_get(&frame.slot[0]), 0, gc_local_get(gc_global(m, 0)));
        gc_local_move(m, gc_global(m, 0), &frame.slot[0]);
    }
    gc_frame_leave(m, frame);
}

static void ring_make_and_drop(unsigned shape)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    for (int i = 0; i < 2; i++) {
        if (shape == OWNER)
            gc_local_new_external(m, &frame.slot[i], &shapes[shape]);
        else
            gc_local_new(m, &frame.slot[i], &shapes[shape], PAYLOAD);
    }
    for (int i = 0; i < 2; i++)
        gc_field_set(m, gc_local_get(&frame.slot[i]), 0, gc_local_get(&frame.slot[!i]));
    gc_frame_leave(m, frame);
}

static void outstanding(unsigned shape, const char *where)
{
    uint64_t most = 0;
    m = test_mutator_open(shapes, SHAPES, 1, NULL);
    live_list_make();
    uint64_t live = gc_held_bytes(m);
    for (int i = 0; i < RINGS; i++) {
        ring_make_and_drop(shape);
        uint64_t dead = gc_weighed_bytes(m) - live;
        most = dead > most ? dead : most;
    }
    tap_ok(most <= MOST, "%d rings of 2 MiB each %s: at most 32 MiB of garbage are outstanding", RINGS,
           where);
    tap_note("%llu bytes outstanding", (unsigned long long)most);
    test_mutator_close(m);
}

int main(void)
{
    outstanding(HEAVY, "in the heap");
    outstanding(OWNER, "outside of it");
    return tap_done();
}
