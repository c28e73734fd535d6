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
    ret_bounds->tables = (struct gc_table_bound){.for_byte = 2, .for_name = 8, .besides = 2 << 20};
}

const struct gc_collector gc_collector = {
    .name = "mark-sweep-block",
    .group = "tracing",
    .summary = "tracing alone on a block heap, with cache misses overlapped",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct block_sweep_mutator),
    .options = &options,
    .boundaries =
        (const struct gc_boundary *const[]){block_heap_boundaries, chunk_table_boundaries, kernel_boundaries,
                                            chunk_stack_boundaries, growth_boundaries, NULL},
    .bounds = bounds,
};

static struct block_sweep_mutator *sweep_of(struct gc_mutator *mutator)
{
    return (struct block_sweep_mutator *)mutator;
}

static inline uint64_t *mark_word(struct gc_mutator *mutator, const struct gc_object *object)
{
    return block_mark_word(&sweep_of(mutator)->heap, object);
}

static inline bool mark_visit(struct gc_mutator *mutator, struct gc_object *object)
{
    sweep_of(mutator)->marked_bytes += gc_object_bytes(mutator->shapes, object);
    return true;
}

/* ---- finalisers and weak references ---- */

static bool is_garbage(struct gc_mutator *mutator, const struct gc_object *object)
{
    return !block_marks_has(&sweep_of(mutator)->heap, object);
}

/* An unswept block has objects that an earlier collection has found dead. Nothing is left to do for those: no weak
 * reference leads to them, they are on no list, and their finalisers have been due. */
static void each_attended(struct gc_mutator *mutator, const struct finalise_garbage *garbage,
                          finalise_step *step)
{
    BLOCK_HEAP_EACH(mutator, &sweep_of(mutator)->heap, block) {
        struct gc_object *object;
        BLOCK_EACH_OBJECT(block, object) {
            if (gc_object_is_attended(mutator->shapes, object))
                step(mutator, garbage, object);
        }
    }
}

/* Queues the value of an ephemeron if the ephemeron and its key are marked. */
static inline void mark_pair(struct gc_mutator *mutator, void *kernel, struct gc_object *ephemeron)
{
    if (!is_garbage(mutator, ephemeron) && !is_garbage(mutator, gc_pair_key(mutator, ephemeron)))
        kernel_push(mutator, kernel, gc_pair_value(ephemeron));
}

static inline void push_paired(struct gc_mutator *mutator, struct kernel *kernel, struct gc_object *object)
{
    kernel_push_paired(mutator, kernel, object, mark_pair);
}

/* Marks what the queued edges reach. Returns how many objects that are. */
static uint64_t mark_queued(struct gc_mutator *mutator)
{
    struct kernel *kernel = &sweep_of(mutator)->kernel;
    if (mutator->dues.pairs)
        return kernel_drain_side_marks_by(mutator, kernel, mark_word, block_mark_claim, mark_visit,
                                          push_paired);
    return kernel_drain_side_marks(mutator, kernel, mark_word, block_mark_claim, mark_visit);
}

/* Marks what the queue of finalisers reaches from its place `from` on. */
static uint64_t spare(struct gc_mutator *mutator, uint64_t from)
{
    for (uint64_t place = from; place < gc_dues_waiting(mutator); place++)
        kernel_push(mutator, &sweep_of(mutator)->kernel, gc_due_at(mutator, place));
    return mark_queued(mutator);
}

static const struct finalise_garbage attended_garbage = {each_attended, is_garbage, spare, NULL};

/* Marks what the queued names reach, what the queue of finalisers holds, and then what finalisers can reach that are due
 * from now on. Returns how many objects that are. */
static uint64_t mark_attended(struct gc_mutator *mutator)
{
    uint64_t held = mark_queued(mutator) + spare(mutator, 0);
    return held + finalise_garbage(mutator, &attended_garbage);
}

/* ---- a collection ---- */

/* Counts every unmarked object as freed. Allocation sweeps its memory when it wants the room. */
static void retire(struct block_sweep_mutator *sweep, uint64_t marked)
{
    struct gc_mutator *mutator = &sweep->common;
    mutator->account.freed_objects = mutator->clock.allocated_objects - marked;
    mutator->account.freed_bytes = mutator->clock.allocated_bytes - sweep->marked_bytes;
    block_marks_retire(mutator, &sweep->heap);
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    (void)kind;
    struct block_sweep_mutator *sweep = sweep_of(mutator);
    struct gc_pause pause = gc_pause_begin(mutator, GC_PAUSE_FULL);
    gc_phase(mutator, GC_PHASE_MARK);
    block_marks_clear(&sweep->heap);
    sweep->marked_bytes = 0;
    kernel_push_roots(mutator, &sweep->kernel);
    uint64_t marked =
        GC_UNLIKELY(mutator->dues.attends)
            ? mark_attended(mutator)
            : kernel_drain_side_marks(mutator, &sweep->kernel, mark_word, block_mark_claim, mark_visit);
    gc_phase(mutator, GC_PHASE_SWEEP);
    retire(sweep, marked);
    gc_phase(mutator, GC_PHASE_TRIM);
    kernel_trim(mutator, &sweep->kernel);
    sweep->threshold = block_growth_threshold(mutator, &sweep->heap, sweep->options);
    gc_pause_end(mutator, &pause, marked);
}

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    struct block_sweep_mutator *sweep = sweep_of(mutator);
    sweep->options = values;
    block_heap_open(&sweep->heap, BLOCK_SIDE_MARKS);
    sweep->threshold = block_growth_threshold(mutator, &sweep->heap, sweep->options);
    mutator->clock.poll_at = growth_poll_at(mutator, sweep->threshold);
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    struct block_sweep_mutator *sweep = sweep_of(mutator);
    if (gc_weighed_bytes(mutator) >= sweep->threshold)
        gc_collect(mutator, GC_COLLECT_FULL);
    return growth_poll_at(mutator, sweep->threshold);
}

void gc_collector_check(struct gc_mutator *mutator)
{
    struct block_sweep_mutator *sweep = sweep_of(mutator);
    block_heap_check(mutator, &sweep->heap, 0);
    check_that(kernel_is_idle(&sweep->kernel), NULL, "the mark stack is empty between collections");
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    struct block_sweep_mutator *sweep = sweep_of(mutator);
    block_heap_close(mutator, &sweep->heap);
    kernel_clear(mutator, &sweep->kernel);
    gc_dues_close(mutator);
}
