/* SPDX-License-Identifier: MIT */
/*
 * The queue of the tracing kernel passes from one chunk of its stack to the next in the midst of an
 * object's references. No reference is lost, and none is followed twice.
 *
 * Two flights of arrays are taken off the stack before any leaf. They refer to more edges than a chunk
 * holds. Made-up programs are too small for that.
 */
#include "collectors/gc.h"
#include "collectors/support/trace/kernel.h"
#include "tests/mutator.h"
#include "tests/tap.h"

enum { ARRAYS = 2 * KERNEL_FLIGHT, WIDEST = KERNEL_PIECE };
static_assert(ARRAYS * WIDEST / 2 > CHUNK_STACK_ENTRIES, "two flights of arrays fill a chunk");

static const struct gc_shape shapes[] = {
    {.name = "leaf", .id = 0, .refs = 1},
    {.name = "array", .id = 1, .flags = GC_SHAPE_REFS_VARY},
};

/*
 * Makes leaves in the array that global 1 refers to. Every third field stays null. Each leaf refers to the
 * root.
 */
static uint64_t fill(struct gc_mutator *mutator, uint64_t width)
{
    uint64_t leaves = 0;
    for (uint64_t i = 0; i < width; i++) {
        if (i % 3 == 2)
            continue;
        gc_local_new(mutator, gc_global(mutator, 2), &shapes[0], 0);
        gc_field_set(mutator, gc_local_get(gc_global(mutator, 2)), 0, gc_local_get(gc_global(mutator, 0)));
        gc_field_set(mutator, gc_local_get(gc_global(mutator, 1)), i, gc_local_get(gc_global(mutator, 2)));
        leaves++;
    }
    return leaves;
}

/*
 * Makes a root array of arrays of leaves, which global 0 refers to. All of them lie on rings through the
 * root.
 */
static uint64_t make(struct gc_mutator *mutator, uint64_t width)
{
    uint64_t objects = 1 + ARRAYS;
    gc_local_new(mutator, gc_global(mutator, 0), &shapes[1], ARRAYS);
    for (uint64_t i = 0; i < ARRAYS; i++) {
        gc_local_new(mutator, gc_global(mutator, 1), &shapes[1], width);
        gc_field_set(mutator, gc_local_get(gc_global(mutator, 0)), i, gc_local_get(gc_global(mutator, 1)));
        objects += fill(mutator, width);
    }
    gc_local_del(mutator, gc_global(mutator, 2));
    gc_local_del(mutator, gc_global(mutator, 1));
    return objects;
}

static void live_and_die(struct gc_mutator *mutator, uint64_t width)
{
    uint64_t objects = make(mutator, width);
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_collector_check(mutator);
    tap_equal((int64_t)gc_held_objects(mutator), (int64_t)objects, "all are reached");
    gc_local_del(mutator, gc_global(mutator, 0));
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_collector_check(mutator);
    tap_equal((int64_t)gc_held_objects(mutator), 0, "and found when they are dropped");
}

int main(void)
{
    struct gc_mutator *mutator = test_mutator_open(shapes, 2, 3, NULL);
    for (uint64_t width = WIDEST - 2; width <= WIDEST; width++)
        live_and_die(mutator, width);
    test_mutator_close(mutator);
    return tap_done();
}
