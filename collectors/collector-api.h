/* SPDX-License-Identifier: MIT */
/* What the harness calls of a collector, out of line. Each collector.c defines all of it. */
#ifndef COLLECTORS_COLLECTOR_API_H
#define COLLECTORS_COLLECTOR_API_H

#include "base/options.h"
#include "collectors/boundaries.h"
#include "collectors/bounds.h"
#include "collectors/mutator.h"
#include "collectors/traits.h"

/* A pattern that is superlinear as published, or whose peak stays (harness/stress/work-patterns.c). */
struct gc_superlinear {
    const char *pattern; /* its name; NULL ends a list */
    const char *reason;  /* one line */
};

struct gc_collector {
    const char *name;
    const char *group;   /* "baseline", "counting", "tracing", "truth" */
    const char *summary; /* one line */
    const struct gc_traits *traits;
    uint64_t mutator_bytes; /* size of the collector's struct, which begins with struct gc_mutator */
    const struct option_table *options;
    const struct gc_superlinear *superlinear; /* ends with a NULL pattern; or NULL: linear on all of them */
    /* The tables of boundaries of its units, and then NULL; or NULL, when it has none (boundaries.h). */
    const struct gc_boundary *const *boundaries;
    /* States what the collector can be held to under these options; or NULL: it states nothing. `ret_bounds`
     * is zeroed before. */
    void (*bounds)(const void *options, struct gc_bounds *ret_bounds);
    /* The results of a collector that observes, or NULL: a new JSON object, the key `truth` of the record. */
    struct json_t *(*truth)(struct gc_mutator *mutator);
    /* For a collector that knows, or NULL: what counting alone would hold now. Called after a full
     * collection. */
    void (*counted)(struct gc_mutator *mutator, uint64_t *ret_objects, uint64_t *ret_bytes);
};

/* The one collector in this process. */
extern const struct gc_collector gc_collector;

/* Objects freed outside of all pauses, which have freed `in_pauses`. 0 where a conservative collector holds again what a
 * pause has freed. */
static inline uint64_t gc_freed_between(const struct gc_mutator *mutator, uint64_t in_pauses)
{
    uint64_t between = mutator->account.freed_objects - in_pauses;
    return gc_collector.traits->conservative && (int64_t)between < 0 ? 0 : between;
}

/* The parts of a new mutator. A field that is left out is null or 0. */
struct gc_mutator_setup {
    struct gc_slot *slots; /* they outlive the mutator; those of the global names are zeroed */
    uint64_t slot_count;
    const struct gc_shape *shapes;
    uint64_t shape_count;
    uint64_t global_count;
    uint64_t heap_limit; /* most charged bytes, see gc_charged_bytes(); UINT64_MAX for no limit */
    __attribute__((noreturn)) void (*exhausted)(struct gc_mutator *mutator, enum gc_exhaustion why);
    struct gc_observer observer;
    struct gc_test_hooks test;
    void (*finalise)(struct gc_mutator *mutator, struct gc_slot *self,
                     enum gc_due due); /* see struct gc_dues */
    enum gc_external_use external;     /* see gc_external_use() */
    const void *options; /* the struct that the collector's option table describes; it outlives the mutator */
};

/*
 * Makes a mutator with an empty heap, and starts the collector. contract.c defines it for every collector.
 * `mutator` is zeroed memory of `mutator_bytes` of gc_collector. No sample is due: a caller that wants samples
 * sets `sample_at` and calls gc_allocation_rearm(). End with gc_collector_stop().
 */
void gc_mutator_open(struct gc_mutator *mutator, const struct gc_mutator_setup *setup);

/*
 * Begins with an empty heap, and sets `poll_at`. gc_mutator_open() calls it, after it has filled in the
 * struct gc_mutator at the beginning of `mutator`; the rest of the struct is zeroed. `options` is the struct
 * that the option table describes; it stays valid.
 */
void gc_collector_start(struct gc_mutator *mutator, const void *options);

/*
 * Called before the object that would take the allocation clock past `poll_at`. Collects if it is time.
 * Returns the next `poll_at` (struct gc_clock).
 */
uint64_t gc_collector_poll(struct gc_mutator *mutator);

/*
 * Recomputes every invariant of the collector's own structures: lists, buffers, colours, and counts against a
 * recount if the collector can enumerate its objects. Traps at the first that does not hold, with a line on
 * standard error. Call it between operations only. O(heap).
 */
void gc_collector_check(struct gc_mutator *mutator);

/* Drops what each global name refers to. contract.c defines it for every collector. [drops] */
void gc_globals_drop(struct gc_mutator *mutator);

/* Frees the collector's own tables. Every frame has been left. Objects that are still held are not
 * visited. */
void gc_collector_stop(struct gc_mutator *mutator);

#endif
