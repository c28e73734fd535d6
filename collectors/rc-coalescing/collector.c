/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/reconcile.h"

enum { INCREMENT_BATCH = 1024 }; /* references queued before they are counted */

static const struct option_spec option_specs[] = {DEFERRAL_OPTIONS};
static const struct option_table options = OPTION_TABLE(struct deferral_options, option_specs);

const struct gc_collector gc_collector = {
    .name = "rc-coalescing",
    .group = "counting",
    .summary = "coalescing reference counting: of all writes to an object only the first is logged",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct coalescing_mutator),
    .options = &options,
};

static struct coalescing_mutator *coalescing_of(struct gc_mutator *mutator)
{
    return (struct coalescing_mutator *)mutator;
}

void coalescing_log(struct gc_mutator *mutator, struct gc_object *object)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(mutator->shapes, object);
    for (uint64_t i = 0; i < refs; i++) {
        if (fields[i].object)
            worklist_push(mutator, &coalescing_of(mutator)->logged, fields[i].object);
    }
    if (refs > coalescing_of(mutator)->largest)
        coalescing_of(mutator)->largest = refs;
    coalescing_dirty(mutator, object);
}

/* ---- the log ---- */

static inline bool increment_arrive(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    gc_count_up(object);
    return false;
}

/* What the fields of the dirty refer to now. */
static void count_up_current(struct gc_mutator *mutator)
{
    struct kernel *kernel = backup_kernel(mutator);
    struct worklist *dirty = &coalescing_of(mutator)->dirty;
    for (uint64_t i = 0; i < dirty->count; i++) {
        dirty->items[i]->bits &= ~(uint32_t)COALESCING_DIRTY;
        kernel_push_fields(mutator, kernel, dirty->items[i]);
        if (kernel->stack.count >= INCREMENT_BATCH)
            kernel_drain(mutator, kernel, increment_arrive);
    }
    kernel_drain(mutator, kernel, increment_arrive);
}

/* What they referred to before. What comes to 0 is listed, for a name may have it. */
static void count_down_logged(struct gc_mutator *mutator)
{
    struct worklist *logged = &coalescing_of(mutator)->logged;
    for (uint64_t i = 0; i < logged->count; i++) {
        if (i + RECONCILE_AHEAD < logged->count)
            __builtin_prefetch(logged->items[i + RECONCILE_AHEAD], 1);
        if (deferral_decrement(logged->items[i]))
            deferral_list(mutator, logged->items[i]);
    }
    logged->count = 0;
    worklist_trim(mutator, logged);
}

/* Newborns that no field refers to. */
static void list_unreferenced(struct gc_mutator *mutator)
{
    struct worklist *dirty = &coalescing_of(mutator)->dirty;
    for (uint64_t i = 0; i < dirty->count; i++) {
        struct gc_object *object = dirty->items[i];
        if (object->count == 0 && !(object->bits & DEFERRAL_LISTED))
            deferral_list(mutator, object);
    }
    dirty->count = 0;
    worklist_trim(mutator, dirty);
}

/*
 * Makes the counts those of the fields as they are. All increments come before any decrement, or whatever
 * moved from one field to another would be at 0 between and listed in vain; nothing is freed before all is
 * counted. Returns the objects and references looked at.
 */
static uint64_t settle_log(struct gc_mutator *mutator)
{
    uint64_t looked_at = coalescing_of(mutator)->dirty.count + coalescing_of(mutator)->logged.count;
    count_up_current(mutator);
    count_down_logged(mutator);
    list_unreferenced(mutator);
    return looked_at;
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    bool full = kind == GC_COLLECT_FULL;
    struct gc_pause pause = gc_pause_begin(mutator, full ? GC_PAUSE_FULL : GC_PAUSE_YOUNG);
    uint64_t visited = settle_log(mutator);
    visited += full ? trace(mutator) : reconcile(mutator);
    deferral_rest(mutator, coalescing_of(mutator)->largest);
    coalescing_of(mutator)->largest = 0;
    gc_pause_end(mutator, &pause, visited);
}

/* ---- what the harness calls ---- */

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    deferral_start(mutator, values);
}

static void recount(struct gc_mutator *mutator, uint32_t step)
{
    const struct worklist *logged = &coalescing_of(mutator)->logged;
    recount_fields(mutator, step, COALESCING_DIRTY);
    for (uint64_t i = 0; i < logged->count; i++)
        recount_object(logged->items[i], step);
}

void gc_collector_check(struct gc_mutator *mutator)
{
    const struct worklist *dirty = &coalescing_of(mutator)->dirty;
    recount(mutator, -1u);
    check_counts(mutator);
    recount(mutator, 1);
    deferral_check(mutator);
    for (uint64_t i = 0; i < dirty->count; i++) {
        check_that(dirty->items[i]->bits & COALESCING_DIRTY, dirty->items[i],
                   "an object on the list of the dirty is flagged so, and on it once");
        dirty->items[i]->bits &= ~(uint32_t)COALESCING_DIRTY;
    }
    block_heap_check(mutator, backup_heap(mutator), COALESCING_DIRTY);
    for (uint64_t i = 0; i < dirty->count; i++)
        dirty->items[i]->bits |= COALESCING_DIRTY;
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    deferral_stop(mutator);
    worklist_clear(mutator, &coalescing_of(mutator)->dirty);
    worklist_clear(mutator, &coalescing_of(mutator)->logged);
}
