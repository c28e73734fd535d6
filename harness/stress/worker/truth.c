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

/* Runs a program by the model. Calls `look` at each checkpoint, with its number. False without memory. */
static bool run_model(const struct program *program, void *answers,
                      bool (*look)(const struct model *model, void *answers, uint64_t checkpoint))
{
    struct model model;
    struct model_places places;
    uint64_t count = 0;
    if (model_open(&model, program->shapes, program->shape_count, program->globals, UINT64_MAX) < 0)
        return false;
    bool able = true;
    for (uint64_t i = 0; i < program->op_count && able; i++) {
        able = model_apply(&model, &program->ops[i], &places) == NULL;
        if (program->ops[i].code == PROGRAM_CHECKPOINT)
            able = able && look(&model, answers, count++);
    }
    model_close(&model);
    return able;
}

static bool look_live(const struct model *model, void *answers, uint64_t checkpoint)
{
    uint64_t *live = answers;
    live[checkpoint] = model_reachable(model);
    return true;
}

uint64_t *truth_live(const struct program *program)
{
    uint64_t *live = malloc((program->op_count + 1) * sizeof *live);
    if (live && run_model(program, live, look_live))
        return live;
    free(live);
    return NULL;
}

static bool look_frozen(const struct model *model, void *answers, uint64_t checkpoint)
{
    struct truth_frozen *here = (struct truth_frozen *)answers + checkpoint;
    *here = (struct truth_frozen){.frozen = model->frozen};
    return !model->frozen || (model_hold(model, MODEL_FROZEN_SURELY, &here->least) == 0 &&
                              model_hold(model, MODEL_FROZEN_MAYBE, &here->most) == 0);
}

struct truth_frozen *truth_frozen(const struct program *program, bool *ret_any)
{
    uint64_t checkpoints = 0;
    *ret_any = false;
    for (uint64_t i = 0; i < program->op_count; i++) {
        *ret_any |= program->ops[i].code == PROGRAM_FREEZE;
        checkpoints += program->ops[i].code == PROGRAM_CHECKPOINT;
    }
    if (!*ret_any)
        return NULL;
    struct truth_frozen *frozen = malloc((checkpoints + 1) * sizeof *frozen);
    if (frozen && run_model(program, frozen, look_frozen))
        return frozen;
    free(frozen);
    return NULL;
}
