/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/check.h"
#include "collectors/support/count/cascade-cutoff.h"
#include "collectors/support/count/recount-block-heap.h"

static const struct option_spec option_specs[] = {
    GROWTH_OPTIONS,
    OPTION_SWITCH(struct spare_options, candidates, false,
                  "mark and sweep only what may lie on a cycle, and leave acyclic objects to counting"),
};
static const struct option_table options = OPTION_TABLE(struct spare_options, option_specs);

/* With candidates, acyclic objects are not visited. */
static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    const struct spare_options *given = values;
    ret_bounds->held = growth_held_bound(&given->growth);
    ret_bounds->full = growth_polled_pace_bound(&given->growth);
    ret_bounds->visits = (struct gc_visit_bound){.for_object = 1, .for_live = given->candidates ? 0 : 1};
    ret_bounds->tables = (struct gc_table_bound){.for_byte = 2, .for_name = 8, .besides = 2 << 20};
}

const struct gc_collector gc_collector = {
    .name = "rc-backup-block",
    .group = "counting",
    .summary = "reference counting on a block heap, and a prefetching mark-sweep for the cycles",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct spare_mutator),
    .options = &options,
    .boundaries = (const struct gc_boundary *const[]){block_heap_boundaries, chunk_table_boundaries,
                                                      kernel_boundaries, chunk_stack_boundaries,
                                                      cascade_boundaries, growth_boundaries, NULL},
    .bounds = bounds,
};

static struct spare_mutator *spare_of(struct gc_mutator *mutator)
{
    return (struct spare_mutator *)mutator;
}

/* ---- freeing at zero ---- */

static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    block_release(mutator, &spare_of(mutator)->heap, object, bytes);
    return true;
}

#include "collectors/support/count/release-template.h"

/* ---- the trace ---- */

static inline struct block_heap *backup_heap(struct gc_mutator *mutator)
{
    return &spare_of(mutator)->heap;
}

static inline struct kernel *backup_kernel(struct gc_mutator *mutator)
{
    return &spare_of(mutator)->kernel;
}

static inline uint32_t backup_left_out(struct gc_mutator *mutator)
{
    return spare_of(mutator)->left_out;
}

/* Takes a reference of garbage off. An object that only counting looks after dies with its last one. */
static inline void backup_drop(struct gc_mutator *mutator, struct gc_object *object)
{
    if (object->bits & backup_left_out(mutator))
        counting_decrement(mutator, object);
    else
        object->count -= !gc_count_is_stuck(object->count);
}

#include "collectors/support/count/backup-template.h"

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    (void)kind;
    struct spare_mutator *spare = spare_of(mutator);
    struct gc_pause pause = gc_pause_begin(mutator, GC_PAUSE_FULL);
    uint64_t visited =
        GC_UNLIKELY(mutator->dues.attends) ? backup_mark_attended(mutator) : backup_mark(mutator);
    if (backup_has_garbage(mutator, visited)) {
        backup_drop_garbage(mutator);
        backup_free_garbage(mutator);
    }
    gc_phase(mutator, GC_PHASE_TRIM);
    kernel_trim(mutator, &spare->kernel);
    spare->threshold = block_growth_threshold(mutator, &spare->heap, &spare->options->growth);
    gc_pause_end(mutator, &pause, visited);
}

/* ---- what the harness calls ---- */

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    struct spare_mutator *spare = spare_of(mutator);
    spare->options = values;
    spare->left_out = spare->options->candidates ? GC_BIT_ACYCLIC : 0;
    block_heap_open(&spare->heap, BLOCK_SIDE_MARKS);
    spare->threshold = block_growth_threshold(mutator, &spare->heap, &spare->options->growth);
    mutator->clock.poll_at = growth_poll_at(mutator, spare->threshold);
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    struct spare_mutator *spare = spare_of(mutator);
    if (gc_weighed_bytes(mutator) >= spare->threshold)
        gc_collect(mutator, GC_COLLECT_FULL);
    return growth_poll_at(mutator, spare->threshold);
}

void gc_collector_check(struct gc_mutator *mutator)
{
    struct spare_mutator *spare = spare_of(mutator);
    recount_roots(mutator, RECOUNT_OFF, 0);
    recount_block_heap(mutator, &spare->heap, RECOUNT_OFF, 0);
    recount_check_block_heap(mutator, &spare->heap,
                             "a count is the number of names and fields that refer to the object");
    recount_block_heap(mutator, &spare->heap, RECOUNT_BACK, 0);
    recount_roots(mutator, RECOUNT_BACK, 0);
    block_heap_check(mutator, &spare->heap, 0);
    check_that(kernel_is_idle(&spare->kernel), NULL, "the mark stack is empty between collections");
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    struct spare_mutator *spare = spare_of(mutator);
    block_heap_close(mutator, &spare->heap);
    kernel_clear(mutator, &spare->kernel);
    gc_dues_close(mutator);
}
