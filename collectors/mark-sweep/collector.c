/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/check.h"
#include "collectors/support/finalise/finalise.h"

static const struct option_spec option_specs[] = {GROWTH_OPTIONS};
static const struct option_table options = OPTION_TABLE(struct growth_options, option_specs);

static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    ret_bounds->held = growth_held_bound(values);
    ret_bounds->full = growth_polled_pace_bound(values);
    ret_bounds->visits = (struct gc_visit_bound){.for_object = 1, .for_live = 1};
    ret_bounds->tables = (struct gc_table_bound){.for_object = 16, .besides = 1 << 16};
}

const struct gc_collector gc_collector = {
    .name = "mark-sweep",
    .group = "tracing",
    .summary = "tracing alone: mark from the roots, sweep the list of all objects",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct sweep_mutator),
    .options = &options,
    .boundaries = (const struct gc_boundary *const[]){allocation_boundaries, worklist_boundaries,
                                                      growth_boundaries, NULL},
    .bounds = bounds,
};

static struct sweep_mutator *sweep_of(struct gc_mutator *mutator)
{
    return (struct sweep_mutator *)mutator;
}

/* ---- finalisers and weak references ---- */

static struct worklist *dues_pending(struct gc_mutator *mutator)
{
    return &sweep_of(mutator)->pending;
}

static void dues_each(struct gc_mutator *mutator, const struct finalise_garbage *garbage, finalise_step *step)
{
    for (struct gc_object *object = sweep_of(mutator)->objects; object; object = *sweep_link(object)) {
        if (gc_object_is_attended(mutator->shapes, object))
            step(mutator, garbage, object);
    }
}

/* Nothing is counted here. */
static void dues_drop(struct gc_mutator *mutator, struct gc_object *ephemeron, struct gc_object *value)
{
    (void)mutator;
    (void)ephemeron;
    (void)value;
}

#include "collectors/support/trace/mark-dues-template.h"

/* ---- a collection ---- */

/* Frees the unmarked objects, and clears the marks of the others. O(heap). */
static void sweep_objects(struct sweep_mutator *sweep)
{
    struct gc_mutator *mutator = &sweep->common;
    struct gc_object **link = &sweep->objects;
    struct gc_object *object;
    while ((object = *link)) {
        if (object->bits & TRACE_MARK) {
            object->bits &= ~(uint32_t)TRACE_MARK;
            link = sweep_link(object);
            continue;
        }
        *link = *sweep_link(object);
        mutator->account.freed_objects++;
        mutator->account.freed_bytes += gc_object_bytes(mutator->shapes, object);
        gc_object_release(object, SWEEP_PREFIX);
    }
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    (void)kind;
    struct sweep_mutator *sweep = sweep_of(mutator);
    struct gc_pause pause = gc_pause_begin(mutator, GC_PAUSE_FULL);
    gc_phase(mutator, GC_PHASE_MARK);
    uint64_t visited = GC_UNLIKELY(mutator->dues.attends) ? mark_attended(mutator)
                                                          : trace_reachable(mutator, &sweep->pending);
    gc_phase(mutator, GC_PHASE_SWEEP);
    sweep_objects(sweep);
    sweep->threshold = growth_threshold(mutator, sweep->options);
    gc_pause_end(mutator, &pause, visited);
}

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    struct sweep_mutator *sweep = sweep_of(mutator);
    sweep->options = values;
    sweep->threshold = growth_threshold(mutator, sweep->options);
    mutator->clock.poll_at = growth_poll_at(mutator, sweep->threshold);
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    struct sweep_mutator *sweep = sweep_of(mutator);
    if (gc_weighed_bytes(mutator) >= sweep->threshold)
        gc_collect(mutator, GC_COLLECT_FULL);
    return growth_poll_at(mutator, sweep->threshold);
}

void gc_collector_check(struct gc_mutator *mutator)
{
    uint64_t objects = 0;
    for (struct gc_object *object = sweep_of(mutator)->objects; object; object = *sweep_link(object)) {
        check_that(!(object->bits & TRACE_MARK), object, "no mark outlives a collection");
        check_that((object->bits & GC_BITS_SHAPE) < mutator->shape_count, object, "every object has a shape");
        if (gc_object_is_attended(mutator->shapes, object))
            finalise_check(mutator, object);
        objects++;
    }
    check_that(objects == gc_held_objects(mutator), NULL, "the list holds as many objects as are held");
    check_that(sweep_of(mutator)->pending.count == 0, NULL, "the mark stack is empty between collections");
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    worklist_clear(mutator, &sweep_of(mutator)->pending);
    gc_dues_close(mutator);
}
