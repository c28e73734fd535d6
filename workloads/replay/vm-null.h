/* SPDX-License-Identifier: MIT */
/*
 * The null replay reads a loaded program as vm_run() does and does nothing. It decodes every operation, finds
 * the place of each object that the operation names, and follows the frames. It also keeps and reads the
 * table that FREE needs. It reads no name, makes no object and touches none. The time of a replay beyond it
 * is the program's own and the collector's.
 *
 * An operand is used when it is passed to an empty piece of assembly, into which the compiler cannot see.
 */
#ifndef WORKLOADS_REPLAY_VM_NULL_H
#define WORKLOADS_REPLAY_VM_NULL_H

#include "workloads/replay/vm-run.h"

static inline void vm_null_use(uintptr_t value)
{
    __asm__ volatile("" : : "r"(value));
}

static inline void vm_null_find(const struct gc_mutator *mutator, const struct gc_ref *registers,
                                uint32_t place)
{
    uintptr_t found = 0;
    if (place != MODEL_NOWHERE)
        found = place & 1 ? (uintptr_t)&registers[place >> 1] : (uintptr_t)&mutator->roots.base[place >> 1];
    vm_null_use(found);
}

static inline void vm_null_slot(const struct gc_mutator *mutator, uint32_t slot)
{
    vm_null_use((uintptr_t)&mutator->roots.base[slot]);
}

/* Uses the object's number in place of its address. */
static inline void vm_null_new(const struct gc_mutator *mutator, const struct vm_program *loaded,
                               const struct program_op *op, struct vm_result *result)
{
    uint64_t number = ++result->objects;
    vm_null_slot(mutator, op->a);
    vm_null_use(vm_has_number(&loaded->shapes[op->b], op->c));
    if (gc_traits.frees_when_told)
        result->made[number].object = (struct gc_object *)number;
}

static inline void vm_null_get(const struct gc_mutator *mutator, struct gc_ref *registers,
                               const struct program_op *op, struct vm_result *result)
{
    vm_null_find(mutator, registers, op->a);
    vm_null_use((uintptr_t)&registers[op->c]);
    vm_null_use(op->b);
    result->checksum = (result->checksum + 1) * 0x9e3779b97f4a7c15u;
}

/* Works as vm_run(). The checksum depends only on the number of GETs. */
static inline void vm_run_null(struct gc_mutator *mutator, const struct vm_program *loaded,
                               struct gc_ref *registers, struct gc_frame *frames, struct vm_result *result)
{
    uint64_t depth = 0;
    for (const struct program_op *op = loaded->ops;; op++) {
        switch ((enum program_code)op->code) {
        case PROGRAM_ENTER:
            frames[depth++] = (struct gc_frame){mutator->roots.base, op->a};
            break;
        case PROGRAM_LEAVE:
            vm_null_use(frames[--depth].count);
            break;
        case PROGRAM_NEW:
        case VM_NEW_EXTERNAL:
            vm_null_new(mutator, loaded, op, result);
            break;
        case PROGRAM_SET:
            vm_null_slot(mutator, op->a);
            vm_null_find(mutator, registers, op->b);
            break;
        case PROGRAM_MOVE:
            vm_null_slot(mutator, op->a);
            vm_null_slot(mutator, op->b);
            break;
        case PROGRAM_DEL:
            vm_null_slot(mutator, op->a);
            break;
        case PROGRAM_GET:
            vm_null_get(mutator, registers, op, result);
            break;
        case PROGRAM_STORE:
            vm_null_find(mutator, registers, op->a);
            vm_null_use(op->b);
            vm_null_find(mutator, registers, op->c);
            break;
        case PROGRAM_CLEAR:
        case PROGRAM_COUNT:
        case PROGRAM_RANGE:
        case PROGRAM_FILL:
        case PROGRAM_COPY:
            vm_null_find(mutator, registers, op->a);
            vm_null_use(op->b);
            break;
        case PROGRAM_EPHEMERON:
            vm_null_find(mutator, registers, op->c);
            __attribute__((fallthrough));
        case PROGRAM_WEAK:
        case PROGRAM_LEADS:
            vm_null_find(mutator, registers, op->a);
            vm_null_find(mutator, registers, op->b);
            break;
        case PROGRAM_COLLECT:
        case PROGRAM_CHECKPOINT:
        case PROGRAM_FREEZE:
        case PROGRAM_UNFREEZE:
        case PROGRAM_FINALISE:
        case PROGRAM_CALLED:
            vm_null_use(op->a);
            break;
        case PROGRAM_FREE:
            if (gc_traits.frees_when_told)
                vm_null_use((uintptr_t)result->made[op->a].object);
            break;
        case PROGRAM_END:
            result->ops = (uint64_t)(op - loaded->ops);
            return;
        }
    }
}

#endif
