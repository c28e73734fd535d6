/* SPDX-License-Identifier: MIT */
/*
 * The mutator: one thread's names, its allocation clock, and the hooks of those who observe it.
 *
 * Names live on one contiguous stack of slots that never moves: a frame is a stretch of it, the globals are
 * its first stretch, and the exact roots of the program are the slots between `base` and `top`. A slot's
 * address is therefore good for as long as its frame.
 *
 * A collector that needs more per mutator declares a struct that begins with this one.
 */
#ifndef COLLECTORS_MUTATOR_H
#define COLLECTORS_MUTATOR_H

#include <time.h>

#include "collectors/object.h"

/* A name: a place on the stack that refers to an object or to none. */
struct gc_slot {
    struct gc_ref ref;
};

/* The local names of one call. */
struct gc_frame {
    struct gc_slot *slot;
    uint64_t count;
};

enum gc_pause_kind { GC_PAUSE_FULL, GC_PAUSE_YOUNG, GC_PAUSE_SLICE, GC_PAUSE_CASCADE };

/* A stretch of time that the collector took from the mutator. Times are of gc_clock(). */
struct gc_pause {
    enum gc_pause_kind kind;
    uint64_t begin_ns;
    uint64_t end_ns;
    uint64_t visited_objects;
    uint64_t freed_objects;
    uint64_t freed_bytes;
};

struct gc_mutator;

/* Who observes a mutator. Called outside the mutator's own work; may not touch the heap. */
struct gc_listener {
    /* After each pause. */
    void (*pause)(struct gc_listener *listener, const struct gc_pause *pause);
    /* When the allocation clock has passed `sample_at`; returns the next mark, in bytes. */
    uint64_t (*sample)(struct gc_listener *listener, const struct gc_mutator *mutator);
};

/* Why a mutator cannot go on. */
enum gc_exhaustion {
    GC_EXHAUSTED_HEAP,     /* no memory for an object: the heap is whole and may still be torn down */
    GC_EXHAUSTED_METADATA, /* no memory for the collector's own tables, in mid-collection: it may not */
    GC_EXHAUSTED_STACK,    /* no slots for a frame: calls too deep */
};

/* The stack of slots. The roots are the slots between `base` and `top`. */
struct gc_roots {
    struct gc_slot *top;   /* the first slot that no frame has */
    struct gc_slot *limit; /* one past the last slot there is */
    struct gc_slot *base;  /* the first slot: the globals begin here */
    uint64_t global_count;
};

/* The allocation clock counts the bytes of all objects ever made. `event_at`, `poll_at` and `sample_at` are
 * readings of it at which something is due. */
struct gc_clock {
    uint64_t allocated_bytes; /* the clock itself */
    uint64_t event_at; /* gc_allocation_event() is due: the least of both below and of heap_limit's mark */
    uint64_t allocated_objects;
    uint64_t poll_at;    /* the collector wants to be asked: gc_collector_poll() */
    uint64_t sample_at;  /* the listener wants a sample */
    uint64_t heap_limit; /* bytes that objects and metadata may hold together: see gc_charged_bytes() */
};

/* What was freed, and what the collector's own tables hold. */
struct gc_account {
    uint64_t freed_objects;
    uint64_t freed_bytes;
    uint64_t freed_in_cascades; /* objects freed in recorded cascades */
    uint64_t prefix_bytes;      /* the collector's, in front of each object's header */
    uint64_t metadata_bytes;    /* the collector's own tables and stacks, now and at most */
    uint64_t metadata_peak;
    uint64_t charged_peak; /* most charged bytes seen, where gc_charged_note() looks */
    uint64_t held_peak;    /* most objects held, where gc_charged_note() looks */
    bool collecting;       /* frees belong to a collection, not to a cascade */
};

/* Who looks on, and what the collector tells them. */
struct gc_observer {
    struct gc_listener *listener; /* or NULL: nothing is recorded */
    /* Called by gc_checkpoint(), or NULL. */
    void (*checkpoint)(struct gc_mutator *mutator, const char *label);
    bool workload_returned;     /* what comes now is the harness's */
    bool counts_possible_roots; /* whether a collector that buffers possible roots is to keep the two below */
    /* Summed over its collections: those that were still suspect when it began, and those of them that turned
     * out to be garbage. */
    uint64_t possible_roots_examined;
    uint64_t possible_roots_dead;
};

/* For tests alone. */
struct gc_test_hooks {
    /* Called at every allocation, before it, when not NULL: a test collects there. May collect. */
    void (*zeal)(struct gc_mutator *mutator);
    bool returns_memory; /* what is free goes back to malloc at once, which sees it used there; and chunks are
                            small, so that small heaps have many */
};

struct gc_mutator {
    struct gc_roots roots;
    const struct gc_shape *shapes;
    struct gc_clock clock;
    struct gc_account account;
    uint64_t shape_count;
    /* What to do when memory is out. Does not return. */
    __attribute__((noreturn)) void (*exhausted)(struct gc_mutator *mutator, enum gc_exhaustion why);
    struct gc_observer observer;
    struct gc_test_hooks test;
};

enum { GC_CACHE_LINE = 64 };

/* What the inlined operations touch fills the first cache line. What each free touches begins the second. */
static_assert(offsetof(struct gc_mutator, clock.allocated_objects) + sizeof(uint64_t) == GC_CACHE_LINE,
              "the fast path's fields fill one cache line");
static_assert(offsetof(struct gc_mutator, account.freed_bytes) + sizeof(uint64_t) <= 2 * GC_CACHE_LINE,
              "what a free counts stands in the line after it");

/* Bytes that objects hold now, freed ones taken off: garbage not yet freed is in it. */
static inline uint64_t gc_held_bytes(const struct gc_mutator *mutator)
{
    return mutator->clock.allocated_bytes - mutator->account.freed_bytes;
}

static inline uint64_t gc_held_objects(const struct gc_mutator *mutator)
{
    return mutator->clock.allocated_objects - mutator->account.freed_objects;
}

/* What is held against the heap limit: objects, the collector's prefix of each, and its tables and stacks. */
static inline uint64_t gc_charged_bytes(const struct gc_mutator *mutator)
{
    return gc_held_bytes(mutator) + gc_held_objects(mutator) * mutator->account.prefix_bytes +
           mutator->account.metadata_bytes;
}

/*
 * Keeps the peaks of the charged bytes and of the objects held. They rise at each allocation, which must not
 * pay for this, and fall in pauses. So the peaks are looked at where a pause begins, where tables grow, and at
 * each event of the allocation clock. A peak missed in between exceeds the noted one by less than is allocated
 * between two samples. `uncharged_bytes` are held at the moment and charged nowhere: the copies of a collector
 * that moves.
 */
static inline void gc_charged_note(struct gc_mutator *mutator, uint64_t uncharged_bytes)
{
    uint64_t charged = gc_charged_bytes(mutator) + uncharged_bytes;
    if (charged > mutator->account.charged_peak)
        mutator->account.charged_peak = charged;
    if (gc_held_objects(mutator) > mutator->account.held_peak)
        mutator->account.held_peak = gc_held_objects(mutator);
}

/* Nanoseconds of CLOCK_MONOTONIC_RAW: not slewed, read without a system call. */
static inline uint64_t gc_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* `gc.collect()`. GC_COLLECT_YOUNG is a wish: collectors without generations collect fully. [collects]
 * [drops] */
void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind);

/*
 * `sys.getrefcount(x)` less the reference of the argument itself. -1 where the collector does not count,
 * INT64_MAX for a saturated count.
 */
int64_t gc_count(struct gc_ref object);

/*
 * The slow path of allocation, entered when an object of `bytes` would take the clock past `event_at`:
 * samples, asks the collector, holds to the heap limit, and sets the next event. May collect. Ends the run
 * through `exhausted` when the limit stands in the way after a full collection. Tables that grow in
 * mid-collection are charged from the next object on: a collection that has begun is not stopped.
 */
void gc_allocation_event(struct gc_mutator *mutator, uint64_t bytes);

/* The other one: malloc had no memory. Collects fully and tries again; ends the run through `exhausted`.
 * Returns memory. */
void *gc_allocation_retry(struct gc_mutator *mutator, uint64_t bytes);

/* Recomputes `event_at` after one of the marks it is made of has changed. */
void gc_allocation_rearm(struct gc_mutator *mutator);

/* Ends the run: a frame did not fit. */
__attribute__((noreturn, cold)) void gc_frame_overflow(struct gc_mutator *mutator);

/* Adds to or takes from what the collector's own tables hold, which brings the heap limit nearer or puts it
 * off. */
void gc_metadata_grow(struct gc_mutator *mutator, int64_t bytes);

/*
 * A pause, from begin to end. With no listener neither reads the clock. `gc_pause_begin` sets
 * `collecting`, so frees inside are not recorded as cascades of their own.
 */
struct gc_pause gc_pause_begin(struct gc_mutator *mutator, enum gc_pause_kind kind);
void gc_pause_end(struct gc_mutator *mutator, struct gc_pause *pause, uint64_t visited_objects);

#endif
