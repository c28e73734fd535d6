/* SPDX-License-Identifier: MIT */
/*
 * The mutator: one thread's root set, its allocation clock, the account of its heap, and its observers.
 *
 * Slots stand on one contiguous stack that never moves:
 *
 *       base                                                    top              limit
 *       | global names | frame 1 | frame 2 | ...  | last frame  | free slots     |
 *       '--------------------- the root set --------------------'
 *
 * A frame is a range of slots. The first range holds the global names, and is never left. The root set is
 * exactly the slots from `base` up to `top`. The address of a slot is good for as long as its frame.
 *
 * A collector that needs more per mutator declares a struct that begins with struct gc_mutator.
 */
#ifndef COLLECTORS_MUTATOR_H
#define COLLECTORS_MUTATOR_H

#include <time.h>

#include "base/pause.h"
#include "collectors/object.h"

/* A place on the stack for one reference: a local or global name. */
struct gc_slot {
    struct gc_ref ref;
};

/* The slots of one call. */
struct gc_frame {
    struct gc_slot *slot; /* the first of them */
    uint64_t count;
};

enum gc_pause_kind { GC_PAUSE_FULL, GC_PAUSE_YOUNG, GC_PAUSE_SLICE, GC_PAUSE_CASCADE };

/*
 * A stretch of time that the collector took from the mutator. Times are readings of gc_clock().
 *
 * A conservative collector may hold again what it had counted as freed, and then the account falls. Its pauses free what
 * raises the account above its highest value so far, and nothing else: so no pause frees an object twice.
 */
struct gc_pause {
    enum gc_pause_kind kind;
    enum gc_reason reason;
    uint64_t begin_ns;
    uint64_t end_ns;
    uint64_t visited_objects;
    uint64_t freed_objects;
    uint64_t freed_bytes;
};

struct gc_mutator;

/* An observer of a mutator. It is called outside the mutator's own work, and may not touch the heap. */
struct gc_listener {
    /* Called where a pause begins; returns the reading of gc_clock() that it begins at. NULL: nothing listens,
     * and it begins now. */
    uint64_t (*begin)(struct gc_listener *listener);
    /* Called after each pause. */
    void (*pause)(struct gc_listener *listener, const struct gc_pause *pause);
    /* Called where a phase of a pause begins. NULL: phases are not recorded. */
    void (*phase)(struct gc_listener *listener, const struct gc_mutator *mutator, enum gc_phase phase);
    /* Called before the object that would take the allocation clock past `sample_at`. Returns the next
     * `sample_at`, in bytes. */
    uint64_t (*sample)(struct gc_listener *listener, const struct gc_mutator *mutator);
};

/* What is called of a workload between its operations. */
enum gc_due { GC_DUE_FINALISER, GC_DUE_CALLBACK };

/* Why a mutator cannot go on. */
enum gc_exhaustion {
    GC_EXHAUSTED_HEAP,     /* no memory for an object; the heap is whole and may be torn down */
    GC_EXHAUSTED_METADATA, /* no memory for the tables, in mid-collection; the heap may not be torn down */
    GC_EXHAUSTED_STACK,    /* no slots for a frame: the calls are too deep */
};

/* Holds the stack of slots. The root set is the slots from `base` up to `top`. */
struct gc_roots {
    struct gc_slot *top;   /* the first slot that no frame has */
    struct gc_slot *limit; /* one past the last slot there is */
    struct gc_slot *base;  /* the first slot: the first global name */
    uint64_t global_count; /* the number of global names */
};

/* The allocation clock counts the bytes of all objects ever made. `event_at`, `poll_at` and `sample_at` are
 * readings of the clock, in bytes. Something is due before the object that would take the clock past one of
 * them. The value 0 means the next allocation. The value UINT64_MAX means never by the clock alone. Who
 * changes `poll_at` outside gc_collector_poll(), or `sample_at` outside `sample`, calls
 * gc_allocation_rearm(). */
struct gc_clock {
    uint64_t allocated_bytes;   /* the clock itself */
    uint64_t event_at;          /* gc_allocation_event() is due: first of poll_at, sample_at, the limit */
    uint64_t allocated_objects; /* objects ever made */
    uint64_t poll_at;           /* gc_collector_poll() is due: the collector decides whether to collect */
    uint64_t sample_at;         /* the listener's `sample` is due */
    uint64_t heap_limit;        /* most bytes that may be charged: see gc_charged_bytes() */
};

/* What was freed, and what the collector holds besides objects. */
struct gc_account {
    uint64_t freed_objects;     /* objects ever freed */
    uint64_t freed_bytes;       /* their bytes, without prefixes */
    uint64_t freed_in_cascades; /* objects freed in recorded cascades */
    uint64_t prefix_bytes;      /* bytes that the collector has in front of each object's header */
    uint64_t metadata_bytes;    /* bytes of the collector's own tables and stacks */
    uint64_t metadata_peak;     /* the most there have been of those */
    uint64_t charged_peak;      /* most charged bytes that gc_charged_note() saw */
    uint64_t held_peak;         /* most objects held that gc_charged_note() saw */
    bool collecting;            /* in a collection: frees belong to it, and not to a cascade */
    enum gc_reason reason;      /* of a pause that begins now: see gc_reason() */
};

/* Those who observe the mutator, and what a collector counts for them. */
struct gc_observer {
    struct gc_listener *listener; /* NULL: nothing is recorded */
    /* Called by gc_checkpoint(); or NULL. */
    void (*checkpoint)(struct gc_mutator *mutator, const char *label);
    bool workload_returned;     /* the workload has returned: later operations are the harness's */
    bool counts_possible_roots; /* a collector that buffers possible roots keeps the two below */
    /* Summed over all collections: the possible roots that were still suspect when the collection began, and
     * those of them that turned out to be garbage. */
    uint64_t possible_roots_examined;
    uint64_t possible_roots_dead;
};

/* For tests alone. */
struct gc_test_hooks {
    /* Called before every allocation, if not NULL. A test collects there: it may collect. */
    void (*zeal)(struct gc_mutator *mutator);
    /* Free memory goes back to malloc at once, so that a tool sees it used afterwards. Chunks are small, so
     * that small heaps have many. */
    bool returns_memory;
    /* Chunks are as small, and free memory is kept as ever: what costs time for each chunk shows in small
     * heaps. */
    bool small_chunks;
};

/*
 * What is to be called between operations: gc_finalise() calls it. Callbacks come before finalisers.
 *
 * A finaliser is due from the moment at which its object is found dead. The object is then held by its place in
 * `items`, as by a name: a collector that counts has counted a reference for it, one that traces takes it for a root.
 * Nobody is held because its callback is due (collectors/weak.h).
 */
struct gc_dues {
    struct gc_object *
        *items; /* from `first` up to `count`: objects whose finalisers are due, the oldest first */
    uint64_t first;
    uint64_t count;
    uint64_t capacity;
    struct gc_object *callbacks; /* the weak reference whose callback is due first, or NULL */
    struct gc_object *callbacks_last;
    /* The workload's finaliser and callback: `self` is a name that refers to the object, or to the weak reference.
     * NULL only if the workload has neither. */
    void (*call)(struct gc_mutator *mutator, struct gc_slot *self, enum gc_due due);
    uint32_t calls; /* made so far */
    bool attends;   /* a shape of the workload is attended */
    bool finalises; /* one has finalisers, weak references or what those refer to */
    bool calling;   /* gc_finalise() is under way */
    bool pairs;     /* a shape of the workload is of ephemerons */
};

/* What external bytes count as: those that objects own outside of the heap. */
enum gc_external_use {
    GC_EXTERNAL_WEIGHED, /* triggers that weigh bytes weigh them as bytes of the heap */
    GC_EXTERNAL_NOTED,   /* nothing: they have their own figure alone */
    GC_EXTERNAL_CHARGED, /* triggers weigh them, and they count against the heap limit */
};

/* The external bytes of all objects. Nobody allocates them: they are a number in a shape. */
struct gc_external {
    uint64_t allocated_bytes; /* of all objects ever made */
    uint64_t freed_bytes;     /* of objects that were freed */
    uint64_t peak_bytes;      /* the most that objects held at once have owned */
    uint64_t weighed_bytes;   /* of those held now, what triggers weigh: all, or 0 */
    uint64_t charged_bytes;   /* of those held now, what counts against the limit: all, or 0 */
    enum gc_external_use use;
};

struct gc_mutator {
    struct gc_roots roots;
    const struct gc_shape *shapes;
    struct gc_clock clock;
    struct gc_account account;
    uint64_t shape_count;
    /* Called when memory is out. Does not return: it ends the workload. */
    __attribute__((noreturn)) void (*exhausted)(struct gc_mutator *mutator, enum gc_exhaustion why);
    struct gc_observer observer;
    struct gc_test_hooks test;
    struct gc_dues dues;
    struct gc_external external;
};

/* Runs its body for each slot of the root set, global names first. */
#define GC_EACH_ROOT(mutator, slot)                                                                          \
    for (struct gc_slot *slot = (mutator)->roots.base; slot < (mutator)->roots.top; slot++)

enum { GC_CACHE_LINE = 64 };

static_assert(sizeof(struct gc_dues) == GC_CACHE_LINE, "a line of its own");

/* The fields of the inlined operations fill the first cache line. Those of each free begin the second. */
static_assert(offsetof(struct gc_mutator, clock.allocated_objects) + sizeof(uint64_t) == GC_CACHE_LINE,
              "the fast path's fields fill one cache line");
static_assert(offsetof(struct gc_mutator, account.freed_bytes) + sizeof(uint64_t) <= 2 * GC_CACHE_LINE,
              "what a free counts stands in the line after it");

/* The number of objects whose finalisers are due. */
static inline uint64_t gc_dues_waiting(const struct gc_mutator *mutator)
{
    return mutator->dues.count - mutator->dues.first;
}

/* One of them: 0 is the one whose finaliser is called first. */
static inline struct gc_object *gc_due_at(const struct gc_mutator *mutator, uint64_t place)
{
    return mutator->dues.items[mutator->dues.first + place];
}

/* Bytes of the objects that are held now, garbage included: allocated and not freed. */
static inline uint64_t gc_held_bytes(const struct gc_mutator *mutator)
{
    return mutator->clock.allocated_bytes - mutator->account.freed_bytes;
}

static inline uint64_t gc_held_objects(const struct gc_mutator *mutator)
{
    return mutator->clock.allocated_objects - mutator->account.freed_objects;
}

/* External bytes of the objects that are held now. */
static inline uint64_t gc_external_held(const struct gc_mutator *mutator)
{
    return mutator->external.allocated_bytes - mutator->external.freed_bytes;
}

/* Bytes that a trigger weighs: of the objects that are held now, and what they own outside of the heap. */
static inline uint64_t gc_weighed_bytes(const struct gc_mutator *mutator)
{
    return gc_held_bytes(mutator) + mutator->external.weighed_bytes;
}

/* Bytes that count against the heap limit: objects, the prefix of each, the collector's tables and stacks, and external
 * bytes that are charged. */
static inline uint64_t gc_charged_bytes(const struct gc_mutator *mutator)
{
    return gc_held_bytes(mutator) + gc_held_objects(mutator) * mutator->account.prefix_bytes +
           mutator->account.metadata_bytes + mutator->external.charged_bytes;
}

/*
 * Notes the peaks of the charged bytes and of the objects held. Both rise at each allocation, which must not
 * pay for this, and fall in pauses. So this is called where a pause begins, where tables grow, and at each
 * event of the allocation clock. The noted peak falls short of the true one by less than is allocated between
 * two samples. `uncharged_bytes` are held now and charged nowhere else: the copies of a collector that moves
 * objects.
 */
static inline void gc_charged_note(struct gc_mutator *mutator, uint64_t uncharged_bytes)
{
    uint64_t charged = gc_charged_bytes(mutator) + uncharged_bytes;
    if (charged > mutator->account.charged_peak)
        mutator->account.charged_peak = charged;
    if (gc_held_objects(mutator) > mutator->account.held_peak)
        mutator->account.held_peak = gc_held_objects(mutator);
}

/* Nanoseconds of CLOCK_MONOTONIC_RAW. It is not slewed, and read without a system call. */
static inline uint64_t gc_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* `gc.collect()`. GC_COLLECT_YOUNG is a wish: a collector without generations collects fully. [collects]
 * [drops] */
void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind);

/*
 * `gc.freeze()`: what is held now is left out of collections, until gc_unfreeze(). Counting frees it as ever. A ring of
 * it that dies, or is dead already, is not found before. What it refers to is held. A collector without the trait
 * `freezes` ignores both. Frees nothing, and may be called again: that adds to it. O(heap) at most.
 */
void gc_freeze(struct gc_mutator *mutator);

/* `gc.unfreeze()`: what was frozen is old, and part of full collections again. O(heap) at most. */
void gc_unfreeze(struct gc_mutator *mutator);

/* `sys.getrefcount(x)`, less the reference of the argument itself: the count of `object`. -1 if the collector
 * does not count; INT64_MAX for a stuck count. */
int64_t gc_count(struct gc_ref object);

/*
 * The slow path of allocation, for an object of `bytes` that would take the clock past `event_at`. Takes a
 * sample, polls the collector, enforces the heap limit, and sets the next event; it may collect. When the
 * limit does not allow the object after a full collection, ends the workload through `exhausted`. Tables that
 * grow in mid-collection are charged from the next object on: a collection that has begun is not stopped.
 */
void gc_allocation_event(struct gc_mutator *mutator, uint64_t bytes);

/* The slow path when malloc had no memory: collects fully and tries again. Returns memory, or ends the
 * workload through `exhausted`. */
void *gc_allocation_retry(struct gc_mutator *mutator, uint64_t bytes);

/* Recomputes `event_at`. Call it after a change of `poll_at`, `sample_at` or what the heap limit counts. */
void gc_allocation_rearm(struct gc_mutator *mutator);

/*
 * Makes sure of room for a new object of `shape` and its external bytes, where those are charged: collects fully when the
 * limit does not allow them. When it does not then, ends the workload through `exhausted`. [collects] [drops]
 */
void gc_external_room(struct gc_mutator *mutator, const struct gc_shape *shape);

/* Notes that an object which owns `bytes` outside of the heap has been made. Where triggers weigh them, the collector is
 * asked as much sooner. O(1). */
void gc_external_take(struct gc_mutator *mutator, uint64_t bytes);

/* Notes that an object which owned `bytes` is freed. Whoever frees the object, or finds it dead, calls this once. O(1). */
void gc_external_give(struct gc_mutator *mutator, uint64_t bytes);

/* Notes that the objects held own `bytes` now: for a collector that does not look at each dead object. O(1). */
void gc_external_keep(struct gc_mutator *mutator, uint64_t bytes);

/* Says what external bytes count as. Before the first object that owns any; GC_EXTERNAL_WEIGHED unless it is called. */
void gc_external_use(struct gc_mutator *mutator, enum gc_external_use use);

/* Ends the workload through `exhausted`: a frame did not fit. */
__attribute__((noreturn, cold)) void gc_frame_overflow(struct gc_mutator *mutator);

/* Adds `bytes`, which may be negative, to what the collector's own tables hold. The heap limit comes nearer
 * or moves away. */
void gc_metadata_grow(struct gc_mutator *mutator, int64_t bytes);

/* Notes that the finaliser of `object` is due. The caller has the reference counted that holds the object from now on.
 * Ends the workload through `exhausted` when there is no memory. Amortised O(1). */
void gc_due_add(struct gc_mutator *mutator, struct gc_object *object);

/* Forgets what is due, and gives the memory of the queue back. When the collector stops. */
void gc_dues_close(struct gc_mutator *mutator);

/* The slow path of gc_finalise(): something is due. contract.c defines it for every collector. [collects] [drops] */
__attribute__((noinline)) void gc_finalise_due(struct gc_mutator *mutator);

/* Hands a pause that has ended to the listener, which is not NULL. Every pause goes this way: those of
 * collections and of cascades. */
static inline void gc_pause_report(struct gc_mutator *mutator, const struct gc_pause *pause)
{
    mutator->observer.listener->pause(mutator->observer.listener, pause);
}

/* Tells the listener, which is not NULL, that a pause begins, and returns the time. */
static inline uint64_t gc_pause_clock(struct gc_mutator *mutator)
{
    struct gc_listener *listener = mutator->observer.listener;
    return listener->begin ? listener->begin(listener) : gc_clock();
}

/* The begin and end of a pause. Between the two, frees are not recorded as cascades of their own. Without a
 * listener neither reads the clock. */
struct gc_pause gc_pause_begin(struct gc_mutator *mutator, enum gc_pause_kind kind);
void gc_pause_end(struct gc_mutator *mutator, struct gc_pause *pause, uint64_t visited_objects);

/*
 * Says why the pauses to come begin, until another reason is given. The one that stands is GC_REASON_ASKED.
 * mutator.c gives those of its own alarms, and GC_REASON_THRESHOLD where it polls the collector. Who gives another
 * one outside gc_collector_poll() gives GC_REASON_ASKED back after the pause.
 */
static inline void gc_reason(struct gc_mutator *mutator, enum gc_reason reason)
{
    mutator->account.reason = reason;
}

/* Collects fully, for a reason other than being asked. */
void gc_collect_for(struct gc_mutator *mutator, enum gc_reason reason);

/* Tells the listener, which is not NULL, that a phase begins. */
__attribute__((cold)) void gc_phase_report(struct gc_mutator *mutator, enum gc_phase phase);

/*
 * Marks where a phase of the pause under way begins. It ends where the next one begins, or with the pause. The first
 * one begins with its pause, so a collector marks it right after gc_pause_begin(). Without a listener this costs a
 * load and a branch; never call it for each object.
 */
static inline void gc_phase(struct gc_mutator *mutator, enum gc_phase phase)
{
    if (GC_UNLIKELY(mutator->observer.listener != NULL))
        gc_phase_report(mutator, phase);
}

#endif
