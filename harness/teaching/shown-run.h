/* SPDX-License-Identifier: MIT */
/* The part of a showing process that is compiled against each collector: the virtual machine, which reports
 * each of its steps. */
#ifndef HARNESS_TEACHING_SHOWN_RUN_H
#define HARNESS_TEACHING_SHOWN_RUN_H

#include "collectors/mutator.h"
#include "workloads/replay/vm.h"

/* The virtual machine calls the first before an operation, its END too, and the second after it has made an
 * object. */
void show_step(const struct program_op *op);
void show_born(struct gc_object *object, uint64_t number);

/* The collector calls this before it frees an object (collectors/support/heap/release-hook.h). */
void show_object_freed(struct gc_object *object);

/* Calls vm_run(). `made` is that of struct vm_result. */
void shown_run(struct gc_mutator *mutator, const struct vm_program *loaded, struct gc_ref *registers,
               struct gc_frame *frames, struct gc_ref *made);

#endif
