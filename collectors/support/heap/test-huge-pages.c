/* SPDX-License-Identifier: MIT */
/*
 * Which memory is asked for in huge pages, as the system's own records have it: chunks of a heap after its
 * first ones, large objects and long lists, and nothing small. And which small pages are there before an object uses
 * them.
 */
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include "base/pages.h"
#include "collectors/gc.h"
#include "collectors/support/trace/worklist.h"
#include "tests/mutator.h"
#include "tests/tap.h"

enum { FEW = 320000, NODES = 450000, LARGE = 3 * HUGE_PAGE_BYTES, ENTRIES = 1 << 20, LEAST_PAGE = 4096 };

static const struct gc_shape shapes[] = {
    {.name = "node", .id = 0, .refs = 2},
    {.name = "bytes", .id = 1, .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_BYTES_VARY},
};

/* Whether the mapping around `address` has the flag of madvise(MADV_HUGEPAGE). */
static bool is_asked_for(const void *address)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[4096];
    unsigned long from, to;
    bool inside = false;
    bool asked = false;
    while (maps && fgets(line, sizeof line, maps)) {
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
            inside = (uintptr_t)address >= from && (uintptr_t)address < to;
        else if (inside && strncmp(line, "VmFlags:", 8) == 0)
            asked = strstr(line, " hg") != NULL;
    }
    if (maps)
        fclose(maps);
    return asked;
}

static const void *middle_of(const void *memory, uint64_t bytes)
{
    return (const char *)memory + bytes / 2;
}

static void list_grow(struct gc_mutator *mutator, struct gc_slot *list, struct gc_slot *node, int count)
{
    for (int i = 0; i < count; i++) {
        gc_local_new(mutator, node, &shapes[0], 0);
        gc_field_set(mutator, gc_local_get(node), 0, gc_local_get(list));
        gc_local_move(mutator, list, node);
    }
}

static int chunks_asked_for(const struct block_heap *heap)
{
    int count = 0;
    for (const struct block_chunk *chunk = heap->chunks; chunk; chunk = chunk->next)
        count += is_asked_for(middle_of(chunk->memory, BLOCK_CHUNK_BYTES));
    return count;
}

static int chunks_of(const struct block_heap *heap)
{
    int count = 0;
    for (const struct block_chunk *chunk = heap->chunks; chunk; chunk = chunk->next)
        count++;
    return count;
}

static long pages_of_block(void)
{
    return BLOCK_BYTES / sysconf(_SC_PAGESIZE);
}

/* How many pages are there of the block around `address`; -1: the system does not say. */
static long pages_present(const void *address)
{
    uintptr_t block = (uintptr_t)address & ~(uintptr_t)(BLOCK_BYTES - 1);
    unsigned char there[BLOCK_BYTES / LEAST_PAGE];
    long present = 0;
    if (mincore((void *)block, BLOCK_BYTES, there) != 0)
        return -1;
    for (long i = 0; i < pages_of_block(); i++)
        present += there[i] & 1;
    return present;
}

/* Whether all pages of the block that nodes come from are there. */
static bool block_is_present(struct gc_slot *node)
{
    return pages_present(gc_local_get(node).object) == pages_of_block();
}

/* Whether the block after the one that nodes come from has no page. */
static bool next_is_untouched(struct gc_slot *node)
{
    return pages_present((const char *)gc_local_get(node).object + BLOCK_BYTES) == 0;
}

/* Whether the system makes huge pages of memory that nobody asks them for. */
static bool huge_by_itself(void)
{
    char line[64] = "";
    FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "r");
    if (file && !fgets(line, sizeof line, file))
        line[0] = '\0';
    if (file)
        fclose(file);
    return strstr(line, "[always]");
}

static void heap_grows(struct gc_mutator *mutator)
{
    struct block_heap *heap = &((struct block_rc_mutator *)mutator)->heap;
    struct gc_slot *list = gc_global(mutator, 0);
    struct gc_slot *node = gc_global(mutator, 1);
    gc_local_new(mutator, list, &shapes[0], 0);
    if (huge_by_itself()) {
        tap_skip("blocks are faulted in as they are used", "the system gives huge pages unasked");
    } else {
        tap_ok(!block_is_present(list), "the first block of a class is faulted in as it is used");
        tap_ok(next_is_untouched(list), "the next one is not touched");
    }
    uint64_t empty = heap->empty_count;
    while (heap->empty_count == empty)
        list_grow(mutator, list, node, 1);
    tap_ok(block_is_present(list), "the second one at once");
    list_grow(mutator, list, node, FEW);
    tap_ok(chunks_of(heap) == 4 && chunks_asked_for(heap) == 0, "a small heap has small pages");
    list_grow(mutator, list, node, NODES - FEW);
    tap_ok(chunks_of(heap) > 4 && chunks_asked_for(heap) == chunks_of(heap) - 4,
           "what a larger one takes is asked for in huge ones");
    tap_note("%d chunks", chunks_of(heap));
}

static void large_object(struct gc_mutator *mutator)
{
    struct gc_slot *large = gc_global(mutator, 1);
    gc_local_new(mutator, large, &shapes[1], LARGE);
    tap_ok(is_asked_for(middle_of(gc_local_get(large).object, LARGE)), "so is a large object");
}

static void long_list(struct gc_mutator *mutator)
{
    struct worklist list = {0};
    worklist_grow(mutator, &list);
    tap_ok(!is_asked_for(list.items), "not so a short list");
    while (list.capacity < ENTRIES)
        worklist_grow(mutator, &list);
    tap_ok(is_asked_for(middle_of(list.items, list.capacity * sizeof *list.items)), "but a long one");
    worklist_clear(mutator, &list);
}

int main(void)
{
    mallopt(M_PERTURB, 0); /* which would touch memory before an object does */
    void *tried = mmap(NULL, HUGE_PAGE_BYTES, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (tried == MAP_FAILED || madvise(tried, HUGE_PAGE_BYTES, MADV_HUGEPAGE) != 0) {
        puts("1..0 # SKIP this system knows no transparent huge pages");
        return 0;
    }
    munmap(tried, HUGE_PAGE_BYTES);
    struct gc_mutator *mutator = test_mutator_open(shapes, 2, 2, NULL);
    heap_grows(mutator);
    large_object(mutator);
    long_list(mutator);
    test_mutator_close(mutator);
    return tap_done();
}
