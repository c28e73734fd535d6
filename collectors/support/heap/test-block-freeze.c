/* SPDX-License-Identifier: MIT */
/*
 * Chunks that are set aside: no collection touches a page of their blocks, allocation takes no room in them, and all of it
 * comes back.
 */
#include <signal.h>
#include <sys/mman.h>

#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/pauses.h"
#include "tests/tap.h"

enum { MANY = 100000, FEW = 1000, LARGE_BYTES = 16384 };

static const struct gc_shape shapes[] = {
    {.name = "node", .id = 0, .refs = 2},
    {.name = "large", .id = 1, .refs = 1, .payload = LARGE_BYTES},
    {.name = "text", .id = 2, .flags = GC_SHAPE_ACYCLIC, .payload = 16},
};

static struct gc_mutator *m;

static struct block_heap *heap_of(void)
{
    return &((struct block_gcrefs_mutator *)m)->heap;
}

/* Makes a list of nodes in a global, in front of what it has. Each holds a text. */
static void list_make(uint64_t global, int nodes)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    for (int i = 0; i < nodes; i++) {
        gc_local_new(m, &frame.slot[0], &shapes[0], 0);
        gc_local_new(m, &frame.slot[1], &shapes[2], 0);
        gc_field_set(m, gc_local_get(&frame.slot[0]), 1, gc_local_get(&frame.slot[1]));
        gc_field_set(m, gc_local_get(&frame.slot[0]), 0, gc_local_get(gc_global(m, global)));
        gc_local_move(m, gc_global(m, global), &frame.slot[0]);
    }
    gc_frame_leave(m, frame);
}

/* Forbids every access to the blocks of the frozen chunks, or allows it. Their marks stay readable. */
static uint64_t pages_protect(int protection)
{
    uint64_t chunks = 0;
    for (struct block_chunk *chunk = heap_of()->frozen.next; chunk; chunk = chunk->next) {
        if (block_chunk_is_large(chunk))
            continue;
        uint64_t side = (uint64_t)chunk->side_places * BLOCK_BYTES;
        assert(mprotect(chunk->memory + side, BLOCK_CHUNK_BYTES - side, protection) == 0);
        chunks++;
    }
    return chunks;
}

static volatile sig_atomic_t touched;
static void on_touch(int signal)
{
    (void)signal;
    touched++;
    pages_protect(PROT_READ | PROT_WRITE);
}

static void not_touched(void)
{
    struct test_pauses heard;
    test_pauses_begin(m, &heard);
    list_make(0, MANY);
    gc_freeze(m);
    list_make(1, FEW); /* its last node refers to the first of those that are frozen */
    gc_field_set(m, gc_local_get(gc_global(m, 1)), 0, gc_local_get(gc_global(m, 0)));
    list_make(1, FEW);
    struct sigaction action = {.sa_handler = on_touch}, before;
    sigaction(SIGSEGV, &action, &before);
    tap_ok(pages_protect(PROT_READ) > 1, "more than one chunk is frozen");
    gc_collect(m, GC_COLLECT_YOUNG);
    tap_equal(touched, 0, "a collection of the young writes nothing into what is frozen");
    pages_protect(PROT_NONE);
    gc_collect(m, GC_COLLECT_FULL);
    pages_protect(PROT_READ | PROT_WRITE);
    tap_equal(touched, 0, "a full one does not read it, either");
    pages_protect(PROT_NONE);
    gc_field_set(m, gc_local_get(gc_global(m, 0)), 1, GC_NULL);
    tap_equal(touched, 1, "as the mutator does");
    sigaction(SIGSEGV, &before, NULL);
    uint64_t visited = heard.all.last.visited_objects;
    tap_ok(visited <= 4 * FEW + 8, "nor says that it has (%llu)", (unsigned long long)visited);
    gc_collector_check(m);
    test_pauses_end(m);
}

static void room(void)
{
    uint64_t blocks = heap_of()->block_count;
    list_make(0, FEW);
    const struct gc_object *old = gc_local_get(gc_global(m, 0)).object;
    gc_freeze(m);
    tap_ok(block_object_is_frozen(old, false), "the chunk of what is frozen is");
    list_make(1, 2);
    const struct gc_object *young = gc_local_get(gc_global(m, 1)).object;
    tap_ok(!block_object_is_frozen(young, false), "what is made later is in another chunk");
    gc_local_del(m, gc_global(m, 0));
    gc_collector_check(m);
    tap_equal((int64_t)gc_held_objects(m), 4, "counting frees what is frozen");
    list_make(1, FEW);
    gc_collector_check(m);
    tap_ok(!block_object_is_frozen(gc_local_get(gc_global(m, 1)).object, false), "and its room is not taken");
    gc_unfreeze(m);
    gc_collector_check(m);
    tap_ok(!heap_of()->frozen.next && heap_of()->block_count >= blocks, "until nothing is frozen");
    gc_local_del(m, gc_global(m, 1));
    list_make(1, MANY);
    uint64_t most = heap_of()->block_count;
    gc_local_del(m, gc_global(m, 1));
    list_make(1, MANY);
    tap_ok(heap_of()->block_count == most, "then it is as all other room");
}

static void large(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    for (int i = 0; i < 3; i++) {
        gc_local_new(m, &frame.slot[i], &shapes[1], 0);
        gc_field_set(m, gc_local_get(&frame.slot[i]), 0, gc_local_get(&frame.slot[i]));
    }
    gc_freeze(m);
    gc_field_del(m, gc_local_get(&frame.slot[1]), 0);
    gc_local_del(m, &frame.slot[1]);
    gc_collector_check(m);
    tap_equal((int64_t)gc_held_objects(m), 2, "a frozen large object takes its chunk with it");
    gc_field_del(m, gc_local_get(&frame.slot[2]), 0);
    gc_local_del(m, &frame.slot[2]);
    gc_local_del(m, &frame.slot[0]);
    gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    tap_equal((int64_t)gc_held_objects(m), 1, "the first on the list, too; on a ring it stays");
    gc_unfreeze(m);
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)gc_held_objects(m), 0, "until nothing is frozen");
    gc_frame_leave(m, frame);
}

/* Whether the chunk that was opened last was asked for in huge pages. */
static bool newest_has_huge_pages(void)
{
    return heap_of()->chunks->huge;
}

static void pages(void)
{
    list_make(0, MANY / 10);
    gc_freeze(m);
    list_make(1, FEW);
    tap_ok(!newest_has_huge_pages(), "beside a small frozen heap, a new chunk has small pages");
    list_make(1, 3 * MANY);
    gc_freeze(m);
    list_make(1, FEW);
    tap_ok(!heap_of()->chunks->next && newest_has_huge_pages(),
           "beside a large one the first chunk has huge ones");
}

/* Nothing is unfrozen before the end. */
static void stopped(void)
{
    list_make(0, FEW);
    gc_freeze(m);
    list_make(1, FEW);
    gc_freeze(m);
    tap_ok(!heap_of()->chunks, "a second freeze takes the other chunks");
    gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
}

int main(void)
{
    static void (*const tests[])(void) = {not_touched, room, large, pages, stopped};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        m = test_mutator_open(shapes, sizeof shapes / sizeof *shapes, 2, NULL);
        tests[i]();
        test_mutator_close(m);
    }
    return tap_done();
}
