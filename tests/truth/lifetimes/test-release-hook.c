/* SPDX-License-Identifier: MIT */
/*
 * Tests that every free of an object passes the release hook (collectors/support/heap/release-hook.h). The
 * test is compiled against a collector, with a hook that counts. The hook has to see each object that the
 * collector frees, on every way.
 */
#undef NDEBUG
#include "collectors/gc.h"
#include "collectors/support/heap/release-hook.h"
#include "tests/mutator.h"
#include "tests/tap.h"

enum { NEXT, OTHER, LINKS };
enum { KEPT, FIRST, GLOBALS };
enum { ROUNDS = 40, CHAIN = 300, LARGE = 40000 };

static const struct gc_shape shapes[] = {
    {.name = "node", .id = 0, .refs = LINKS, .payload = 8},
    {.name = "leaf", .id = 1, .flags = GC_SHAPE_ACYCLIC, .payload = 24},
    {.name = "array", .id = 2, .flags = GC_SHAPE_REFS_VARY},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static uint64_t seen;

void GC_RELEASE_HOOK(struct gc_object *object)
{
    (void)object;
    seen++;
}

/* Names `length` linked nodes by `slot`, each with a leaf; a ring when `closed`. */
static void chain_make(struct gc_mutator *mutator, struct gc_slot *slot, uint64_t length, bool closed)
{
    struct gc_frame frame = gc_frame_enter(mutator, 3);
    struct gc_slot *last = &frame.slot[0], *node = &frame.slot[1], *leaf = &frame.slot[2];
    for (uint64_t i = 0; i < length; i++) {
        gc_local_new(mutator, node, &shapes[0], 0);
        gc_local_new(mutator, leaf, &shapes[1], 0);
        gc_field_set(mutator, gc_local_get(node), OTHER, gc_local_get(leaf));
        gc_field_set(mutator, gc_local_get(node), NEXT, gc_local_get(slot));
        gc_local_set(mutator, slot, gc_local_get(node));
        if (i == 0)
            gc_local_set(mutator, last, gc_local_get(node));
    }
    if (closed)
        gc_field_set(mutator, gc_local_get(last), NEXT, gc_local_get(slot));
    gc_frame_leave(mutator, frame);
}

/* Frees at zero, in cascades and by collections; small objects and large ones; heap blocks that die whole and
 * in part. */
static void everything_freed(struct gc_mutator *mutator)
{
    struct gc_slot *kept = gc_global(mutator, KEPT), *first = gc_global(mutator, FIRST);
    for (int round = 0; round < ROUNDS; round++) {
        chain_make(mutator, first, CHAIN, true);
        chain_make(mutator, kept, 3, false);
        gc_local_del(mutator, first);
        chain_make(mutator, first, CHAIN, false);
        gc_local_del(mutator, first);
        gc_local_new(mutator, first, &shapes[2], LARGE);
        gc_local_del(mutator, first);
        if (round % 8 == 0)
            gc_collect(mutator, round % 16 ? GC_COLLECT_YOUNG : GC_COLLECT_FULL);
    }
    gc_collect(mutator, GC_COLLECT_FULL);
}

int main(void)
{
    struct gc_mutator *mutator = test_mutator_open(shapes, SHAPES, GLOBALS, NULL);
    everything_freed(mutator);
    tap_ok(mutator->account.freed_objects > ROUNDS * CHAIN, "%s frees objects", gc_collector.name);
    tap_equal((int64_t)seen, (int64_t)mutator->account.freed_objects, "the hook has seen each of them");
    test_mutator_close(mutator);
    return tap_done();
}
