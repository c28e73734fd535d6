/* SPDX-License-Identifier: MIT */
#include "harness/teaching/shown-run.h"

#include "collectors/gc.h"

#define VM_BORN(ref, number) show_born((ref).object, number)
#define VM_STEP(op) show_step(op)
#include "workloads/replay/vm-run.h"

void shown_run(struct gc_mutator *mutator, const struct vm_program *loaded, struct gc_ref *registers,
               struct gc_frame *frames, struct gc_ref *made)
{
    struct vm_result result = {.made = made};
    vm_run(mutator, loaded, registers, frames, &result);
}
