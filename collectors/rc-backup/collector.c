/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/check.h"
#include "collectors/support/count/cascade-cutoff.h"
#include "collectors/support/count/recount.h"
#include "collectors/support/finalise/finalise.h"
#include "collectors/support/trace/trace.h"

static const struct option_spec option_specs[] = {GROWTH_OPTIONS};
static const struct option_table options = OPTION_TABLE(struct growth_options, option_specs);

static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    ret_bounds->held = growth_held_bound(values);
    ret_bounds->full = growth_polled_pace_bound(values);
    ret_bounds->visits = (struct gc_visit_bound){.for_object = 1, .for_live = 1};
    ret_bounds->tables = (struct gc_table_bound){.for_object = 32, .besides = 2 << 16};
}

const struct gc_collector gc_collector = {
    .name = "rc-backup",
    .group = "counting",
    .summary = "reference counting, and a mark-sweep from the names for the cycles",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct backup_mutator),
    .options = &options,
    .boundaries = (const struct gc_boundary *const[]){allocation_boundaries, worklist_boundaries,
                                                      cascade_boundaries, growth_boundaries, NULL},
    .bounds = bounds,
};

static struct backup_mutator *backup_of(struct gc_mutator *mutator)
{
    return (struct backup_mutator *)mutator;
}

static void unregister(struct backup_mutator *backup, uint64_t place)
{
    backup->table.items[place] = backup_free_link(backup->free_place);
    backup->free_place = place;
}

/* ---- freeing at zero ---- */

static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    (void)bytes;
    unregister(backup_of(mutator), *backup_place(object));
    gc_object_release(object, BACKUP_PREFIX);
    return true;
}

#include "collectors/support/count/release-template.h"

/* ---- the trace ---- */

static bool is_garbage(const struct gc_object *entry)
{
    return !backup_is_free(entry) && !(entry->bits & TRACE_MARK);
}

/* Takes off every reference that garbage holds, and frees nothing at zero. Afterwards the counts of survivors
 * are exact and those of garbage are 0. No object has been freed to which other garbage still refers. */
static void drop_references_of_garbage(struct backup_mutator *backup)
{
    const struct gc_shape *shapes = backup->common.shapes;
    for (uint64_t place = 0; place < backup->table.count; place++) {
        struct gc_object *object = backup->table.items[place];
        if (!is_garbage(object))
            continue;
        struct gc_ref *fields = gc_object_fields(object);
        uint64_t refs = gc_object_refs(shapes, object);
        for (uint64_t i = 0; i < refs; i++) {
            if (fields[i].object)
                fields[i].object->count -= !gc_count_is_stuck(fields[i].object->count);
        }
    }
}

static void free_garbage(struct backup_mutator *backup)
{
    struct gc_mutator *mutator = &backup->common;
    for (uint64_t place = 0; place < backup->table.count; place++) {
        struct gc_object *object = backup->table.items[place];
        if (!is_garbage(object)) {
            if (!backup_is_free(object))
                object->bits &= ~(uint32_t)TRACE_MARK;
            continue;
        }
        check_that(object->count == 0 || gc_count_is_stuck(object->count), object,
                   "only garbage refers to garbage");
        mutator->account.freed_objects++;
        mutator->account.freed_bytes += gc_object_bytes(mutator->shapes, object);
        unregister(backup, place);
        gc_object_release(object, BACKUP_PREFIX);
    }
}

/* ---- finalisers and weak references ---- */

static struct worklist *dues_pending(struct gc_mutator *mutator)
{
    return &backup_of(mutator)->pending;
}

static void dues_each(struct gc_mutator *mutator, const struct finalise_garbage *garbage, finalise_step *step)
{
    const struct worklist *table = &backup_of(mutator)->table;
    for (uint64_t place = 0; place < table->count; place++) {
        struct gc_object *object = table->items[place];
        if (!backup_is_free(object) && gc_object_is_attended(mutator->shapes, object))
            step(mutator, garbage, object);
    }
}

/* A value that lives has another reference. */
static void dues_drop(struct gc_mutator *mutator, struct gc_object *ephemeron, struct gc_object *value)
{
    (void)mutator;
    (void)ephemeron;
    value->count -= !gc_count_is_stuck(value->count);
}

#include "collectors/support/trace/mark-dues-template.h"

/* ---- a collection ---- */

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    (void)kind;
    struct backup_mutator *backup = backup_of(mutator);
    struct gc_pause pause = gc_pause_begin(mutator, GC_PAUSE_FULL);
    gc_phase(mutator, GC_PHASE_MARK);
    uint64_t visited = GC_UNLIKELY(mutator->dues.attends) ? mark_attended(mutator)
                                                          : trace_reachable(mutator, &backup->pending);
    if (visited < gc_held_objects(mutator)) {
        gc_phase(mutator, GC_PHASE_DROP);
        drop_references_of_garbage(backup);
    }
    gc_phase(mutator, GC_PHASE_SWEEP);
    free_garbage(backup);
    backup->threshold = growth_threshold(mutator, backup->options);
    gc_pause_end(mutator, &pause, visited);
}

/* ---- what the harness calls ---- */

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    struct backup_mutator *backup = backup_of(mutator);
    backup->options = values;
    backup->free_place = BACKUP_NO_PLACE;
    backup->threshold = growth_threshold(mutator, backup->options);
    mutator->clock.poll_at = growth_poll_at(mutator, backup->threshold);
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    struct backup_mutator *backup = backup_of(mutator);
    if (gc_weighed_bytes(mutator) >= backup->threshold)
        gc_collect(mutator, GC_COLLECT_FULL);
    return growth_poll_at(mutator, backup->threshold);
}

/* Adds `step` for each reference of a slot or a field. */
static void recount(struct backup_mutator *backup, enum recount_step step)
{
    recount_roots(&backup->common, step, 0);
    for (uint64_t place = 0; place < backup->table.count; place++) {
        struct gc_object *object = backup->table.items[place];
        if (!backup_is_free(object))
            recount_fields(&backup->common, object, step, 0);
    }
}

void gc_collector_check(struct gc_mutator *mutator)
{
    struct backup_mutator *backup = backup_of(mutator);
    uint64_t objects = 0;
    recount(backup, RECOUNT_OFF);
    for (uint64_t place = 0; place < backup->table.count; place++) {
        struct gc_object *object = backup->table.items[place];
        if (backup_is_free(object))
            continue;
        check_that(*backup_place(object) == place, object, "an object knows its place in the table");
        check_that(!(object->bits & TRACE_MARK), object, "no mark outlives a collection");
        recount_check(object, "a count is the number of names and fields that refer to the object");
        if (gc_object_is_attended(mutator->shapes, object))
            finalise_check(mutator, object);
        objects++;
    }
    recount(backup, RECOUNT_BACK);
    check_that(objects == gc_held_objects(mutator), NULL, "the table holds as many objects as are held");
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    worklist_clear(mutator, &backup_of(mutator)->table);
    worklist_clear(mutator, &backup_of(mutator)->pending);
    gc_dues_close(mutator);
}
