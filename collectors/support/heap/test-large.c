/* SPDX-License-Identifier: MIT */
/*
 * Objects on both sides of BLOCK_REGION_MAX, and around the sizes at which memory is taken in another way. Each
 * is born clear, also in memory that was used before, and ends where it should. And large objects take hardly
 * more memory from malloc than they have bytes.
 */
#include <malloc.h>

#include "collectors/gc.h"
#include "collectors/support/heap/allocation.h"
#include "collectors/support/heap/block-heap.h"
#include "tests/mutator.h"
#include "tests/tap.h"

enum { ROUNDS = 3, NEIGHBOURS = 3 };

static const struct gc_shape shapes[] = {
    {.name = "bytes", .id = 0, .flags = GC_SHAPE_BYTES_VARY | GC_SHAPE_ACYCLIC},
    {.name = "array", .id = 1, .flags = GC_SHAPE_REFS_VARY},
    {.name = "record", .id = 2, .refs = 600, .payload = 64},
};
enum { BYTES, ARRAY, RECORD, SHAPES };

static struct gc_mutator *m;

static bool is_clear(const unsigned char *bytes, uint64_t count)
{
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; i++)
        sum += bytes[i];
    return sum == 0;
}

/* Makes objects of `bytes` side by side, three times over, and fills each. False when one is not born clear. */
static bool round_of(uint64_t bytes)
{
    uint64_t payload = bytes - sizeof(struct gc_object) - sizeof(uint64_t);
    bool clear = true;
    for (int round = 0; round < ROUNDS; round++) {
        struct gc_frame frame = gc_frame_enter(m, NEIGHBOURS);
        for (int i = 0; i < NEIGHBOURS; i++) {
            gc_local_new(m, &frame.slot[i], &shapes[BYTES], payload);
            clear = clear && is_clear(gc_payload(gc_local_get(&frame.slot[i]), &shapes[BYTES]), payload);
            memset(gc_payload(gc_local_get(&frame.slot[i]), &shapes[BYTES]), 0xa0 + i, payload);
        }
        for (int i = 0; i < NEIGHBOURS; i++) {
            const unsigned char *mine = gc_payload(gc_local_get(&frame.slot[i]), &shapes[BYTES]);
            clear = clear && mine[0] == 0xa0 + i && mine[payload - 1] == 0xa0 + i;
            gc_local_new(m, &frame.slot[i], &shapes[ARRAY], payload / sizeof(struct gc_ref));
            gc_field_set(m, gc_local_get(&frame.slot[i]), payload / sizeof(struct gc_ref) - 1,
                         gc_local_get(&frame.slot[i]));
            gc_field_del(m, gc_local_get(&frame.slot[i]), payload / sizeof(struct gc_ref) - 1);
        }
        gc_frame_leave(m, frame);
        gc_collect(m, GC_COLLECT_FULL);
        gc_collector_check(m);
    }
    return clear && gc_held_objects(m) == 0;
}

static void boundaries(void)
{
    const uint64_t at[] = {BLOCK_REGION_MAX, GC_CALLOC_BYTES, BLOCK_BYTES, 1 << 17, BLOCK_CHUNK_BYTES};
    for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
        bool right = true;
        for (uint64_t bytes = at[i] - 64; bytes <= at[i] + 64; bytes += 8)
            right = round_of(bytes) && right;
        tap_ok(right, "objects of %llu bytes and around are born clear, and go whole",
               (unsigned long long)at[i]);
    }
}

/* A large object whose shape fixes its size has a length word that nobody sees. */
static void fixed(void)
{
    uint64_t bytes = gc_shape_bytes(&shapes[RECORD], 0);
    uint64_t before = gc_held_bytes(m);
    struct gc_frame frame = gc_frame_enter(m, 2);
    gc_local_new(m, &frame.slot[0], &shapes[RECORD], 0);
    gc_local_new(m, &frame.slot[1], &shapes[ARRAY], 1);
    struct gc_ref record = gc_local_get(&frame.slot[0]);
    tap_ok(bytes > BLOCK_REGION_MAX && gc_held_bytes(m) - before == bytes + gc_shape_bytes(&shapes[ARRAY], 1),
           "a large object whose shape fixes its size is charged for its shape");
    tap_ok(is_clear((unsigned char *)gc_payload(record, &shapes[RECORD]), 64), "and is born clear");
    gc_field_set(m, record, 0, gc_local_get(&frame.slot[1]));
    gc_field_set(m, record, shapes[RECORD].refs - 1, gc_local_get(&frame.slot[1]));
    gc_frame_leave(m, frame);
    gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    tap_equal((int64_t)(gc_held_bytes(m) - before), 0, "and goes with what it refers to");
}

static void memory(uint64_t bytes)
{
    enum { OBJECTS = 1000 };
    struct gc_frame frame = gc_frame_enter(m, OBJECTS);
    uint64_t before = mallinfo2().uordblks;
    for (int i = 0; i < OBJECTS; i++)
        gc_local_new(m, &frame.slot[i], &shapes[ARRAY], bytes / sizeof(struct gc_ref));
    double each = (double)(mallinfo2().uordblks - before) / OBJECTS / (double)bytes;
    if (before == mallinfo2().uordblks)
        tap_skip("large objects take as much memory as they have bytes", "malloc does not tell");
    else
        tap_ok(each <= 1.05, "arrays of %llu bytes take at most 1.05 times as much",
               (unsigned long long)bytes);
    tap_note("%.3f", each);
    gc_frame_leave(m, frame);
    gc_collect(m, GC_COLLECT_FULL);
}

int main(void)
{
    m = test_mutator_open(shapes, SHAPES, 0, NULL);
    boundaries();
    fixed();
    for (uint64_t bytes = 8192; bytes <= 24576; bytes += 4096)
        memory(bytes);
    test_mutator_close(m);
    return tap_done();
}
