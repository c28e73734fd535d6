/* SPDX-License-Identifier: MIT */
/*
 * The virtual machine's form of a program: every object is where the model says it is, in a slot or in a
 * register that holds a borrowed reference. Running it looks nothing up, keeps no table of objects and obeys
 * the contract as a workload does, so it needs nothing of a collector that moves.
 */
#ifndef WORKLOADS_REPLAY_VM_H
#define WORKLOADS_REPLAY_VM_H

#include "program/program.h"

/* a, b, c as in struct program_op, but an object is a place (see model.h), and the result of a GET is in c.
 */
struct vm_program {
    const struct gc_shape *shapes; /* the program's */
    uint32_t shape_count;
    uint32_t globals;
    uint32_t registers;
    uint32_t objects;
    uint32_t checkpoints;
    uint32_t frees;
    struct program_op *ops; /* the last is PROGRAM_END */
    uint64_t op_count;      /* without it */
};

/* Prepares a valid program, which must outlive the result. Returns 0, or -1 without memory. O(program). */
int vm_load(const struct program *program, struct vm_program *ret_loaded);
void vm_unload(struct vm_program *loaded);

#endif
