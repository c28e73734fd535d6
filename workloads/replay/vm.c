/* SPDX-License-Identifier: MIT */
#include "workloads/replay/vm.h"

#include <stdlib.h>

#include "program/model.h"

static struct program_op op_place(const struct gc_shape *shapes, const struct program_op *op,
                                  const struct model_places *places)
{
    struct program_op placed = *op;
    switch ((enum program_code)op->code) {
    case PROGRAM_NEW:
        if (shapes[op->b].flags & GC_SHAPE_EXTERNAL)
            placed.code = VM_NEW_EXTERNAL;
        break;
    case PROGRAM_SET:
        placed.b = places->object;
        break;
    case PROGRAM_GET:
        placed.a = places->object;
        placed.c = places->result;
        break;
    case PROGRAM_STORE:
        placed.a = places->object;
        placed.c = places->value;
        break;
    case PROGRAM_WEAK:
    case PROGRAM_LEADS:
        placed.a = places->object;
        placed.b = places->value;
        break;
    case PROGRAM_EPHEMERON:
        placed.a = places->object;
        placed.b = places->key;
        placed.c = places->value;
        break;
    case PROGRAM_CLEAR:
    case PROGRAM_COUNT:
    case PROGRAM_RANGE:
    case PROGRAM_FILL:
    case PROGRAM_COPY:
        placed.a = places->object;
        break;
    default:
        break;
    }
    return placed;
}

int vm_load(const struct program *program, struct vm_program *ret_loaded)
{
    struct model model;
    struct model_places places;
    *ret_loaded = (struct vm_program){
        .shapes = program->shapes, .shape_count = program->shape_count, .globals = program->globals};
    ret_loaded->ops = malloc((program->op_count + 1) * sizeof *ret_loaded->ops);
    if (!ret_loaded->ops ||
        model_open(&model, program->shapes, program->shape_count, program->globals, UINT64_MAX) < 0) {
        vm_unload(ret_loaded);
        return -1;
    }
    const char *failure = NULL;
    for (uint64_t i = 0; i < program->op_count && !failure; i++) {
        failure = model_apply(&model, &program->ops[i], &places);
        ret_loaded->ops[i] = op_place(program->shapes, &program->ops[i], &places);
        ret_loaded->checkpoints += program->ops[i].code == PROGRAM_CHECKPOINT;
        ret_loaded->frees += program->ops[i].code == PROGRAM_FREE;
    }
    ret_loaded->op_count = program->op_count;
    ret_loaded->ops[program->op_count] = (struct program_op){.code = PROGRAM_END};
    ret_loaded->registers = model.registers_max;
    ret_loaded->objects = model.object_count;
    ret_loaded->ends_frozen = model.frozen;
    model_close(&model);
    if (failure)
        vm_unload(ret_loaded);
    return failure ? -1 : 0;
}

void vm_unload(struct vm_program *loaded)
{
    free(loaded->ops);
    *loaded = (struct vm_program){0};
}
