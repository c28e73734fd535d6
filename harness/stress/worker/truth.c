/* SPDX-License-Identifier: MIT */
#include "harness/stress/worker/truth.h"

#include <stdlib.h>

#include "program/model.h"

/* One model, or two that are to say the same. */
struct models {
    struct model each[2];
    int count;
};

/* Opens a model for each of `count`; the second one counts only. */
static bool models_open(struct models *models, int count, const struct program *program)
{
    models->count = 0;
    while (models->count < count && model_open(&models->each[models->count], program->shapes,
                                               program->shape_count, program->globals, UINT64_MAX) == 0)
        models->count++;
    models->each[1].counts_only = count > 1;
    return models->count == count;
}

static void models_close(struct models *models)
{
    while (models->count > 0)
        model_close(&models->each[--models->count]);
}

/* Applies an operation, if it is the next one by each model. */
static bool models_apply(struct models *models, struct program_op op)
{
    struct model_places places;
    for (int i = 0; i < models->count; i++)
        if (model_objection(&models->each[i], &op) || model_apply(&models->each[i], &op, &places) ||
            models->each[i].calls != models->each[0].calls)
            return false;
    return true;
}

/* Drops all names, and calls what is due of it, as the end of a trial does: where memory ran out, before as well. */
static bool models_end(struct models *models, bool exhausted)
{
    const struct model *model = &models->each[0];
    const struct program_op finalise = {PROGRAM_FINALISE, 0, 0, 0};
    bool same = !model->frozen || models_apply(models, (struct program_op){PROGRAM_UNFREEZE, 0, 0, 0});
    same = same && (!exhausted || models_apply(models, finalise));
    while (same && model->frame_count > 0)
        same = models_apply(models, (struct program_op){PROGRAM_LEAVE, 0, 0, 0});
    same = same && models_apply(models, finalise);
    for (uint32_t calls = UINT32_MAX; same && model->calls != calls;) {
        calls = model->calls;
        for (uint32_t i = 0; i < model->globals && same; i++)
            same = models_apply(models, (struct program_op){PROGRAM_DEL, i, 0, 0});
        same = same && models_apply(models, finalise);
    }
    return same;
}

/* Whether `count` models say the same of the first operations of a program, and of its end behind them. */
static bool models_agree(int count, const struct program *program, uint64_t operations, bool exhausted)
{
    struct models models = {0};
    bool same = models_open(&models, count, program);
    for (uint64_t i = 0; i < operations && same; i++)
        same = models_apply(&models, program->ops[i]);
    same = same && models_end(&models, exhausted);
    models_close(&models);
    return same;
}

bool truth_is_counted(const struct program *program)
{
    return models_agree(2, program, program->op_count, false);
}

bool truth_ends_alike(const struct program *program, uint64_t operations, bool exhausted)
{
    bool keeps = false;
    for (uint64_t i = 0; i < operations && !keeps; i++)
        keeps = program->ops[i].code == PROGRAM_NEW &&
                program->shapes[program->ops[i].b].flags & PROGRAM_SHAPE_KEEPS;
    return !keeps || models_agree(1, program, operations, exhausted);
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
