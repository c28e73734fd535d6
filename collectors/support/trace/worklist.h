/* SPDX-License-Identifier: MIT */
/*
 * A list of objects in one array that doubles, last in, first out. It serves as the mark stack of a
 * textbook collector, and for lists that are gone through by index: root buffers, zero count tables, logs,
 * lists of garbage. The queue of the tracing kernel only pushes and pops, and is a chunk stack
 * (trace/chunk-stack.h).
 *
 * The memory is mapped and not taken from malloc. So the list grows while the allocator is out of memory or
 * busy. The memory counts as the collector's metadata.
 */
#ifndef COLLECTORS_SUPPORT_TRACE_WORKLIST_H
#define COLLECTORS_SUPPORT_TRACE_WORKLIST_H

#include "collectors/boundaries.h"
#include "collectors/mutator.h"

enum {
    WORKLIST_KEPT = 1 << 17, /* entries for which an emptied list keeps its room: 1 MiB */
    WORKLIST_SPARE = 4,      /* an emptied list keeps room for so many times what it held */
};

extern const struct gc_boundary worklist_boundaries[];

struct worklist {
    struct gc_object **items;
    uint64_t count;
    uint64_t capacity;
};

/* Doubles the room. Ends the workload when the system has no memory. */
__attribute__((cold, noinline)) void worklist_grow(struct gc_mutator *mutator, struct worklist *list);

/* Gives all memory back. The list is empty and may be used again. */
void worklist_clear(struct gc_mutator *mutator, struct worklist *list);

/*
 * Empties the list at the end of a collection. The next collection wants about as much room. So the memory
 * is given back only if it is large and was hardly used this time.
 */
static inline void worklist_empty(struct gc_mutator *mutator, struct worklist *list)
{
    uint64_t held = list->count;
    list->count = 0;
    if (list->capacity > WORKLIST_KEPT && list->capacity / WORKLIST_SPARE > held)
        worklist_clear(mutator, list);
}

static inline void worklist_push(struct gc_mutator *mutator, struct worklist *list, struct gc_object *object)
{
    if (GC_UNLIKELY(list->count == list->capacity))
        worklist_grow(mutator, list);
    list->items[list->count++] = object;
}

/* Takes the object pushed last off the list, or returns NULL. */
static inline struct gc_object *worklist_pop(struct worklist *list)
{
    return list->count ? list->items[--list->count] : NULL;
}

#endif
