/* SPDX-License-Identifier: MIT */
#include "harness/lifetimes/watched-run.h"

#include "collectors/gc.h"

#define VM_BORN(ref, number) watch_born((uintptr_t)(ref).object, number)
#define VM_STEP(op) watch_step(op)
#include "workloads/replay/vm-run.h"

void execute_program(struct gc_mutator *mutator, const struct vm_program *loaded, struct gc_ref *registers,
                     struct gc_frame *frames, struct gc_ref *made)
{
    struct vm_result result = {.made = made};
    vm_run(mutator, loaded, registers, frames, &result);
}
