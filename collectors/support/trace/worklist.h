/* SPDX-License-Identifier: MIT */
/*
 * A list of objects in one array that doubles, last in, first out: for what is gone through by index, such as
 * root buffers, zero count tables, logs and lists of garbage, and for the mark stack of a textbook collector.
 * The queue of the tracing kernel only pushes and pops, and is a chunk stack (support/trace/chunk-stack.h).
 *
 * Its memory is mapped, not taken from malloc, so it grows while the allocator is out of memory or busy, and
 * what it holds counts as the collector's metadata.
 */
#ifndef COLLECTORS_SUPPORT_TRACE_WORKLIST_H
#define COLLECTORS_SUPPORT_TRACE_WORKLIST_H

#include "collectors/mutator.h"

enum {
    WORKLIST_KEPT = 1 << 17, /* entries for which there is always room: a mebibyte */
    WORKLIST_SPARE = 4,      /* times what it held that a list keeps room for */
};

struct worklist {
    struct gc_object **items;
    uint64_t count;
    uint64_t capacity;
};

/* Doubles the room. Ends the run when the system has no memory. */
__attribute__((cold, noinline)) void worklist_grow(struct gc_mutator *mutator, struct worklist *list);

/* Gives the memory back; the list is empty and may be used again. */
void worklist_clear(struct gc_mutator *mutator, struct worklist *list);

/* Forgets what is in it, at the end of a collection. The next one will want as much room: the memory is given
 * back only if it is large, and was hardly used this time. */
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

/* The object pushed last, or NULL. */
static inline struct gc_object *worklist_pop(struct worklist *list)
{
    return list->count ? list->items[--list->count] : NULL;
}

#endif
