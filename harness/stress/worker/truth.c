/* SPDX-License-Identifier: MIT */
#include "harness/stress/worker/truth.h"

#include <stdlib.h>

#include "program/model.h"

/* Applies an operation, if it is the next one by both models. */
static bool both_apply(struct model models[2], struct program_op op)
{
    struct model_places places;
    for (int i = 0; i < 2; i++)
        if (model_objection(&models[i], &op) || model_apply(&models[i], &op, &places))
            return false;
    return models[0].calls == models[1].calls;
}

/* Drops all names, and calls what is due of it, as the end of a trial does. */
static bool both_end(struct model models[2])
{
    while (models[0].frame_count > 0)
        if (!both_apply(models, (struct program_op){PROGRAM_LEAVE, 0, 0, 0}))
            return false;
    const struct program_op finalise = {PROGRAM_FINALISE, 0, 0, 0};
    bool same = both_apply(models, finalise);
    for (uint32_t calls = UINT32_MAX; same && models[0].calls != calls;) {
        calls = models[0].calls;
        for (uint32_t i = 0; i < models[0].globals && same; i++)
            same = both_apply(models, (struct program_op){PROGRAM_DEL, i, 0, 0});
        same = same && both_apply(models, finalise);
    }
    return same;
}

bool truth_is_counted(const struct program *program)
{
    struct model models[2];
    int opened = 0;
    while (opened < 2 && model_open(&models[opened], program->shapes, program->shape_count, program->globals,
                                    UINT64_MAX) == 0)
        opened++;
    bool same = opened == 2;
    models[1].counts_only = true;
    for (uint64_t i = 0; i < program->op_count && same; i++)
        same = both_apply(models, program->ops[i]);
    same = same && both_end(models);
    while (opened > 0)
        model_close(&models[--opened]);
    return same;
}

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
