/* SPDX-License-Identifier: MIT */
#include "collectors/support/trace/worklist.h"

#include <sys/mman.h>

#include "base/pages.h"
#include "collectors/boundaries.h"

enum { FIRST_CAPACITY = 8192 }; /* 64 KiB */

const struct gc_boundary worklist_boundaries[] = {
    GC_BOUNDARY(OBJECTS, FIRST_CAPACITY),
    GC_BOUNDARY(OBJECTS, WORKLIST_KEPT),
    GC_BOUNDARY(OBJECTS, (2 * WORKLIST_KEPT / WORKLIST_SPARE)),
    GC_BOUNDARY_END,
};

void worklist_grow(struct gc_mutator *mutator, struct worklist *list)
{
    uint64_t capacity = list->capacity ? list->capacity * 2 : FIRST_CAPACITY;
    uint64_t bytes = capacity * sizeof *list->items;
    uint64_t old_bytes = list->capacity * sizeof *list->items;
    void *items = list->items ? mremap(list->items, old_bytes, bytes, MREMAP_MAYMOVE)
                              : mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (items == MAP_FAILED)
        mutator->exhausted(mutator, GC_EXHAUSTED_METADATA);
    huge_pages_ask(items, bytes);
    gc_metadata_grow(mutator, (int64_t)(bytes - old_bytes));
    list->items = items;
    list->capacity = capacity;
}

void worklist_clear(struct gc_mutator *mutator, struct worklist *list)
{
    if (list->items)
        munmap(list->items, list->capacity * sizeof *list->items);
    gc_metadata_grow(mutator, -(int64_t)(list->capacity * sizeof *list->items));
    *list = (struct worklist){0};
}
