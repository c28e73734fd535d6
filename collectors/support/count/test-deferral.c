/* SPDX-License-Identifier: MIT */
/*
 * Tests each collector with deferred counting. A name keeps its object alive. A collection of the zero count
 * table frees some objects and leaves others to a trace. Its time is linear, whatever the names and payloads
 * are.
 */
#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/pauses.h"
#include "tests/tap.h"

enum { NODE, BYTES };
static const struct gc_shape shapes[] = {
    {.name = "node", .id = NODE, .refs = 2, .payload = 8},
    {.name = "bytes", .id = BYTES, .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_BYTES_VARY},
};

static struct gc_mutator *m;

static void node_new(struct gc_slot *slot)
{
    gc_local_new(m, slot, &shapes[NODE], 0);
}

static void store(const struct gc_slot *slot, uint64_t index, const struct gc_slot *value)
{
    gc_field_set(m, gc_local_get(slot), index, gc_local_get(value));
}

static void holds(uint64_t objects, const char *sentence)
{
    gc_collect(m, GC_COLLECT_YOUNG);
    gc_collector_check(m);
    tap_equal((int64_t)gc_held_objects(m), (int64_t)objects, sentence);
}

static void names_hold(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    node_new(&frame.slot[0]);
    node_new(&frame.slot[1]);
    for (int i = 0; i < 3; i++)
        holds(2, "what has only a name survives, collection after collection");
    gc_local_set(m, &frame.slot[2], gc_local_get(&frame.slot[0]));
    gc_local_del(m, &frame.slot[0]);
    holds(2, "whichever name that is");
    gc_local_del(m, &frame.slot[2]);
    holds(1, "and is freed without a trace when it has none");
    gc_frame_leave(m, frame);
    holds(0, "so is what a function leaves behind");
}

static void fields_hold(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    struct gc_slot *a = &frame.slot[0];
    struct gc_slot *b = &frame.slot[1];
    node_new(a);
    node_new(b);
    node_new(&frame.slot[2]);
    store(a, 0, &frame.slot[2]);
    gc_local_del(m, &frame.slot[2]);
    holds(3, "what only a field holds survives");
    gc_field_set(m, gc_local_get(b), 0, gc_field_get(m, gc_local_get(a), 0));
    gc_field_del(m, gc_local_get(a), 0);
    holds(3, "also when it has moved to another object since");
    gc_local_set(m, &frame.slot[2], gc_field_get(m, gc_local_get(b), 0));
    gc_field_del(m, gc_local_get(b), 0);
    holds(3, "or from a field to a name");
    store(b, 1, &frame.slot[2]);
    store(b, 0, &frame.slot[2]);
    gc_local_del(m, &frame.slot[2]);
    gc_field_del(m, gc_local_get(b), 0);
    holds(3, "or is in one of two fields still");
    gc_field_del(m, gc_local_get(b), 1);
    holds(2, "and is freed when no field and no name is left");
    gc_frame_leave(m, frame);
}

/* Makes a list of `count` nodes in `slot`. */
static void make_list(struct gc_slot *slot, uint64_t count)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    for (uint64_t i = 0; i < count; i++) {
        node_new(&frame.slot[0]);
        store(&frame.slot[0], 0, slot);
        gc_local_move(m, slot, &frame.slot[0]);
    }
    gc_frame_leave(m, frame);
}

static void lists_and_rings(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    make_list(&frame.slot[0], 100000);
    gc_local_set(m, &frame.slot[1], gc_field_get(m, gc_local_get(&frame.slot[0]), 0));
    holds(100000, "a list with a name is held");
    gc_local_del(m, &frame.slot[0]);
    holds(99999, "of one that a name has in its second place, the first is freed");
    gc_local_del(m, &frame.slot[1]);
    holds(0, "and all of it, however long, when the name goes");
    node_new(&frame.slot[0]);
    node_new(&frame.slot[1]);
    store(&frame.slot[0], 0, &frame.slot[1]);
    store(&frame.slot[1], 0, &frame.slot[0]);
    node_new(&frame.slot[2]);
    store(&frame.slot[0], 1, &frame.slot[2]);
    holds(3, "a ring with names is held");
    gc_local_del(m, &frame.slot[0]);
    gc_local_del(m, &frame.slot[1]);
    holds(3, "and is left to the trace when it has none");
    gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    tap_equal((int64_t)gc_held_objects(m), 1, "which frees it, and not what it held that has a name");
    gc_local_del(m, &frame.slot[2]);
    holds(0, "that is freed by counting then");
    gc_frame_leave(m, frame);
}

/* Many names refer to a heap in which every object dies. Each collection looks at all names. */
static void many_names(void)
{
    enum { NAMES = 30000, TEMPORARIES = 400000 };
    struct test_pauses heard;
    struct gc_frame frame = gc_frame_enter(m, NAMES);
    for (int i = 0; i < NAMES; i++)
        node_new(&frame.slot[i]);
    test_pauses_begin(m, &heard);
    for (int i = 0; i < TEMPORARIES; i++)
        node_new(&frame.slot[0]);
    struct test_pauses_sum young = heard.of[GC_PAUSE_YOUNG];
    test_pauses_end(m);
    tap_ok(young.count > 0 && young.visited < 6 * (uint64_t)TEMPORARIES,
           "with many names the visits stay linear in what is made");
    tap_note("%llu visits in %llu collections", (unsigned long long)young.visited,
             (unsigned long long)young.count);
    gc_frame_leave(m, frame);
}

static void large_payloads(void)
{
    uint64_t most = 0;
    for (int i = 0; i < 2000; i++) {
        gc_local_new(m, gc_global(m, 0), &shapes[BYTES], 100000);
        most = gc_held_bytes(m) > most ? gc_held_bytes(m) : most;
    }
    tap_ok(most < 16 << 20, "few objects with large payloads do not pile up for want of entries");
    tap_note("%llu bytes at most", (unsigned long long)most);
    gc_local_del(m, gc_global(m, 0));
}

int main(void)
{
    static void (*const tests[])(void) = {names_hold, fields_hold, lists_and_rings, many_names,
                                          large_payloads};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        m = test_mutator_open(shapes, sizeof shapes / sizeof *shapes, 1, NULL);
        tests[i]();
        gc_collector_check(m);
        test_mutator_close(m);
    }
    return tap_done();
}
