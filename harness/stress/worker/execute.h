/* SPDX-License-Identifier: MIT */
/* The part of a worker that is compiled against each collector: the virtual machine, with the operations
 * inlined. */
#ifndef HARNESS_STRESS_WORKER_EXECUTE_H
#define HARNESS_STRESS_WORKER_EXECUTE_H

#include "collectors/mutator.h"
#include "workloads/replay/vm.h"

struct execution {
    uint64_t stuck_every; /* one in so many objects is born with a saturated count; 0: none */
    void (*born)(const struct gc_mutator *mutator); /* called when an object has been made; or NULL */
    uint64_t checksum;
    uint64_t count_wrong; /* as in struct vm_result */
    uint64_t first_wrong;
};

/* Calls vm_run(). `registers` and `frames` have the room that it asks for. */
void execute_program(struct gc_mutator *mutator, const struct vm_program *loaded, struct gc_ref *registers,
                     struct gc_frame *frames, struct execution *execution);

/* Makes an object, and drops it. Ends by the mutator's `exhausted` where there is no memory for it. */
void execute_new(struct gc_mutator *mutator, const struct gc_shape *shape, uint64_t length);

/* Calls the callbacks and the finalisers that are due, as a program's FINALISE does. */
void execute_due(struct gc_mutator *mutator);

/* Leaves all frames at once, after a program that did not come to its end. */
void execute_leave(struct gc_mutator *mutator);

#endif
