/* SPDX-License-Identifier: MIT */
/* The table of chunks, with chunks that want the same place in it, and the lazy sweep. */
#include "base/random.h"
#include "collectors/gc.h"
#include "collectors/support/heap/block-marks.h"
#include "tests/mutator.h"
#include "tests/pauses.h"
#include "tests/tap.h"

enum { CHUNKS = 300, STEPS = 20000 };

static const struct gc_shape shapes[] = {
    {.name = "node", .id = 0, .refs = 2},
    {.name = "bytes", .id = 1, .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_BYTES_VARY},
};

/* Makes chunks without memory. Only their addresses count: each is `apart` chunks after the one before. */
static void chunks_make(struct block_chunk *chunks, uint64_t apart)
{
    for (uint64_t i = 0; i < CHUNKS; i++)
        chunks[i] = (struct block_chunk){.memory = (char *)((i * apart + 4096) * BLOCK_CHUNK_BYTES)};
}

static bool finds(const struct block_heap *heap, const struct block_chunk *chunk)
{
    const char *last = chunk->memory + BLOCK_CHUNK_BYTES - sizeof(struct gc_object);
    uint64_t *marks = (uint64_t *)chunk->memory;
    return chunk_table_has(&heap->side_chunks, last) &&
           block_mark_word(heap, (const struct gc_object *)chunk->memory) == marks &&
           block_mark_word(heap, (const struct gc_object *)last) ==
               marks + BLOCK_CHUNK_BYTES / BLOCK_MARK_WORD_SPAN - 1;
}

/*
 * Adds and removes chunks at random. After each step a chunk is found by its first and last byte if and
 * only if it is in the table.
 */
static void table(struct gc_mutator *mutator, uint64_t apart)
{
    static struct block_chunk chunks[CHUNKS];
    struct block_heap heap;
    struct random_state random;
    uint64_t lost = 0;
    block_heap_open(&heap, BLOCK_SIDE_MARKS);
    chunks_make(chunks, apart);
    random_seed(&random, 1);
    for (int step = 0; step < STEPS; step++) {
        struct block_chunk *chunk = &chunks[random_below(&random, CHUNKS)];
        if (chunk->side_places) {
            chunk_table_remove(&heap.side_chunks, chunk);
        } else {
            lost += !chunk_table_make_room(mutator, &heap.side_chunks);
            chunk_table_add(&heap.side_chunks, chunk);
        }
        chunk->side_places = !chunk->side_places;
        for (uint64_t i = step % 16; i < CHUNKS; i += 16)
            lost += chunks[i].side_places != finds(&heap, &chunks[i]);
    }
    for (uint64_t i = 0; i < CHUNKS; i++) {
        if (chunks[i].side_places)
            chunk_table_remove(&heap.side_chunks, &chunks[i]);
    }
    tap_ok(lost == 0, "the marks of every chunk are found, with chunks %llu apart",
           (unsigned long long)apart);
    block_heap_close(mutator, &heap);
}

/* Every second object of many dies. The collection says how many, and sweeping makes room by and by. */
static void sweep(struct gc_mutator *mutator)
{
    enum { OBJECTS = 20000 };
    struct test_pauses heard;
    struct gc_slot *list = gc_global(mutator, 0);
    test_pauses_begin(mutator, &heard);
    for (int i = 0; i < OBJECTS; i++) {
        struct gc_frame frame = gc_frame_enter(mutator, 1);
        gc_local_new(mutator, &frame.slot[0], &shapes[0], 0);
        if (i % 2) {
            gc_field_set(mutator, gc_local_get(&frame.slot[0]), 0, gc_local_get(list));
            gc_local_set(mutator, list, gc_local_get(&frame.slot[0]));
        }
        gc_frame_leave(mutator, frame);
    }
    gc_collect(mutator, GC_COLLECT_FULL);
    tap_equal((int64_t)gc_held_objects(mutator), OBJECTS / 2, "what died counts as freed at once");
    tap_equal((int64_t)heard.all.freed, OBJECTS / 2, "by the collection");
    tap_equal((int64_t)heard.of[GC_PAUSE_SLICE].count, 0, "which sweeps nothing itself");
    gc_collector_check(mutator);
    for (int i = 0; i < OBJECTS / 2; i++)
        gc_local_new(mutator, gc_global(mutator, 1), &shapes[0], 0);
    uint64_t blocks = (uint64_t)OBJECTS * 24 / (BLOCK_BYTES - BLOCK_HEADER_BYTES) + 1;
    uint64_t slices = heard.of[GC_PAUSE_SLICE].count;
    tap_ok(slices >= blocks - 2 && slices <= blocks, "allocation sweeps each block, once");
    tap_note("%llu slices, %llu blocks", (unsigned long long)slices, (unsigned long long)blocks);
    gc_collector_check(mutator);
    test_pauses_end(mutator);
}

int main(void)
{
    struct gc_mutator *mutator = test_mutator_open(shapes, 2, 2, "minimum=1e9");
    table(mutator, 1);
    table(mutator, 1024);
    table(mutator, 37);
    sweep(mutator);
    test_mutator_close(mutator);
    return tap_done();
}
