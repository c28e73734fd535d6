/* SPDX-License-Identifier: MIT */
/* The part of a watcher that is compiled against each collector: the virtual machine, which reports each of
 * its steps. */
#ifndef HARNESS_LIFETIMES_WATCHED_RUN_H
#define HARNESS_LIFETIMES_WATCHED_RUN_H

#include "collectors/mutator.h"
#include "workloads/replay/vm.h"

/* The virtual machine calls the first before an operation, its END too, and the second after it has made an
 * object. */
void watch_step(const struct program_op *op);
void watch_born(uintptr_t object, uint64_t number);

/* Calls vm_run(). `made` is that of struct vm_result. */
void execute_program(struct gc_mutator *mutator, const struct vm_program *loaded, struct gc_ref *registers,
                     struct gc_frame *frames, struct gc_ref *made);

#endif
