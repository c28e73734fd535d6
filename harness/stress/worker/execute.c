/* SPDX-License-Identifier: MIT */
#include "harness/stress/worker/execute.h"

#include "collectors/gc.h"

/* Set while a program runs, because the virtual machine's hook has no argument for them. */
static struct {
    struct gc_mutator *mutator;
    uint64_t stuck_every;
    void (*born)(const struct gc_mutator *mutator);
} running;

/* Makes two billion references in an instant. The count is set one short of the limit, and a name that comes
 * and goes takes it over the limit. From there on the count may not move. */
static void saturate(struct gc_ref object)
{
    object.object->count = INT32_MAX;
    struct gc_frame frame = gc_frame_enter(running.mutator, 1);
    gc_local_set(running.mutator, &frame.slot[0], object);
    gc_frame_leave(running.mutator, frame);
}

static inline void born(struct gc_ref object, uint64_t number)
{
    if (GC_UNLIKELY(running.stuck_every && number % running.stuck_every == 0) && gc_traits.counts)
        saturate(object);
    if (GC_UNLIKELY(running.born != NULL))
        running.born(running.mutator);
}

#define VM_BORN(object, number) born(object, number)
#include "workloads/replay/vm-run.h"

void execute_program(struct gc_mutator *mutator, const struct vm_program *loaded, struct gc_ref *registers,
                     struct gc_frame *frames, struct execution *execution)
{
    struct vm_result result = {0};
    running.mutator = mutator;
    running.stuck_every = execution->stuck_every;
    running.born = execution->born;
    vm_run(mutator, loaded, registers, frames, &result);
    execution->checksum = result.checksum;
    execution->count_wrong = result.count_wrong;
    execution->first_wrong = result.first_wrong;
}

void execute_new(struct gc_mutator *mutator, const struct gc_shape *shape, uint64_t length)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    if (shape->external)
        gc_local_new_external(mutator, &frame.slot[0], shape);
    else
        gc_local_new(mutator, &frame.slot[0], shape, length);
    gc_frame_leave(mutator, frame);
}

void execute_due(struct gc_mutator *mutator)
{
    mutator->dues.call = vm_on_due;
    gc_finalise(mutator);
}

void execute_leave(struct gc_mutator *mutator)
{
    struct gc_slot *first = mutator->roots.base + mutator->roots.global_count;
    gc_frame_leave(mutator, (struct gc_frame){first, (uint64_t)(mutator->roots.top - first)});
}
