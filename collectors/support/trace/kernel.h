/* SPDX-License-Identifier: MIT */
/*
 * The tracing kernel follows references through the heap and overlaps the cache misses on the way.
 *
 * The kernel queues edges. Here a name that refers to an object counts as an edge too. The queue holds the
 * address of the object that an edge leads to. An object is queued once for each edge to it, and the kernel
 * touches no object when it queues an edge. The life of an edge in kernel_drain():
 *
 *      queued      The edge is on the stack `edges`.
 *      in flight   Up to KERNEL_FLIGHT edges leave the stack together, and their objects are prefetched.
 *                  kernel_drain() claims and visits the flight before this one while the memory arrives.
 *      claimed     claim() reads the object and says whether this edge is the first to reach it. Every later
 *                  edge to the object ends here.
 *      visited     visit() does the caller's work on the object, once, and says whether to follow its
 *                  references. If so, the kernel queues them as new edges.
 *
 * A flight is claimed in a loop of its own. The loop has no branch on what was fetched, because a processor
 * cannot guess which edge comes first.
 *
 * kernel_drain_side_marks() serves collectors whose mark bits are apart from the objects. It prefetches the
 * words of a flight's marks. Then it claims that flight, and prefetches the objects whose first edge this
 * was. While they arrive, it takes the next flight off the stack. Then it visits them. So an object costs one
 * cache miss of its own, however many edges lead to it.
 *
 * The objects of a list come one after the other, and little can be fetched beside them. So while up to KERNEL_FEW edges are
 * on the stack, with no flight on its way and no range that waits, the top one is claimed and visited at once. The object
 * of the next one is prefetched meanwhile.
 *
 * Objects are not aligned to cache lines, so the first references of many objects are in the line after the
 * header's. The kernel prefetches that line too (KERNEL_REACH).
 *
 * When a visited object has more than KERNEL_PIECE references, they wait in `ranges` until no edge is queued.
 * Then they enter the queue KERNEL_PIECE at a time. So a table of millions of references does not fill the
 * stack with edges.
 *
 * One kernel serves marking, the trial decrements of cycle collection and their restoring, and the counting
 * of what newborn objects refer to. Each caller passes its own claim() and visit(), which are inlined.
 *
 * After Cher, Hosking and Vitek, "Software prefetching for mark-sweep garbage collection", ASPLOS 2004. In
 * their collector each edge waits in a ring of prefetched edges; here as many edges wait together in a
 * flight.
 */
#ifndef COLLECTORS_SUPPORT_TRACE_KERNEL_H
#define COLLECTORS_SUPPORT_TRACE_KERNEL_H

#include "collectors/boundaries.h"
#include "collectors/ephemeron.h"
#include "collectors/support/trace/chunk-stack.h"

enum {
    KERNEL_FLIGHT = 48,  /* edges that are prefetched together */
    KERNEL_FEW = 4,      /* edges that are not worth a flight */
    KERNEL_PIECE = 256,  /* references of an object that are queued together, at most */
    KERNEL_BATCH = 1024, /* edges: a queue of so many is worth draining */
    KERNEL_REACH = 24,   /* bytes from an object's header to its third reference, which is prefetched too */
};

static const struct gc_boundary kernel_boundaries[] = {
    GC_BOUNDARY(OBJECTS, KERNEL_FLIGHT), GC_BOUNDARY(REFERENCES, KERNEL_PIECE),
    GC_BOUNDARY(BYTES, KERNEL_REACH),    GC_BOUNDARY(OBJECTS, KERNEL_BATCH),
    GC_BOUNDARY(ROOTS, KERNEL_BATCH),    GC_BOUNDARY_END,
};

struct kernel {
    struct chunk_stack edges;  /* queued edges */
    struct chunk_stack ranges; /* references that wait: for each range `from`, then `to` */
    uint64_t range_count;      /* ranges that wait; asked for whenever `edges` is empty */
};

/* Whether the queue is empty. */
static inline bool kernel_is_idle(const struct kernel *kernel)
{
    return chunk_stack_is_empty(&kernel->edges) && chunk_stack_is_empty(&kernel->ranges) &&
           kernel->range_count == 0;
}

/* Whether the queue is long enough to be worth draining. For a caller that queues edges from a list. */
static inline bool kernel_has_batch(const struct kernel *kernel)
{
    return chunk_stack_count(&kernel->edges) >= KERNEL_BATCH;
}

/*
 * Gives back the memory that the queue has not needed since the last call. At the end of a full collection.
 */
static inline void kernel_trim(struct gc_mutator *mutator, struct kernel *kernel)
{
    chunk_stack_trim(mutator, &kernel->edges);
    chunk_stack_trim(mutator, &kernel->ranges);
}

/* Empties the queue and gives its memory back. */
static inline void kernel_clear(struct gc_mutator *mutator, struct kernel *kernel)
{
    chunk_stack_clear(mutator, &kernel->edges);
    chunk_stack_clear(mutator, &kernel->ranges);
    kernel->range_count = 0;
}

/* Queues an edge to `object`, which is not null. Does not touch the object. */
static inline void kernel_push(struct gc_mutator *mutator, struct kernel *kernel, struct gc_object *object)
{
    chunk_stack_push(mutator, &kernel->edges, object);
}

/*
 * Queues the references from `from` up to `to` that are not null. When the top chunk of the stack has room
 * for all of them, no branch depends on which ones are null: that is hard to predict.
 */
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

/* Lets the references from `from` up to `to` wait until no edge is queued. */
__attribute__((unused, noinline)) static void kernel_push_range_later(struct gc_mutator *mutator,
                                                                      struct kernel *kernel,
                                                                      struct gc_ref *from, struct gc_ref *to)
{
    chunk_stack_push(mutator, &kernel->ranges, (struct gc_object *)from);
    chunk_stack_push(mutator, &kernel->ranges, (struct gc_object *)to);
    kernel->range_count++;
}

/* Queues pieces of the waiting ranges until there is an edge; false when there is none. */
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

/* Queues every reference of `object` from its `first` on, which is constant or 0 at most objects. */
static inline __attribute__((always_inline)) void kernel_push_fields_from(struct gc_mutator *mutator,
                                                                          struct kernel *kernel,
                                                                          struct gc_object *object,
                                                                          uint64_t first)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(mutator->shapes, object);
    if (GC_UNLIKELY(refs > KERNEL_PIECE))
        kernel_push_range_later(mutator, kernel, fields + first, fields + refs);
    else
        kernel_push_range(mutator, kernel, fields + first, fields + refs);
}

/* Queues every reference of `object`. */
static inline void kernel_push_fields(struct gc_mutator *mutator, struct kernel *kernel,
                                      struct gc_object *object)
{
    kernel_push_fields_from(mutator, kernel, object, 0);
}

/* A visit() that only has the object's references followed. */
static inline bool kernel_follow(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    (void)object;
    return true;
}

/* What queues the references of a visited object: kernel_push_fields(), unless there are ephemerons. */
typedef void kernel_pusher(struct gc_mutator *, struct kernel *, struct gc_object *);

/* Whether edges are queued, up to KERNEL_FEW, and no range waits: there is little to overlap. */
static inline bool kernel_has_few_edges(const struct kernel *kernel)
{
    return (uint64_t)(kernel->edges.next - kernel->edges.begin) - 1 < KERNEL_FEW &&
           kernel->edges.full_chunks == 0 && kernel->range_count == 0;
}

/* Takes the top one of a few edges off the stack, and prefetches the object of the next one. */
static inline struct gc_object *kernel_pop_of_few(struct kernel *kernel)
{
    struct gc_object *object = chunk_stack_pop(&kernel->edges);
    if (kernel->edges.next > kernel->edges.begin)
        __builtin_prefetch(kernel->edges.next[-1], 1);
    return object;
}

/*
 * Visits `count` claimed objects and lets `push` queue the references of those for which `visit` returns true.
 * Returns how many objects those are.
 */
static inline __attribute__((always_inline)) uint64_t
kernel_visit(struct gc_mutator *mutator, struct kernel *kernel, struct gc_object *const *objects,
             uint64_t count, bool (*visit)(struct gc_mutator *, struct gc_object *), kernel_pusher *push)
{
    uint64_t followed = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (visit(mutator, objects[i])) {
            push(mutator, kernel, objects[i]);
            followed++;
        }
    }
    return followed;
}

/*
 * Follows every queued edge, and every edge that this queues. The queue is empty afterwards.
 *
 * `claim` is called once for each edge, with the object that the edge leads to. It returns true when the
 * edge is the first to reach the object. `visit` is then called once for the object. It returns true when
 * the object's references are to be followed; `push` queues them. Returns the number of objects whose references
 * were followed. O(edges).
 */
static inline __attribute__((always_inline)) uint64_t
kernel_drain_by(struct gc_mutator *mutator, struct kernel *kernel,
                bool (*claim)(struct gc_mutator *, struct gc_object *),
                bool (*visit)(struct gc_mutator *, struct gc_object *), kernel_pusher *push)
{
    uint64_t followed = 0;
    struct gc_object *flights[2][KERNEL_FLIGHT];
    uint64_t counts[2] = {0};
    for (uint64_t now = 0;; now = !now) {
        uint64_t count = 0;
        while (counts[!now] == 0 && kernel_has_few_edges(kernel)) {
            struct gc_object *object = kernel_pop_of_few(kernel);
            followed += claim(mutator, object) && kernel_visit(mutator, kernel, &object, 1, visit, push);
        }
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
        followed += kernel_visit(mutator, kernel, landed, claimed, visit, push);
        counts[!now] = 0;
    }
}

/* kernel_drain_by(), and all references of a visited object are queued. */
static inline __attribute__((always_inline)) uint64_t
kernel_drain(struct gc_mutator *mutator, struct kernel *kernel,
             bool (*claim)(struct gc_mutator *, struct gc_object *),
             bool (*visit)(struct gc_mutator *, struct gc_object *))
{
    return kernel_drain_by(mutator, kernel, claim, visit, kernel_push_fields);
}

/*
 * Follows every queued edge as kernel_drain_by() does, for a collector whose mark bits are apart from its
 * objects.
 *
 * `mark_word` returns the word with the mark bit of an object, and does not touch the object. `claim` sets
 * the bit in that word, and returns true when the bit was clear. Only then is the object prefetched.
 * `visit` is called once for the object, after the prefetch, and returns true when its references are to be
 * followed. Returns the number of objects whose references were followed. O(edges).
 */
static inline __attribute__((always_inline)) uint64_t
kernel_drain_side_marks_by(struct gc_mutator *mutator, struct kernel *kernel,
                           uint64_t *(*mark_word)(struct gc_mutator *, const struct gc_object *),
                           bool (*claim)(uint64_t *, const struct gc_object *),
                           bool (*visit)(struct gc_mutator *, struct gc_object *), kernel_pusher *push)
{
    uint64_t followed = 0;
    struct gc_object *edges[KERNEL_FLIGHT];
    uint64_t *words[KERNEL_FLIGHT];
    struct gc_object *claimed[KERNEL_FLIGHT];
    uint64_t edge_count = 0;
    uint64_t claimed_count = 0;
    do {
        followed += kernel_visit(mutator, kernel, claimed, claimed_count, visit, push);
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
        while (claimed_count == 0 && kernel_has_few_edges(kernel)) {
            struct gc_object *object = kernel_pop_of_few(kernel);
            followed += claim(mark_word(mutator, object), object) &&
                        kernel_visit(mutator, kernel, &object, 1, visit, push);
        }
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

/* kernel_drain_side_marks_by(), and all references of a visited object are queued. */
static inline __attribute__((always_inline)) uint64_t
kernel_drain_side_marks(struct gc_mutator *mutator, struct kernel *kernel,
                        uint64_t *(*mark_word)(struct gc_mutator *, const struct gc_object *),
                        bool (*claim)(uint64_t *, const struct gc_object *),
                        bool (*visit)(struct gc_mutator *, struct gc_object *))
{
    return kernel_drain_side_marks_by(mutator, kernel, mark_word, claim, visit, kernel_push_fields);
}

/* Queues the references of a visited object where there are ephemerons: `pair` is called for each ephemeron of which it
 * is a part, and queues the value where it is reached. */
static inline __attribute__((always_inline)) void
kernel_push_paired(struct gc_mutator *mutator, struct kernel *kernel, struct gc_object *object,
                   void (*pair)(struct gc_mutator *, void *, struct gc_object *))
{
    kernel_push_fields_from(mutator, kernel, object, gc_fields_first(mutator->shapes, object));
    gc_pairs_each(mutator, object, kernel, pair);
}

/*
 * Queues an edge for each name of the mutator that refers to an object: the root set. Names that follow each other and refer
 * to one object have one edge: a call binds its parameters to what its caller has names for.
 */
static inline void kernel_push_roots(struct gc_mutator *mutator, struct kernel *kernel)
{
    const struct gc_object *last = NULL;
    GC_EACH_ROOT(mutator, slot) {
        struct gc_object *object = slot->ref.object;
        if (object && object != last)
            kernel_push(mutator, kernel, object);
        last = object;
    }
}

#endif
