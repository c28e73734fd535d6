/* SPDX-License-Identifier: MIT */
/* Which objects are young, and what becomes of the regions that the tables of the young generations
 * refer to. */
#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/regions.h"
#include "tests/tap.h"

enum { MANY = 100000, FEW = 500, LARGE_BYTES = 16384 };

static const struct gc_shape shapes[] = {
    {.name = "node", .id = 0, .refs = 2},
    {.name = "wide", .id = 1, .refs = 8},
    {.name = "large", .id = 2, .refs = 1, .payload = LARGE_BYTES},
    {.name = "text", .id = 3, .flags = GC_SHAPE_ACYCLIC, .payload = 16}, /* as large as a node */
};

static struct gc_mutator *m;
static struct gc_slot *global; /* globals of each test; the first is a node */

static struct block_gcrefs_mutator *gcrefs(void)
{
    return (struct block_gcrefs_mutator *)m;
}

static int64_t young(int generation)
{
    return (int64_t)gcrefs()->young[generation].count;
}

/* Makes an object that refers to the node in the first global. */
static void tracked_make(struct gc_slot *slot, const struct gc_shape *shape)
{
    gc_local_new(m, slot, shape, 0);
    gc_field_set(m, gc_local_get(slot), 0, gc_local_get(&global[0]));
}

/* Makes an object that refers to itself, and drops it. */
static void ring_drop(const struct gc_shape *shape)
{
    gc_local_new(m, &global[1], shape, 0);
    gc_field_set(m, gc_local_get(&global[1]), 0, gc_local_get(&global[1]));
    gc_local_del(m, &global[1]);
}

static void tracked(void)
{
    gc_local_new(m, &global[1], &shapes[0], 0);
    gc_field_set(m, gc_local_get(&global[1]), 1, GC_NULL);
    tap_equal(young(0), 0, "what refers to nothing is not tracked");
    gc_field_set(m, gc_local_get(&global[1]), 1, gc_local_get(&global[0]));
    tap_equal(young(0), 1, "what refers to something is, in any field");
    gc_field_set(m, gc_local_get(&global[1]), 0, gc_local_get(&global[0]));
    tap_equal(young(0), 1, "and once");
    gc_field_del(m, gc_local_get(&global[1]), 0);
    gc_field_del(m, gc_local_get(&global[1]), 1);
    gc_collect(m, GC_COLLECT_YOUNG);
    tap_equal(young(0) + young(1), 0, "what a collection finds to refer to nothing any more is not");
    gc_collector_check(m);
    gc_field_set(m, gc_local_get(&global[1]), 1, gc_local_get(&global[0]));
    gc_collect(m, GC_COLLECT_YOUNG);
    tap_ok(young(0) == 0 && young(1) == 1, "until it does again: then it grows up");
    gc_collector_check(m);
    gc_collect(m, GC_COLLECT_FULL);
    gc_field_set(m, gc_local_get(&global[1]), 1, gc_local_get(&global[0]));
    tap_equal(young(0) + young(1), 0, "and what is old is not young again");
}

static void dead_leave(void)
{
    for (int i = 0; i < MANY; i++) {
        tracked_make(&global[1], &shapes[0]);
        gc_local_del(m, &global[1]);
    }
    tap_ok(young(0) == 1 && gcrefs()->clock.collections[0] == 0,
           "one region after another's death is the same: no collection is due");
    gc_local_new(m, &global[2], &shapes[3], 0); /* an acyclic object is born in the region, too */
    gc_collector_check(m);
    gc_collect(m, GC_COLLECT_YOUNG);
    gc_collector_check(m);
    tap_equal(young(0) + young(1), 0, "where the acyclic is born it is passed over");
    tracked_make(&global[1], &shapes[0]);
    for (int i = 0; i < FEW; i++)
        ring_drop(&shapes[0]);
    gc_collector_check(m);
    uint64_t held = gc_held_objects(m);
    gc_collect(m, GC_COLLECT_YOUNG);
    tap_equal((int64_t)(held - gc_held_objects(m)), FEW, "what was born into a young region is young");
    gc_collector_check(m);
}

/* The wide objects of heap blocks die under entries of the middle generation; then the youngest is
 * collected. */
static void blocks_stay(void)
{
    struct gc_frame frame = gc_frame_enter(m, FEW);
    for (uint64_t i = 0; i < FEW; i++)
        tracked_make(&frame.slot[i], &shapes[1]);
    gc_collect(m, GC_COLLECT_YOUNG);
    tap_equal(young(1), FEW, "survivors come into the middle generation");
    for (uint64_t i = 0; i < FEW; i += 2)
        tracked_make(&frame.slot[i], &shapes[1]);
    gc_frame_leave(m, frame);
    int64_t pinned = regions_pinned_blocks(m, &gcrefs()->heap);
    tap_ok(pinned > 1, "blocks that entries refer to outlive their objects");
    gc_collector_check(m);
    gc_collect(m, GC_COLLECT_YOUNG);
    tap_equal(regions_pinned_blocks(m, &gcrefs()->heap), pinned,
              "one table does not let go what another one holds");
    for (int i = 0; i < FEW; i++) {
        tracked_make(&global[1], &shapes[0]);
        gc_field_set(m, gc_local_get(&global[1]), 1, gc_local_get(&global[2]));
        gc_local_move(m, &global[2], &global[1]);
    }
    gc_collector_check(m);
    gc_collect(m, GC_COLLECT_FULL);
    tap_ok(regions_pinned_blocks(m, &gcrefs()->heap) == 0 && young(0) + young(1) == 0,
           "until all has been looked at");
}

/* A large object that dies takes its entry with it: from the youngest generation, and from the middle one. */
static void large(void)
{
    uint64_t before = gc_held_objects(m);
    for (int middle = 1; middle >= 0; middle--) {
        struct gc_frame frame = gc_frame_enter(m, 3);
        tracked_make(&global[1], &shapes[0]);
        for (int i = 0; i < 3; i++)
            tracked_make(&frame.slot[i], &shapes[2]);
        gc_local_del(m, &global[1]);
        if (middle)
            gc_collect(m, GC_COLLECT_YOUNG);
        gc_local_del(m, &frame.slot[1]);
        gc_collector_check(m);
        gc_frame_leave(m, frame);
        tap_equal((int64_t)(gc_held_objects(m) - before), 0,
                  middle ? "large objects are freed in the middle generation" : "and in the youngest");
        gc_collector_check(m);
        gc_collect(m, GC_COLLECT_YOUNG);
    }
    ring_drop(&shapes[2]);
    gc_collect(m, GC_COLLECT_YOUNG);
    tap_equal((int64_t)(gc_held_objects(m) - before), 0, "and found on a ring");
}

int main(void)
{
    static void (*const tests[])(void) = {tracked, dead_leave, blocks_stay, large};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        m = regions_mutator_open(shapes, sizeof shapes / sizeof *shapes, 3);
        global = gc_global(m, 0);
        tests[i]();
        test_mutator_close(m);
    }
    return tap_done();
}
