/* SPDX-License-Identifier: MIT */
/*
 * The virtual machine's form of a program. The model says where each object is: in a slot, or in a register
 * that holds a borrowed reference. A run looks nothing up, keeps no table of objects and obeys the contract
 * as a workload does. It therefore needs no help from a collector that moves objects.
 */
#ifndef WORKLOADS_REPLAY_VM_H
#define WORKLOADS_REPLAY_VM_H

#include "program/program.h"

/* The code of a NEW whose shape has external bytes. No program has it. So a NEW of another shape does not ask. */
#define VM_NEW_EXTERNAL PROGRAM_CODES

/* The operands a, b, c are those of struct program_op with two differences. An object is a place (see
 * model.h), and the result of a GET is in c. */
struct vm_program {
    const struct gc_shape *shapes; /* the program's */
    uint32_t shape_count;
    uint32_t globals;
    uint32_t registers;
    uint32_t objects;
    uint32_t checkpoints;
    uint32_t frees;
    struct program_op *ops; /* PROGRAM_END comes last */
    uint64_t op_count;      /* operations, without PROGRAM_END */
    uint64_t ends_frozen;   /* 1: something is frozen at the end of the program, else 0 */
};

/* Prepares a valid program, which must outlive the result. Returns 0, or -1 without memory. O(program). */
int vm_load(const struct program *program, struct vm_program *ret_loaded);
void vm_unload(struct vm_program *loaded);

#endif
