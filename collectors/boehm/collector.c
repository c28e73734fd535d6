/* SPDX-License-Identifier: MIT */
/* Declares the functions that concern threads, and does not rename those of pthreads. */
#define GC_THREADS
#define GC_NO_THREAD_REDIRECTS
#include <gc/gc.h>
#include <gc/gc_inline.h>
#include <gc/gc_mark.h>
#include <stdlib.h>
#include <string.h>

#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/probes.h"
#include "collectors/support/check.h"

struct boehm_options {
    uint64_t divisor;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct boehm_options, divisor, 3, 1, 1000, "",
                   "collect when the heap's size by this has been allocated (GC_set_free_space_divisor)"),
};
static const struct option_table options = OPTION_TABLE(struct boehm_options, option_specs);

/* Up to a size, libgc has lists of free regions for each thread. A region of one word holds no length (object_in()). */
static const struct gc_boundary own_boundaries[] = {
    GC_BOUNDARY(BYTES, (GC_TINY_FREELISTS * GC_GRANULE_BYTES)),
    GC_BOUNDARY(BYTES, (2 * sizeof(struct gc_object))),
    GC_BOUNDARY_END,
};

static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    (void)values;
    ret_bounds->held.none =
        "a word that looks like a reference keeps garbage, and libgc decides when to collect";
    ret_bounds->tables.none = "libgc takes its tables as it sees fit";
    ret_bounds->full.none = "libgc decides when to collect";
    ret_bounds->visits.none = "a word may keep an object that was taken for dead before";
}

static const struct gc_superlinear superlinear[] = {
    {"list-gone", "libgc collects by how large its heap is, which stays so after a peak"}, {NULL, NULL}};

const struct gc_collector gc_collector = {
    .name = "boehm",
    .group = "tracing",
    .summary = "libgc of the distribution: conservative mark-sweep, on memory of its own",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct gc_mutator),
    .options = &options,
    .superlinear = superlinear,
    .boundaries = (const struct gc_boundary *const[]){own_boundaries, NULL},
    .bounds = bounds,
};

/* One for the process: libgc's callbacks carry no argument, and a process has one heap. */
static struct {
    struct gc_mutator *mutator;
    struct gc_pause pause;
    uint64_t live_objects; /* counted after the last collection */
    uint64_t live_bytes;
    uint64_t live_external;      /* bytes that those objects own outside of the heap */
    uint64_t most_freed_objects; /* the most that the account has had as freed */
    uint64_t most_freed_bytes;   /* likewise: their bytes */
    uint64_t metadata_bytes;     /* as the mutator was told */
    bool asked;                  /* during gc_collect(): the heap may be walked after the collection */
} boehm;

/* ---- what libgc asks ---- */

/* Pushes the slots: the whole root set. The procedure that was there before, which scans the C stack, is not
 * called. gc_collector_start() has taken the data segments off. The contract has no roots in either. */
static void GC_CALLBACK push_names(void)
{
    if (boehm.mutator)
        GC_push_all(boehm.mutator->roots.base, boehm.mutator->roots.top);
}

/*
 * The object in a region that libgc has marked, or NULL.
 *
 * Regions on the free lists of libgc's threads are marked, too. Where an object has its header or its length,
 * such a region has a link to the next one, or null. No link has a header's upper bit, and none is as small
 * as a length. A null link could be a length of 0. No object of the kind without references has that length;
 * of the other kind, libgc clears the free regions.
 */
static struct gc_object *object_in(void *region, size_t bytes)
{
    struct gc_object *object = region;
    uint64_t first = *(uint64_t *)region;
    if (object->count & BOEHM_OBJECT)
        return object;
    if (first > GC_LENGTH_MAX || bytes < 2 * sizeof *object)
        return NULL;
    if (first == 0 && GC_get_kind_and_size(region, NULL) == GC_I_PTRFREE)
        return NULL;
    object++;
    return object->count & BOEHM_OBJECT ? object : NULL;
}

static void GC_CALLBACK count_region(void *region, size_t bytes, void *data)
{
    struct gc_object *object = object_in(region, bytes);
    (void)data;
    if (!object)
        return;
    boehm.live_objects++;
    boehm.live_bytes += gc_object_bytes(boehm.mutator->shapes, object);
    boehm.live_external += gc_object_shape(boehm.mutator->shapes, object)->external;
}

/* By how much `freed` is above the most there ever was, which it raises. Signed: objects of the mutator before may be held,
 * too, and then fewer than none of this one's are freed. */
static uint64_t freed_anew(uint64_t freed, uint64_t *most)
{
    int64_t above = (int64_t)(freed - *most);
    if (above <= 0)
        return 0;
    *most = freed;
    return (uint64_t)above;
}

/*
 * Counts the marked objects, and so what the pause visited and freed. The others are dead, although libgc sweeps them only
 * when it needs the room.
 *
 * A stale word may lead to one of them again. Then more is held than before: the limit may come earlier. An earlier pause
 * has counted it as freed: it is taken off what this one and later ones free, and none of them frees less than nothing.
 */
static void count_live(struct gc_mutator *mutator, struct gc_pause *pause)
{
    struct gc_account *account = &mutator->account;
    boehm.live_objects = 0;
    boehm.live_bytes = 0;
    boehm.live_external = 0;
    GC_enumerate_reachable_objects_inner(count_region, NULL);
    account->freed_objects = mutator->clock.allocated_objects - boehm.live_objects;
    account->freed_bytes = mutator->clock.allocated_bytes - boehm.live_bytes;
    gc_external_keep(mutator, boehm.live_external);
    gc_allocation_rearm(mutator);
    pause->visited_objects = boehm.live_objects;
    pause->freed_objects = freed_anew(account->freed_objects, &boehm.most_freed_objects);
    pause->freed_bytes = freed_anew(account->freed_bytes, &boehm.most_freed_bytes);
}

/* Counts block headers, mark bits, the mark stack and all else that libgc takes from the system besides its
 * heap. */
static void count_metadata(struct gc_mutator *mutator)
{
    uint64_t bytes = GC_get_obtained_from_os_bytes() - GC_get_heap_size() - GC_get_unmapped_bytes();
    gc_metadata_grow(mutator, (int64_t)(bytes - boehm.metadata_bytes));
    boehm.metadata_bytes = bytes;
}

/*
 * Clears the stack below, before libgc's frames are entered. libgc scans its own frames, since registers have
 * been saved there. They lie where frames of the mutator have been. A stale word in them would keep the
 * object alive that it refers to.
 */
__attribute__((noinline)) static void clear_stack(void)
{
    char stale[1 << 14];
    explicit_bzero(stale, sizeof stale);
}

/* The pause ends with libgc: counting what it marked is a cost of being observed. */
static void end_pause(struct gc_mutator *mutator, struct gc_pause *pause)
{
    uint64_t end_ns = gc_clock();
    count_live(mutator, pause);
    pause->end_ns = end_ns;
    gc_pause_report(mutator, pause);
}

/* libgc begins a collection by itself where it would have to grow its heap. Then it may have to end its last sweep
 * first. */
static void on_start(struct gc_mutator *mutator)
{
    if (!boehm.asked)
        gc_reason(mutator, GC_REASON_THRESHOLD);
    boehm.pause = gc_pause_begin(mutator, GC_PAUSE_FULL);
    gc_phase(mutator, GC_PHASE_SWEEP);
    clear_stack();
}

static void on_end(struct gc_mutator *mutator)
{
    mutator->account.collecting = false;
    GC_PROBE_4(pause_end, GC_PAUSE_FULL, 0, 0, 0); /* without a listener nothing is counted */
    count_metadata(mutator);
    if (mutator->observer.listener)
        end_pause(mutator, &boehm.pause);
    else if (boehm.asked)
        count_live(mutator, &boehm.pause);
    if (!boehm.asked)
        gc_reason(mutator, GC_REASON_ASKED);
}

/* libgc calls this, with its lock held, when a collection or a part of it begins or ends. */
static void GC_CALLBACK on_event(GC_EventType event)
{
    struct gc_mutator *mutator = boehm.mutator;
    if (event == GC_EVENT_START)
        on_start(mutator);
    else if (event == GC_EVENT_MARK_START)
        gc_phase(mutator, GC_PHASE_MARK);
    else if (event == GC_EVENT_RECLAIM_START)
        gc_phase(mutator, GC_PHASE_SWEEP);
    else if (event == GC_EVENT_END)
        on_end(mutator);
}

/* ---- the operations ---- */

void *boehm_allocate(struct gc_mutator *mutator, uint64_t bytes, bool leaf)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        void *memory = leaf ? GC_malloc_atomic(bytes) : GC_malloc(bytes);
        if (GC_LIKELY(memory != NULL))
            return leaf ? memset(memory, 0, bytes) : memory;
        if (attempt == 0)
            gc_collect_for(mutator, GC_REASON_MEMORY);
    }
    mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    (void)mutator;
    (void)kind;
    boehm.asked = true;
    GC_gcollect();
    boehm.asked = false;
}

/* ---- what the harness calls ---- */

/* Starts libgc, once per process: it cannot be ended. Variables of the environment could make another
 * collector of it, so they are taken away. */
static void start_libgc(void)
{
    static const char *const meddling[] = {"GC_ENABLE_INCREMENTAL", "GC_MARKERS", "GC_NPROCS",
                                           "GC_FREE_SPACE_DIVISOR", "GC_INITIAL_HEAP_SIZE"};
    for (size_t i = 0; i < sizeof meddling / sizeof *meddling; i++)
        unsetenv(meddling[i]);
    GC_set_no_dls(1);
    GC_set_all_interior_pointers(0);
    GC_set_markers_count(1);
    GC_set_warn_proc(GC_ignore_warn_proc);
    GC_INIT();
    GC_register_displacement(sizeof(uint64_t));
    GC_clear_roots();
    GC_set_push_other_roots(push_names);
}

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    const struct boehm_options *given = values;
    if (!GC_is_init_called())
        start_libgc();
    boehm.mutator = mutator;
    boehm.metadata_bytes = 0;
    boehm.most_freed_objects = 0;
    boehm.most_freed_bytes = 0;
    GC_set_free_space_divisor(given->divisor);
    GC_set_on_collection_event(on_event);
    mutator->clock.poll_at = UINT64_MAX;
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    (void)mutator;
    return UINT64_MAX;
}

static void check_object(struct gc_mutator *mutator, struct gc_object *object)
{
    uint64_t offset = object->bits & GC_BIT_LENGTH ? sizeof(uint64_t) : 0;
    check_that(object->count == BOEHM_OBJECT, object, "a name refers to an object");
    check_that(GC_base(object) == (char *)object - offset, object,
               "libgc knows every object by its first word");
    check_that(GC_size(GC_base(object)) >= gc_object_bytes(mutator->shapes, object), object,
               "an object fits its region");
}

/* libgc's structures are its own. Looks at the objects that slots refer to, and one reference further. */
void gc_collector_check(struct gc_mutator *mutator)
{
    GC_EACH_ROOT(mutator, slot) {
        struct gc_object *object = slot->ref.object;
        if (!object)
            continue;
        check_object(mutator, object);
        uint64_t refs = gc_object_refs(mutator->shapes, object);
        for (uint64_t i = 0; i < refs; i++) {
            if (gc_object_fields(object)[i].object)
                check_object(mutator, gc_object_fields(object)[i].object);
        }
    }
}

/* Objects that are left are garbage to the first collection of the next mutator. */
void gc_collector_stop(struct gc_mutator *mutator)
{
    gc_metadata_grow(mutator, -(int64_t)boehm.metadata_bytes);
    GC_set_on_collection_event(NULL);
    boehm.mutator = NULL;
}
