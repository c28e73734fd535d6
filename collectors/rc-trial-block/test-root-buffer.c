/* SPDX-License-Identifier: MIT */
/* The root buffer between collections: which objects enter it, which entries leave it, and what becomes of
 * the regions that its entries refer to. */
#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/pauses.h"
#include "tests/regions.h"
#include "tests/tap.h"

enum { MANY = 100000, FEW_ENTRIES = 4096, LARGE_BYTES = 16384 };

static const struct gc_shape shapes[] = {
    {.name = "node", .id = 0, .refs = 2},
    {.name = "wide", .id = 1, .refs = 6},
    {.name = "large", .id = 2, .refs = 1, .payload = LARGE_BYTES},
    {.name = "array", .id = 3, .flags = GC_SHAPE_REFS_VARY},
};

static struct gc_mutator *m;
static struct gc_slot *global; /* globals of each test */

static struct wave_mutator *wave(void)
{
    return (struct wave_mutator *)m;
}

static void node_make(struct gc_slot *slot, const struct gc_shape *shape)
{
    gc_local_new(m, slot, shape, 0);
    gc_field_set(m, gc_local_get(slot), 0, gc_local_get(&global[0]));
}

/* Makes the object that `kept` refers to a possible root: a second slot refers to it for a moment. */
static void suspect(const struct gc_slot *kept)
{
    gc_local_set(m, &global[3], gc_local_get(kept));
    gc_local_del(m, &global[3]);
}

static void leaves(void)
{
    gc_local_new(m, &global[1], &shapes[0], 0);
    suspect(&global[1]);
    tap_equal((int64_t)wave()->roots.count, 0, "what refers to nothing is no possible root");
    gc_field_set(m, gc_local_get(&global[1]), 1, gc_local_get(&global[0]));
    suspect(&global[1]);
    tap_equal((int64_t)wave()->roots.count, 1, "what refers to something, in any field, is one");
    gc_local_new(m, &global[2], &shapes[3], 1000);
    gc_field_set(m, gc_local_get(&global[2]), 999, gc_local_get(&global[0]));
    suspect(&global[2]);
    tap_equal((int64_t)wave()->roots.count, 2, "in the last of a thousand too");
}

/* The younger object is a leaf whenever its count goes down; the older one is none by then. */
static void ring_of_leaves(void)
{
    uint64_t before = gc_held_objects(m);
    gc_local_new(m, &global[1], &shapes[0], 0);
    gc_local_new(m, &global[2], &shapes[0], 0);
    suspect(&global[2]);
    gc_field_set(m, gc_local_get(&global[1]), 0, gc_local_get(&global[2]));
    gc_local_del(m, &global[2]);
    gc_field_set(m, gc_field_get(m, gc_local_get(&global[1]), 0), 0, gc_local_get(&global[1]));
    gc_local_del(m, &global[1]);
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)gc_held_objects(m), (int64_t)before,
              "a ring that was closed after all had been leaves is garbage that is found");
}

/* Each object is suspect when it dies. */
static void dead_at_once(void)
{
    uint64_t before = gc_held_objects(m);
    uint64_t blocks = wave()->heap.block_count;
    uint64_t most = 0;
    for (int i = 0; i < MANY; i++) {
        node_make(&global[1], &shapes[0]);
        suspect(&global[1]);
        gc_local_del(m, &global[1]);
        most = gc_held_objects(m) - before > most ? gc_held_objects(m) - before : most;
    }
    tap_equal((int64_t)most, 0, "a possible root that dies is freed at once");
    tap_equal((int64_t)(wave()->heap.block_count - blocks), 0, "and the next one takes its place");
    tap_ok(wave()->roots.count <= FEW_ENTRIES, "entries of the dead leave the buffer without a collection");
    gc_collector_check(m);
}

/* Entries of live suspects stay in the buffer. A purge does not go through them again for every few new
 * entries. */
static void alive_stays(void)
{
    struct test_pauses heard;
    struct gc_frame frame = gc_frame_enter(m, FEW_ENTRIES);
    for (uint64_t i = 0; i < FEW_ENTRIES; i++) {
        node_make(&frame.slot[i], &shapes[0]);
        suspect(&frame.slot[i]);
    }
    test_pauses_begin(m, &heard);
    for (int i = 0; i < MANY; i++) {
        node_make(&global[1], &shapes[0]);
        suspect(&global[1]);
    }
    test_pauses_end(m);
    uint64_t slices = heard.of[GC_PAUSE_SLICE].count;
    tap_ok(slices > 0 && slices <= MANY / FEW_ENTRIES + 1,
           "a purge waits for as many entries as the last one left");
    tap_note("%llu purges", (unsigned long long)slices);
    tap_ok(wave()->roots.count >= FEW_ENTRIES, "which leaves those of what is suspect");
    gc_frame_leave(m, frame);
    gc_collect(m, GC_COLLECT_FULL);
}

/* The wide objects of heap blocks die under their entries, and nodes want memory. */
static void blocks_stay(void)
{
    enum { COUNT = 900 }; /* fewer entries than call for a purge */
    gc_collect(m, GC_COLLECT_FULL);
    struct gc_frame frame = gc_frame_enter(m, COUNT);
    for (uint64_t i = 0; i < COUNT; i++) {
        node_make(&frame.slot[i], &shapes[1]);
        suspect(&frame.slot[i]);
    }
    uint64_t entries = wave()->roots.count;
    gc_frame_leave(m, frame);
    tap_ok(entries == COUNT && regions_pinned_blocks(m, &wave()->heap) > 1,
           "blocks that entries refer to outlive their objects");
    for (int i = 0; i < COUNT; i++) {
        node_make(&global[1], &shapes[0]);
        gc_field_set(m, gc_local_get(&global[1]), 1, gc_local_get(&global[2]));
        gc_local_move(m, &global[2], &global[1]);
    }
    gc_collector_check(m);
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal(regions_pinned_blocks(m, &wave()->heap), 0, "until the entries have gone");
}

static void suspects_make(uint64_t count, const struct gc_shape *shape)
{
    struct gc_frame frame = gc_frame_enter(m, count);
    for (uint64_t i = 0; i < count; i++) {
        node_make(&frame.slot[i], shape);
        suspect(&frame.slot[i]);
    }
    gc_frame_leave(m, frame);
}

/* A large object that dies takes its entry with it, wherever a purge has moved the entry. */
static void large(void)
{
    enum { COUNT = 500 };
    uint64_t before = gc_held_objects(m);
    suspects_make(COUNT, &shapes[1]);
    node_make(&global[1], &shapes[2]);
    suspect(&global[1]);
    uint64_t entries = wave()->roots.count;
    suspects_make(FEW_ENTRIES, &shapes[0]);
    gc_collector_check(m);
    tap_ok(entries == COUNT + 1 && wave()->roots.items[0] == gc_local_get(&global[1]).object,
           "a purge moves what stays up");
    gc_local_del(m, &global[1]);
    gc_collector_check(m);
    tap_equal((int64_t)(gc_held_objects(m) - before), 0, "a large possible root is freed at once too");
    tap_ok(wave()->roots.items[0] == NULL, "and with it its entry");
}

int main(void)
{
    static void (*const tests[])(void) = {leaves,      ring_of_leaves, dead_at_once,
                                          alive_stays, blocks_stay,    large};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        m = regions_mutator_open(shapes, sizeof shapes / sizeof *shapes, 4);
        global = gc_global(m, 0);
        tests[i]();
        test_mutator_close(m);
    }
    return tap_done();
}
