/* SPDX-License-Identifier: MIT */
/*
 * Finalisers and weak references for a collector that marks by trace/trace.h.
 *
 * mark_attended() is in place of trace_reachable(), where a shape is attended (`dues.attends` of the mutator). It also
 * marks what the queue of finalisers holds. What is still unmarked then is garbage: it attends to it, and marks what
 * finalisers can reach (finalise/finalise.h).
 *
 * Included by a collector.c, after it has defined
 *
 *      dues_pending(mutator)               The work queue of its traces, which is empty.
 *      dues_each(mutator, garbage, step)   `each` of struct finalise_garbage, for all objects of the heap.
 *      dues_drop(mutator, ephemeron, value)    `drop` of struct finalise_garbage.
 */
#ifndef COLLECTORS_SUPPORT_TRACE_MARK_DUES_TEMPLATE_H
#define COLLECTORS_SUPPORT_TRACE_MARK_DUES_TEMPLATE_H

#include "collectors/counts.h"
#include "collectors/gc.h"
#include "collectors/support/finalise/finalise.h"
#include "collectors/support/trace/trace.h"

static bool dues_is_garbage(struct gc_mutator *mutator, const struct gc_object *object)
{
    (void)mutator;
    return !(object->bits & TRACE_MARK);
}

/* Marks what the queue reaches from its place `from` on. Returns how many objects that are. It looks at the names once
 * more, and finds their objects marked. */
static uint64_t dues_mark_queue(struct gc_mutator *mutator, uint64_t from)
{
    for (uint64_t place = from; place < gc_dues_waiting(mutator); place++)
        trace_visit(mutator, dues_pending(mutator), (struct gc_ref){gc_due_at(mutator, place)});
    return trace_reachable_attended(mutator, dues_pending(mutator));
}

static uint64_t dues_spare(struct gc_mutator *mutator, uint64_t from)
{
    for (uint64_t place = from; gc_traits.counts && place < gc_dues_waiting(mutator); place++)
        gc_count_up(gc_due_at(mutator, place));
    return dues_mark_queue(mutator, from);
}

static const struct finalise_garbage dues_garbage = {dues_each, dues_is_garbage, dues_spare, dues_drop};

/* Returns how many objects it marks. O(heap). */
static uint64_t mark_attended(struct gc_mutator *mutator)
{
    uint64_t held = trace_reachable_attended(mutator, dues_pending(mutator));
    held += dues_mark_queue(mutator, 0);
    return held + finalise_garbage(mutator, &dues_garbage);
}

#endif
