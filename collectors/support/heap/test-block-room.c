/* SPDX-License-Identifier: MIT */
/*
 * Which empty blocks a heap keeps: as many as are in use, or as many as its collector expects to need. It
 * gives the others back.
 */
#include "collectors/gc.h"
#include "collectors/support/heap/block-heap.h"
#include "tests/mutator.h"
#include "tests/tap.h"

enum {
    KEPT_BLOCKS = 4 * BLOCK_CHUNK_BLOCKS, /* blocks that are kept in any case */
    REGIONS = (BLOCK_BYTES - BLOCK_HEADER_BYTES) / 24,
    BASE = 1024, /* blocks */
    WAVE = 960,
};

static const struct gc_shape shapes[] = {{.name = "node", .id = 0, .refs = 2}};

static struct block_heap *heap_of(struct gc_mutator *mutator)
{
    return &((struct block_rc_mutator *)mutator)->heap;
}

/* Makes a list that fills `blocks` blocks, in front of the list that `list` had. */
static void list_make(struct gc_mutator *mutator, struct gc_slot *list, uint64_t blocks)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    for (uint64_t i = 0; i < blocks * REGIONS; i++) {
        gc_local_new(mutator, &frame.slot[0], &shapes[0], 0);
        gc_field_set(mutator, gc_local_get(&frame.slot[0]), 0, gc_local_get(list));
        gc_local_move(mutator, list, &frame.slot[0]);
    }
    gc_frame_leave(mutator, frame);
}

static void waves(struct gc_mutator *mutator)
{
    struct block_heap *heap = heap_of(mutator);
    list_make(mutator, gc_global(mutator, 0), BASE);
    list_make(mutator, gc_global(mutator, 1), WAVE);
    const struct block_chunk *youngest = heap->chunks;
    uint64_t blocks = heap->block_count;
    for (int i = 0; i < 3; i++) {
        gc_local_del(mutator, gc_global(mutator, 1));
        list_make(mutator, gc_global(mutator, 1), WAVE);
    }
    tap_ok(heap->chunks == youngest && heap->block_count == blocks,
           "waves of garbage beside as much that lives leave the heap as it is");
    gc_local_del(mutator, gc_global(mutator, 1));
    gc_local_del(mutator, gc_global(mutator, 0));
    tap_ok(heap->block_count <= 2 * KEPT_BLOCKS, "what nothing is beside goes back");
    tap_ok(heap->block_count >= KEPT_BLOCKS, "but for what a small heap has");
    tap_note("%llu blocks, then %llu", (unsigned long long)blocks, (unsigned long long)heap->block_count);
    gc_collector_check(mutator);
}

static void expected(struct gc_mutator *mutator)
{
    struct block_heap *heap = heap_of(mutator);
    block_heap_expect(mutator, heap, (uint64_t)BASE * BLOCK_BYTES);
    list_make(mutator, gc_global(mutator, 0), BASE);
    uint64_t blocks = heap->block_count;
    gc_local_del(mutator, gc_global(mutator, 0));
    tap_equal((int64_t)heap->block_count, (int64_t)blocks, "room for what is expected stays");
    block_heap_expect(mutator, heap, (uint64_t)BASE / 2 * BLOCK_BYTES);
    tap_ok(heap->block_count >= BASE / 2 && heap->block_count < BASE,
           "when less is expected, half of it goes back");
    mutator->clock.heap_limit = (uint64_t)BASE / 4 * BLOCK_BYTES;
    block_heap_expect(mutator, heap, (uint64_t)BASE * BLOCK_BYTES);
    tap_ok(heap->block_count < BASE / 2, "no room stays that the limit does not allow to be filled");
    mutator->clock.heap_limit = UINT64_MAX;
    gc_collector_check(mutator);
}

/* A chunk goes back before the second of its four blocks was ever wanted. A block of the chunk before it is current then. */
static void unused_go_back(struct gc_mutator *mutator)
{
    struct block_heap *heap = heap_of(mutator);
    struct gc_slot *kept = gc_global(mutator, 0), *makes_room = gc_global(mutator, 1);
    struct gc_slot *dies = gc_global(mutator, 2);
    mutator->test.returns_memory = true;
    list_make(mutator, kept, 3);
    list_make(mutator, makes_room, 1);
    list_make(mutator, dies, 1);
    tap_ok(heap->unused && heap->unused->begun == 1,
           "a chunk has one block in use, and others that never were");
    gc_local_del(mutator, makes_room);
    list_make(mutator, makes_room, 1);
    gc_local_del(mutator, dies);
    tap_ok(!heap->unused, "it goes back, with the blocks that were never wanted");
    list_make(mutator, dies, 5);
    gc_collector_check(mutator);
    for (uint32_t i = 0; i < 3; i++)
        gc_local_del(mutator, gc_global(mutator, i));
    mutator->test.returns_memory = false;
}

int main(void)
{
    struct gc_mutator *mutator = test_mutator_open(shapes, 1, 3, NULL);
    waves(mutator);
    expected(mutator);
    test_mutator_close(mutator);
    mutator = test_mutator_open(shapes, 1, 3, NULL);
    unused_go_back(mutator);
    test_mutator_close(mutator);
    return tap_done();
}
