/* SPDX-License-Identifier: MIT */
#include "harness/stress/worker/execute.h"
#include "collectors/gc.h"

/* Set for the length of a run: the virtual machine's hook has no argument for it. */
static uint64_t stuck_every;

static inline void born(struct gc_ref object, uint64_t number)
{
    if (GC_UNLIKELY(stuck_every && number % stuck_every == 0) && gc_traits.counts)
        object.object->count = GC_COUNT_STUCK;
}

#define VM_BORN(object, number) born(object, number)
#include "harness/program/vm-run.h"

void execute_program(struct gc_mutator *mutator, const struct vm_program *loaded, struct gc_ref *registers,
                     struct gc_frame *frames, struct execution *execution)
{
    struct vm_result result = {0};
    stuck_every = execution->stuck_every;
    vm_run(mutator, loaded, registers, frames, &result);
    execution->checksum = result.checksum;
    execution->count_wrong = result.count_wrong;
    execution->first_wrong = result.first_wrong;
}

void execute_leave(struct gc_mutator *mutator)
{
    struct gc_slot *first = mutator->base + mutator->global_count;
    gc_frame_leave(mutator, (struct gc_frame){first, (uint64_t)(mutator->top - first)});
}
