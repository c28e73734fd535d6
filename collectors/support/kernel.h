/* SPDX-License-Identifier: MIT */
/*
 * The tracing kernel: follows references with their cache misses overlapped. Edges, not objects, are queued:
 * an edge taken off the stack is prefetched and waits in a ring while a dozen others are on their way, and
 * its object is not touched before it leaves the ring. After Cher, Hosking and Vitek, "Software prefetching
 * for mark-sweep garbage collection", ASPLOS 2004.
 *
 * One kernel serves marking, the trial decrements of cycle collection and restoring them: what is done to an
 * object when an edge to it arrives is the caller's, and is inlined.
 */
#ifndef COLLECTORS_SUPPORT_KERNEL_H
#define COLLECTORS_SUPPORT_KERNEL_H

#include "collectors/support/worklist.h"

enum { KERNEL_RING = 16 }; /* a power of two */

struct kernel {
    struct worklist stack; /* edges that have not been prefetched */
    struct gc_object *ring[KERNEL_RING];
    uint64_t taken; /* edges that have left the ring, and that have entered it, since it was made */
    uint64_t entered;
};

/* Queues an edge to `object`, which is not null and is not looked at. */
static inline void kernel_push(struct gc_mutator *mutator, struct kernel *kernel, struct gc_object *object)
{
    worklist_push(mutator, &kernel->stack, object);
}

/* Queues every reference of `object`. */
static inline void kernel_push_fields(struct gc_mutator *mutator, struct kernel *kernel,
                                      struct gc_object *object)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(mutator->shapes, object);
    for (uint64_t i = 0; i < refs; i++) {
        if (fields[i].object)
            kernel_push(mutator, kernel, fields[i].object);
    }
}

/*
 * Follows every queued edge: `arrive` is called once per edge with the object it leads to, and says whether
 * that object's own references are to be followed. Returns the number of objects for which it did. The queue
 * is empty after it.
 */
static inline __attribute__((always_inline)) uint64_t
kernel_drain(struct gc_mutator *mutator, struct kernel *kernel,
             bool (*arrive)(struct gc_mutator *, struct gc_object *))
{
    uint64_t followed = 0;
    for (;;) {
        while (kernel->entered - kernel->taken < KERNEL_RING && kernel->stack.count > 0) {
            struct gc_object *object = worklist_pop(&kernel->stack);
            __builtin_prefetch(object, 1);
            kernel->ring[kernel->entered++ % KERNEL_RING] = object;
        }
        if (kernel->entered == kernel->taken)
            return followed;
        struct gc_object *object = kernel->ring[kernel->taken++ % KERNEL_RING];
        if (arrive(mutator, object)) {
            kernel_push_fields(mutator, kernel, object);
            followed++;
        }
    }
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
