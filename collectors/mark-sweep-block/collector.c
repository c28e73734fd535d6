/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/check.h"
#include "collectors/support/trace.h"

static const struct option_spec option_specs[] = {GROWTH_OPTIONS};
static const struct option_table options = OPTION_TABLE(struct growth_options, option_specs);

const struct gc_collector gc_collector = {
    .name = "mark-sweep-block",
    .group = "tracing",
    .summary = "tracing alone on a block heap, with cache misses overlapped",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct block_sweep_mutator),
    .options = &options,
};

static struct block_sweep_mutator *sweep_of(struct gc_mutator *mutator)
{
    return (struct block_sweep_mutator *)mutator;
}

static inline bool mark_arrive(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    if (object->bits & TRACE_MARK)
        return false;
    object->bits |= TRACE_MARK;
    return true;
}

/* Frees what is not marked, and clears the marks of the rest. */
static inline void sweep_block(struct gc_mutator *mutator, struct block *block)
{
    struct gc_object *object;
    uint64_t freed = mutator->freed_objects;
    BLOCK_EACH_OBJECT(block, object)
    {
        if (object->bits & TRACE_MARK) {
            object->bits &= ~(uint32_t)TRACE_MARK;
            continue;
        }
        mutator->freed_objects++;
        mutator->freed_bytes += gc_object_bytes(mutator->shapes, object);
        block_sweep_free(block, object);
    }
    if (mutator->freed_objects != freed)
        block_sweep_end(mutator, &sweep_of(mutator)->heap, block);
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    (void)kind;
    struct block_sweep_mutator *sweep = sweep_of(mutator);
    struct gc_pause pause = gc_pause_begin(mutator, GC_PAUSE_FULL);
    kernel_push_roots(mutator, &sweep->kernel);
    uint64_t visited = kernel_drain(mutator, &sweep->kernel, mark_arrive);
    block_heap_walk(mutator, &sweep->heap, sweep_block);
    sweep->threshold = growth_threshold(mutator, sweep->options);
    gc_pause_end(mutator, &pause, visited);
}

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    struct block_sweep_mutator *sweep = sweep_of(mutator);
    sweep->options = values;
    block_heap_open(&sweep->heap);
    sweep->threshold = growth_threshold(mutator, sweep->options);
    mutator->poll_at = growth_poll_at(mutator, sweep->threshold);
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    struct block_sweep_mutator *sweep = sweep_of(mutator);
    if (gc_held_bytes(mutator) >= sweep->threshold)
        gc_collect(mutator, GC_COLLECT_FULL);
    return growth_poll_at(mutator, sweep->threshold);
}

int64_t gc_count(struct gc_ref object)
{
    (void)object;
    return -1;
}

void gc_collector_check(struct gc_mutator *mutator)
{
    struct block_sweep_mutator *sweep = sweep_of(mutator);
    block_heap_check(mutator, &sweep->heap, TRACE_MARK);
    check_that(kernel_is_idle(&sweep->kernel), NULL, "the mark stack is empty between collections");
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    struct block_sweep_mutator *sweep = sweep_of(mutator);
    block_heap_close(mutator, &sweep->heap);
    kernel_clear(mutator, &sweep->kernel);
}
