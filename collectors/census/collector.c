/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/check.h"
#include "collectors/support/count/cascade-cutoff.h"
#include "collectors/support/finalise/finalise.h"
#include "collectors/support/trace/trace.h"

static const struct option_spec option_specs[] = {GROWTH_OPTIONS};
static const struct option_table options = OPTION_TABLE(struct growth_options, option_specs);
static json_t *truth(struct gc_mutator *mutator);
static void counted(struct gc_mutator *mutator, uint64_t *ret_objects, uint64_t *ret_bytes);

static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    ret_bounds->held = growth_held_bound(values);
    ret_bounds->full = growth_polled_pace_bound(values);
    ret_bounds->visits = (struct gc_visit_bound){.for_object = 1, .for_live = 1};
    ret_bounds->tables = (struct gc_table_bound){.for_object = 128, .besides = 1 << 20};
}

const struct gc_collector gc_collector = {
    .name = "census",
    .group = "truth",
    .summary = "knows exactly what lives, what counting alone would hold, and when each object died",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct census_mutator),
    .options = &options,
    .boundaries = (const struct gc_boundary *const[]){allocation_boundaries, worklist_boundaries,
                                                      cascade_boundaries, growth_boundaries, NULL},
    .bounds = bounds,
    .truth = truth,
    .counted = counted,
};

/* ---- entries ---- */

static void entries_grow(struct census_mutator *census)
{
    uint64_t capacity = census->entry_capacity ? census->entry_capacity * 2 : 4096;
    uint64_t bytes = capacity * sizeof *census->entries;
    uint64_t old_bytes = census->entry_capacity * sizeof *census->entries;
    void *entries = census->entries
                        ? mremap(census->entries, old_bytes, bytes, MREMAP_MAYMOVE)
                        : mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (entries == MAP_FAILED)
        census->common.exhausted(&census->common, GC_EXHAUSTED_METADATA);
    gc_metadata_grow(&census->common, (int64_t)(bytes - old_bytes));
    census->entries = entries;
    census->entry_capacity = capacity;
}

void census_register(struct census_mutator *census, struct gc_object *object)
{
    uint64_t place = census->free_entry;
    if (place != CENSUS_NO_ENTRY) {
        census->free_entry = census->entries[place].last_loss;
    } else {
        if (census->entry_count == census->entry_capacity)
            entries_grow(census);
        place = census->entry_count++;
    }
    uint64_t clock = census->common.clock.allocated_bytes;
    census->entries[place] = (struct census_entry){.object = object, .birth = clock, .last_loss = clock};
    *(uint64_t *)gc_object_memory(object, CENSUS_PREFIX) = place;
    histogram_add(&census->sizes, gc_object_bytes(census->common.shapes, object));
    census->fan_in_max = census->fan_in_max ? census->fan_in_max : 1;
}

/* Frees an object that died at `death` of the allocation clock, and its entry. */
static void entry_bury(struct census_mutator *census, struct gc_object *object, uint64_t death)
{
    struct census_entry *entry = census_entry_of(census, object);
    uint64_t place = (uint64_t)(entry - census->entries);
    histogram_add(&census->lifetimes, death - entry->birth);
    *entry = (struct census_entry){.last_loss = census->free_entry};
    census->free_entry = place;
    gc_object_release(object, CENSUS_PREFIX);
}

/* ---- death by counting ---- */

static inline bool cascade_drop(struct gc_mutator *mutator, struct gc_object *child)
{
    return census_lose(mutator, child) && gc_count_is_dead(child);
}

static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    (void)bytes;
    entry_bury(census_of(mutator), object, mutator->clock.allocated_bytes);
    return true;
}

#include "collectors/support/count/cascade-template.h"

void census_release(struct gc_mutator *mutator, struct gc_object *object)
{
    struct census_mutator *census = census_of(mutator);
    uint64_t objects = mutator->account.freed_objects;
    uint64_t bytes = mutator->account.freed_bytes;
    if (!gc_count_is_dead(object))
        return;
    cascade_release(mutator, object);
    objects = mutator->account.freed_objects - objects;
    census->counted_objects += objects;
    census->counted_bytes += mutator->account.freed_bytes - bytes;
    census->cascade_max = objects > census->cascade_max ? objects : census->cascade_max;
}

/* ---- death by unreachability ---- */

static int compare_by_loss(const void *a, const void *b)
{
    const struct census_entry *const *x = a;
    const struct census_entry *const *y = b;
    return ((*x)->last_loss < (*y)->last_loss) - ((*x)->last_loss > (*y)->last_loss);
}

/* Lists the unmarked entries, the last to lose a reference first, in mapped memory of `ret_bytes`. */
static struct census_entry **garbage_list(struct census_mutator *census, uint64_t *ret_count,
                                          uint64_t *ret_bytes)
{
    uint64_t count = 0;
    *ret_bytes = (census->entry_count + 1) * sizeof(struct census_entry *);
    struct census_entry **list =
        mmap(NULL, *ret_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (list == MAP_FAILED)
        census->common.exhausted(&census->common, GC_EXHAUSTED_METADATA);
    for (uint64_t i = 0; i < census->entry_count; i++) {
        struct census_entry *entry = &census->entries[i];
        if (entry->object && !(entry->object->bits & TRACE_MARK))
            list[count++] = entry;
    }
    qsort(list, count, sizeof *list, compare_by_loss);
    *ret_count = count;
    return list;
}

/*
 * Finds the time of death of cyclic garbage (Merlin; Hertz et al., TOPLAS 2006). An object became unreachable
 * when it, or an object that reaches it, lost its last reference from outside. Each loss was stamped, so that
 * time is the latest stamp among all objects that reach it. Objects are taken in descending order of their
 * stamps. An object that is reached first from another one has that one's time.
 */
static void spread_times_of_death(struct census_mutator *census, struct census_entry **garbage,
                                  uint64_t count)
{
    struct gc_mutator *mutator = &census->common;
    struct gc_object *object;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t death = garbage[i]->last_loss;
        trace_visit(mutator, &census->pending, (struct gc_ref){garbage[i]->object});
        while ((object = worklist_pop(&census->pending))) {
            struct gc_ref *fields = gc_object_fields(object);
            uint64_t refs = gc_object_refs(mutator->shapes, object);
            census_entry_of(census, object)->last_loss = death;
            for (uint64_t j = 0; j < refs; j++)
                trace_visit(mutator, &census->pending, fields[j]);
        }
    }
}

static void bury_garbage(struct census_mutator *census, struct census_entry **garbage, uint64_t count)
{
    struct gc_mutator *mutator = &census->common;
    for (uint64_t i = 0; i < count; i++) {
        struct gc_object *object = garbage[i]->object;
        uint64_t bytes = gc_object_bytes(mutator->shapes, object);
        census->traced_objects++;
        census->traced_bytes += bytes;
        mutator->account.freed_objects++;
        mutator->account.freed_bytes += bytes;
        entry_bury(census, object, garbage[i]->last_loss);
    }
}

/* ---- finalisers and weak references ---- */

static struct worklist *dues_pending(struct gc_mutator *mutator)
{
    return &census_of(mutator)->pending;
}

/* Whether one of an ephemeron and its key is dead, and the other one lives. Counting drops the value when the other one
 * dies, too, which nobody follows: what a trace has found dead is gone. */
static bool is_parted(struct gc_mutator *mutator, struct gc_object *object)
{
    return gc_is_ephemeron(mutator->shapes, object) && gc_pair_value(object) &&
           ((object->bits ^ gc_pair_key(mutator, object)->bits) & TRACE_MARK);
}

static void dues_each(struct gc_mutator *mutator, const struct finalise_garbage *garbage, finalise_step *step)
{
    const struct census_mutator *census = census_of(mutator);
    for (uint64_t i = 0; i < census->entry_count; i++) {
        struct gc_object *object = census->entries[i].object;
        if (!object || !gc_object_is_attended(mutator->shapes, object))
            continue;
        census_of(mutator)->parted |= is_parted(mutator, object);
        step(mutator, garbage, object);
    }
}

/* To counting the key has not died. So the value keeps its count, and is held: for ever, or until the ephemeron dies,
 * which is not followed. It becomes unreachable when the first of the two loses its last reference. */
static void dues_drop(struct gc_mutator *mutator, struct gc_object *ephemeron, struct gc_object *value)
{
    struct census_mutator *census = census_of(mutator);
    uint64_t *last_loss = &census_entry_of(census, value)->last_loss;
    uint64_t loss = census_entry_of(census, gc_pair_key(mutator, ephemeron))->last_loss;
    if (!(ephemeron->bits & TRACE_MARK) && census_entry_of(census, ephemeron)->last_loss < loss)
        loss = census_entry_of(census, ephemeron)->last_loss;
    if (loss > *last_loss)
        *last_loss = loss;
}

#include "collectors/support/trace/mark-dues-template.h"

/* ---- a collection ---- */

static void clear_marks(struct census_mutator *census)
{
    for (uint64_t i = 0; i < census->entry_count; i++) {
        if (census->entries[i].object)
            census->entries[i].object->bits &= ~(uint32_t)TRACE_MARK;
    }
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    (void)kind;
    struct census_mutator *census = census_of(mutator);
    struct gc_pause pause = gc_pause_begin(mutator, GC_PAUSE_FULL);
    gc_phase(mutator, GC_PHASE_MARK);
    uint64_t visited = GC_UNLIKELY(mutator->dues.attends) ? mark_attended(mutator)
                                                          : trace_reachable(mutator, &census->pending);
    gc_phase(mutator, GC_PHASE_GATHER);
    uint64_t count;
    uint64_t list_bytes;
    struct census_entry **garbage = garbage_list(census, &count, &list_bytes);
    spread_times_of_death(census, garbage, count);
    gc_phase(mutator, GC_PHASE_FREE);
    bury_garbage(census, garbage, count);
    munmap(garbage, list_bytes);
    gc_phase(mutator, GC_PHASE_SWEEP);
    clear_marks(census);
    census->threshold = growth_threshold(mutator, census->options);
    gc_pause_end(mutator, &pause, visited);
}

/* ---- what the harness calls ---- */

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    struct census_mutator *census = census_of(mutator);
    census->options = values;
    census->free_entry = CENSUS_NO_ENTRY;
    census->threshold = growth_threshold(mutator, census->options);
    mutator->clock.poll_at = growth_poll_at(mutator, census->threshold);
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    struct census_mutator *census = census_of(mutator);
    if (gc_weighed_bytes(mutator) >= census->threshold)
        gc_collect(mutator, GC_COLLECT_FULL);
    return growth_poll_at(mutator, census->threshold);
}

static json_t *histogram_json(const struct histogram *histogram)
{
    double mean = histogram->count ? (double)histogram->sum / (double)histogram->count : 0;
    return json_pack("{s:f, s:I, s:I, s:I, s:I, s:I}", "mean", mean, "p10",
                     (json_int_t)histogram_quantile(histogram, 0.1), "p50",
                     (json_int_t)histogram_quantile(histogram, 0.5), "p90",
                     (json_int_t)histogram_quantile(histogram, 0.9), "p99",
                     (json_int_t)histogram_quantile(histogram, 0.99), "max", (json_int_t)histogram->max);
}

/* What counting would hold: the live objects, and all that only the trace has found dead. */
static void counted(struct gc_mutator *mutator, uint64_t *ret_objects, uint64_t *ret_bytes)
{
    *ret_objects = gc_held_objects(mutator) + census_of(mutator)->traced_objects;
    *ret_bytes = gc_held_bytes(mutator) + census_of(mutator)->traced_bytes;
}

/* Called after a full collection, when all objects held are live. */
static json_t *truth(struct gc_mutator *mutator)
{
    const struct census_mutator *census = census_of(mutator);
    uint64_t live_objects = gc_held_objects(mutator);
    uint64_t live_bytes = gc_held_bytes(mutator);
    uint64_t rc_objects;
    uint64_t rc_bytes;
    counted(mutator, &rc_objects, &rc_bytes);
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:I, s:I, s:I, s:I, s:o, s:o}",
                     "live_objects", (json_int_t)live_objects, "live_bytes", (json_int_t)live_bytes,
                     "rc_held_objects", (json_int_t)rc_objects, "rc_held_bytes", (json_int_t)rc_bytes,
                     "rc_freed_objects", (json_int_t)census->counted_objects, "rc_freed_bytes",
                     (json_int_t)census->counted_bytes, "cyclic_objects", (json_int_t)census->traced_objects,
                     "cyclic_bytes", (json_int_t)census->traced_bytes, "rc_exact", !census->parted,
                     "increments", (json_int_t)census->increments, "decrements",
                     (json_int_t)census->decrements, "fan_in_max", (json_int_t)census->fan_in_max,
                     "cascade_max", (json_int_t)census->cascade_max, "object_bytes",
                     histogram_json(&census->sizes), "lifetime_bytes", histogram_json(&census->lifetimes));
}

void gc_collector_check(struct gc_mutator *mutator)
{
    struct census_mutator *census = census_of(mutator);
    uint64_t objects = 0;
    for (uint64_t i = 0; i < census->entry_count; i++) {
        struct gc_object *object = census->entries[i].object;
        if (!object)
            continue;
        check_that(census_entry_of(census, object) == &census->entries[i], object,
                   "an object knows its entry");
        check_that(!(object->bits & TRACE_MARK), object, "no mark outlives a collection");
        check_that(census->entries[i].birth <= census->entries[i].last_loss, object,
                   "nothing is lost before it is born");
        objects++;
    }
    check_that(objects == gc_held_objects(mutator), NULL, "there are as many entries as objects held");
    check_that(objects + census->counted_objects + census->traced_objects == mutator->clock.allocated_objects,
               NULL, "every object lives, died by counting, or died on a cycle");
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    struct census_mutator *census = census_of(mutator);
    if (census->entries)
        munmap(census->entries, census->entry_capacity * sizeof *census->entries);
    gc_metadata_grow(mutator, -(int64_t)(census->entry_capacity * sizeof *census->entries));
    worklist_clear(mutator, &census->pending);
    gc_dues_close(mutator);
}
