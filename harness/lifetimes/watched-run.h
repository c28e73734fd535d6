/* SPDX-License-Identifier: MIT */
/* What of a watcher is compiled against each collector: the virtual machine, which says what it does. */
#ifndef HARNESS_LIFETIMES_WATCHED_RUN_H
#define HARNESS_LIFETIMES_WATCHED_RUN_H

#include "collectors/mutator.h"
#include "workloads/replay/vm.h"

/* Called by the virtual machine: before an operation, its END too; and after an object was made. */
void watch_step(const struct program_op *op);
void watch_born(uintptr_t object, uint64_t number);

/* vm_run(); `made` as in struct vm_result. */
void execute_program(struct gc_mutator *mutator, const struct vm_program *loaded, struct gc_ref *registers,
                     struct gc_frame *frames, struct gc_ref *made);

#endif
