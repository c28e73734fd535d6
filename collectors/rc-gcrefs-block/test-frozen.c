/* SPDX-License-Identifier: MIT */
/* What a full collection beside frozen objects leaves weighs in the trigger as it is, whatever becomes of the frozen. */
#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/tap.h"

enum { LARGE_BYTES = 16384, EXTERNAL = 4096, FROZEN = 500, LEFT = 300 };
enum { LARGE, OWNER, NODE, SHAPES };
enum { OLD, NEW, GLOBALS };

static const struct gc_shape shapes[] = {
    [LARGE] = {.name = "large", .id = LARGE, .refs = 2, .payload = LARGE_BYTES},
    [NODE] = {.name = "node", .id = NODE, .refs = 2},
    [OWNER] = {.name = "owner", .id = OWNER, .refs = 2, .flags = GC_SHAPE_EXTERNAL, .external = EXTERNAL},
};

static struct gc_mutator *m;

static void object_make(struct gc_slot *slot, unsigned shape)
{
    if (shapes[shape].external)
        gc_local_new_external(m, slot, &shapes[shape]);
    else
        gc_local_new(m, slot, &shapes[shape], 0);
}

/* Makes objects of two shapes in turn, in front of the list in a global. */
static void list_of(uint64_t global, int count, unsigned shape, unsigned other)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    for (int i = 0; i < count; i++) {
        object_make(&frame.slot[0], i % 2 ? other : shape);
        gc_field_set(m, gc_local_get(&frame.slot[0]), 0, gc_local_get(gc_global(m, global)));
        gc_local_move(m, gc_global(m, global), &frame.slot[0]);
    }
    gc_frame_leave(m, frame);
}

static void list_make(uint64_t global, int count)
{
    list_of(global, count, LARGE, OWNER);
}

/* Collects fully. What it leaves beside `frozen_bytes` weighs. */
static void weighs(uint64_t frozen_bytes, const char *what)
{
    gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    uint64_t left = (gc_weighed_bytes(m) - frozen_bytes) / 1024;
    tap_equal((int64_t)((struct block_gcrefs_mutator *)m)->clock.left_by_full, (int64_t)left, what);
}

static void frozen_live(void)
{
    list_make(OLD, FROZEN);
    gc_freeze(m);
    uint64_t frozen = gc_weighed_bytes(m);
    list_make(NEW, LEFT);
    weighs(frozen, "what is frozen and lives does not weigh");
}

static void frozen_die(void)
{
    list_make(OLD, FROZEN);
    gc_freeze(m);
    list_make(NEW, LEFT);
    gc_local_del(m, gc_global(m, OLD));
    weighs(0, "what was frozen, and died by counting, takes nothing off");
}

/* A ring of one object alone holds what the old name held, and dies. */
static void old_dies_with_ring(uint32_t shape)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    object_make(&frame.slot[0], shape);
    gc_field_set(m, gc_local_get(&frame.slot[0]), 0, gc_local_get(&frame.slot[0]));
    gc_field_set(m, gc_local_get(&frame.slot[0]), 1, gc_local_get(gc_global(m, OLD)));
    gc_local_del(m, gc_global(m, OLD));
    gc_frame_leave(m, frame);
}

/* A ring that dies holds the frozen, and the first of these a list that is not frozen. */
static void frozen_die_of_garbage(void)
{
    list_make(OLD, FROZEN);
    gc_freeze(m);
    list_make(NEW, LEFT);
    gc_field_set(m, gc_local_get(gc_global(m, OLD)), 1, gc_local_get(gc_global(m, NEW)));
    gc_local_del(m, gc_global(m, NEW));
    list_make(NEW, LEFT);
    old_dies_with_ring(LARGE);
    weighs(0, "nor what died with garbage");
    tap_equal((int64_t)gc_held_objects(m), LEFT, "which takes with it what it alone held");
}

/* As many small ones, which count by number: the first of a list, which refers to nothing, does not. */
static void frozen_die_and_drop(void)
{
    list_of(OLD, 1, NODE, NODE);
    gc_freeze(m);
    list_of(NEW, FROZEN, NODE, NODE);
    gc_field_set(m, gc_local_get(gc_global(m, OLD)), 1, gc_local_get(gc_global(m, NEW)));
    gc_local_del(m, gc_global(m, NEW));
    list_of(NEW, LEFT, NODE, NODE);
    old_dies_with_ring(NODE);
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)((struct block_gcrefs_mutator *)m)->clock.left_by_full, LEFT - 1,
              "what dies with the frozen is not counted as left");
}

static void twice(void)
{
    list_make(OLD, FROZEN);
    gc_freeze(m);
    weighs(gc_weighed_bytes(m), "where all is frozen, nothing weighs");
    list_make(NEW, LEFT);
    gc_freeze(m);
    uint64_t frozen = gc_weighed_bytes(m);
    list_make(NEW, LEFT);
    weighs(frozen, "what was frozen later does not weigh either");
    gc_unfreeze(m);
    weighs(0, "all weighs when nothing is frozen");
}

int main(void)
{
    static void (*const tests[])(void) = {frozen_live, frozen_die, frozen_die_of_garbage, frozen_die_and_drop,
                                          twice};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        m = test_mutator_open(shapes, SHAPES, GLOBALS, NULL);
        tests[i]();
        test_mutator_close(m);
    }
    return tap_done();
}
