/* SPDX-License-Identifier: MIT */
#include "harness/stress/worker/truth.h"

#include <stdlib.h>

#include "program/model.h"

uint64_t *truth_live(const struct program *program)
{
    struct model model;
    struct model_places places;
    uint64_t count = 0;
    uint64_t *live = malloc((program->op_count + 1) * sizeof *live);
    if (!live ||
        model_open(&model, program->shapes, program->shape_count, program->globals, UINT64_MAX) < 0) {
        free(live);
        return NULL;
    }
    bool failed = false;
    for (uint64_t i = 0; i < program->op_count && !failed; i++) {
        failed = model_apply(&model, &program->ops[i], &places) != NULL;
        if (program->ops[i].code == PROGRAM_CHECKPOINT)
            live[count++] = model_reachable(&model);
    }
    model_close(&model);
    if (failed) {
        free(live);
        return NULL;
    }
    return live;
}
