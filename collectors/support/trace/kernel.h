/* SPDX-License-Identifier: MIT */
/*
 * The tracing kernel: follows references with their cache misses overlapped. Edges, not objects, are queued.
 * A flight of them is taken off the stack and prefetched, and what they lead to is not touched before the
 * next flight is on its way. After Cher, Hosking and Vitek, "Software prefetching for mark-sweep garbage
 * collection", ASPLOS 2004, who have a ring in which each edge waits. A flight has as many misses on their
 * way, and its edges are claimed in a loop without a branch on what was fetched: which edge is the first to
 * reach its object no processor guesses.
 *
 * Regions are no multiples of cache lines, so of many objects the first references lie in the line after the
 * header's, and the loop would wait for that one each time: it is fetched with the first.
 *
 * One kernel serves marking, the trial decrements of cycle collection and restoring them, and counting what
 * newborns refer to: what is done to an object when an edge to it arrives is the caller's, and is inlined.
 */
#ifndef COLLECTORS_SUPPORT_TRACE_KERNEL_H
#define COLLECTORS_SUPPORT_TRACE_KERNEL_H

#include "collectors/support/trace/chunk-stack.h"

enum {
    KERNEL_FLIGHT = 48,  /* edges that are fetched together */
    KERNEL_PIECE = 256,  /* references of an object that are queued at once */
    KERNEL_BATCH = 1024, /* edges worth following before more are queued */
    KERNEL_REACH = 24,   /* bytes: from an object's header to its third reference, which is fetched too */
};

struct kernel {
    struct chunk_stack edges;  /* edges that have not been prefetched */
    struct chunk_stack ranges; /* of large objects: the references not queued yet, from and to by turns */
    uint64_t range_count;      /* in it: what the drain asks whenever the stack is empty */
};

/* Whether nothing is queued. */
static inline bool kernel_is_idle(const struct kernel *kernel)
{
    return chunk_stack_is_empty(&kernel->edges) && chunk_stack_is_empty(&kernel->ranges) &&
           kernel->range_count == 0;
}

/* For those who queue from a list: whether it is time to follow what is queued. */
static inline bool kernel_has_batch(const struct kernel *kernel)
{
    return chunk_stack_count(&kernel->edges) >= KERNEL_BATCH;
}

/* At the end of a full collection: gives back the memory of the queue that this one did not need. */
static inline void kernel_trim(struct gc_mutator *mutator, struct kernel *kernel)
{
    chunk_stack_trim(mutator, &kernel->edges);
    chunk_stack_trim(mutator, &kernel->ranges);
}

/* Gives its memory back. */
static inline void kernel_clear(struct gc_mutator *mutator, struct kernel *kernel)
{
    chunk_stack_clear(mutator, &kernel->edges);
    chunk_stack_clear(mutator, &kernel->ranges);
    kernel->range_count = 0;
}

/* Queues an edge to `object`, which is not null and is not looked at. */
static inline void kernel_push(struct gc_mutator *mutator, struct kernel *kernel, struct gc_object *object)
{
    chunk_stack_push(mutator, &kernel->edges, object);
}

/* Without a branch for each, where the top chunk has room for all: which fields are null is hard to guess. */
static inline void kernel_push_range(struct gc_mutator *mutator, struct kernel *kernel,
                                     const struct gc_ref *from, const struct gc_ref *to)
{
    struct gc_object **next = kernel->edges.next;
    if (GC_LIKELY(kernel->edges.end - next >= to - from)) {
        for (; from < to; from++) {
            *next = from->object;
            next += from->object != NULL;
        }
        kernel->edges.next = next;
        return;
    }
    for (; from < to; from++) {
        if (from->object)
            kernel_push(mutator, kernel, from->object);
    }
}

/* Leaves the references of a large object for when nothing else is queued: a table of millions would fill
 * the stack with as many edges. */
__attribute__((unused, noinline)) static void kernel_push_range_later(struct gc_mutator *mutator,
                                                                      struct kernel *kernel,
                                                                      struct gc_ref *from, struct gc_ref *to)
{
    chunk_stack_push(mutator, &kernel->ranges, (struct gc_object *)from);
    chunk_stack_push(mutator, &kernel->ranges, (struct gc_object *)to);
    kernel->range_count++;
}

/* Queues pieces of what was left for later until there is an edge; false when there is none. */
__attribute__((unused, noinline)) static bool kernel_push_piece(struct gc_mutator *mutator,
                                                                struct kernel *kernel)
{
    while (kernel->range_count > 0 && chunk_stack_is_empty(&kernel->edges)) {
        struct gc_ref *to = (struct gc_ref *)chunk_stack_pop(&kernel->ranges);
        struct gc_ref *from = (struct gc_ref *)chunk_stack_pop(&kernel->ranges);
        kernel->range_count--;
        struct gc_ref *middle = to - from > KERNEL_PIECE ? from + KERNEL_PIECE : to;
        if (middle < to)
            kernel_push_range_later(mutator, kernel, middle, to);
        kernel_push_range(mutator, kernel, from, middle);
    }
    return !chunk_stack_is_empty(&kernel->edges);
}

static inline bool kernel_has_edge(struct gc_mutator *mutator, struct kernel *kernel)
{
    return !chunk_stack_is_empty(&kernel->edges) ||
           (kernel->range_count > 0 && kernel_push_piece(mutator, kernel));
}

/* Queues every reference of `object`. */
static inline void kernel_push_fields(struct gc_mutator *mutator, struct kernel *kernel,
                                      struct gc_object *object)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(mutator->shapes, object);
    if (GC_UNLIKELY(refs > KERNEL_PIECE))
        kernel_push_range_later(mutator, kernel, fields, fields + refs);
    else
        kernel_push_range(mutator, kernel, fields, fields + refs);
}

/* What arrives at an object and has nothing to do there but to go on. */
static inline bool kernel_follow(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    (void)object;
    return true;
}

/* Queues the references of those of `objects` of which `visit` says so. Returns how many those are. */
static inline __attribute__((always_inline)) uint64_t
kernel_visit(struct gc_mutator *mutator, struct kernel *kernel, struct gc_object *const *objects,
             uint64_t count, bool (*visit)(struct gc_mutator *, struct gc_object *))
{
    uint64_t followed = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (visit(mutator, objects[i])) {
            kernel_push_fields(mutator, kernel, objects[i]);
            followed++;
        }
    }
    return followed;
}

/*
 * Follows every queued edge: `claim` is called once per edge with the object it leads to, and says whether
 * this edge is the first. `visit` is called once for such an object, and says whether its own references are
 * to be followed. Returns the number of objects for which it did. The queue is empty after it.
 */
static inline __attribute__((always_inline)) uint64_t
kernel_drain(struct gc_mutator *mutator, struct kernel *kernel,
             bool (*claim)(struct gc_mutator *, struct gc_object *),
             bool (*visit)(struct gc_mutator *, struct gc_object *))
{
    uint64_t followed = 0;
    struct gc_object *flights[2][KERNEL_FLIGHT];
    uint64_t counts[2] = {0};
    for (uint64_t now = 0;; now = !now) {
        uint64_t count = 0;
        while (count < KERNEL_FLIGHT && kernel_has_edge(mutator, kernel)) {
            struct gc_object *object = chunk_stack_pop(&kernel->edges);
            __builtin_prefetch(object, 1);
            __builtin_prefetch((const char *)object + KERNEL_REACH);
            flights[now][count++] = object;
        }
        counts[now] = count;
        if (counts[0] + counts[1] == 0)
            return followed;
        struct gc_object **landed = flights[!now];
        uint64_t claimed = 0;
        for (uint64_t i = 0; i < counts[!now]; i++) {
            struct gc_object *object = landed[i];
            landed[claimed] = object;
            claimed += claim(mutator, object);
        }
        followed += kernel_visit(mutator, kernel, landed, claimed, visit);
        counts[!now] = 0;
    }
}

/*
 * Follows every queued edge, for a collector with marks beside its objects. `where` says which word has the
 * mark of an object and does not look at it, `claim` sets it there and says whether this edge is the first,
 * and only then is the object itself fetched: `visit` is called once for it, when it is there, and says
 * whether its references are to be followed. Returns for how many it did.
 */
static inline __attribute__((always_inline)) uint64_t
kernel_drain_side_marks(struct gc_mutator *mutator, struct kernel *kernel,
                        uint64_t *(*mark_word)(struct gc_mutator *, const struct gc_object *),
                        bool (*claim)(uint64_t *, const struct gc_object *),
                        bool (*visit)(struct gc_mutator *, struct gc_object *))
{
    uint64_t followed = 0;
    struct gc_object *edges[KERNEL_FLIGHT];
    uint64_t *words[KERNEL_FLIGHT];
    struct gc_object *claimed[KERNEL_FLIGHT];
    uint64_t edge_count = 0;
    uint64_t claimed_count = 0;
    do {
        followed += kernel_visit(mutator, kernel, claimed, claimed_count, visit);
        claimed_count = 0;
        for (uint64_t i = 0; i < edge_count; i++) {
            claimed[claimed_count] = edges[i];
            claimed_count += claim(words[i], edges[i]);
        }
        for (uint64_t i = 0; i < claimed_count; i++) {
            __builtin_prefetch(claimed[i]);
            __builtin_prefetch((const char *)claimed[i] + KERNEL_REACH);
        }
        edge_count = 0;
        while (edge_count < KERNEL_FLIGHT && kernel_has_edge(mutator, kernel)) {
            struct gc_object *object = chunk_stack_pop(&kernel->edges);
            uint64_t *word = mark_word(mutator, object);
            __builtin_prefetch(word, 1);
            words[edge_count] = word;
            edges[edge_count++] = object;
        }
    } while (edge_count + claimed_count > 0);
    return followed;
}

/* Queues what every name of the mutator refers to. */
static inline void kernel_push_roots(struct gc_mutator *mutator, struct kernel *kernel)
{
    for (struct gc_slot *slot = mutator->base; slot < mutator->top; slot++) {
        if (slot->ref.object)
            kernel_push(mutator, kernel, slot->ref.object);
    }
}

#endif
