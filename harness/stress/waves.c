/* SPDX-License-Identifier: MIT */
#include "harness/stress/waves.h"

#include "harness/stress/attended.h"

enum {
    HOLDER = 0, /* the names of a wave: the array, */
    FRESH,      /* and what is being made */
    NAMES,
    KEPT_ONE_IN = 64, /* objects of a wave that outlive it, where some do */
    LEAST_BYTES = 32,
};

/* Fills the array with `count` objects of `bytes`. Those on a ring refer to it. Some have finalisers, in programs that
 * have any. */
static void fill(struct generator *generator, slot_t first, uint32_t count, uint32_t bytes, bool ring)
{
    for (uint32_t i = 0; i < count; i++) {
        if (generator->attended && chance(generator, generator->dials->attended))
            attended_file(generator, first + FRESH);
        else
            emit_shape(generator, first + FRESH, ring ? SHAPE_BUFFER : SHAPE_TEXT, bytes);
        if (ring)
            store(generator, first + FRESH, 0, first + HOLDER);
        store(generator, first + HOLDER, i, first + FRESH);
    }
    del(generator, first + FRESH);
}

/* Gives a few of the leaves a global name, which drops the one that it held. */
static void keep_some(struct generator *generator, slot_t first, uint32_t count)
{
    operand_t holder = object_in(generator, first + HOLDER);
    for (uint32_t i = below(generator, KEPT_ONE_IN); i < count && holder; i += KEPT_ONE_IN) {
        slot_t global = below(generator, generator->model.globals);
        if (model_field(&generator->model, holder - 1, i) && emit(generator, PROGRAM_GET, holder, i, 0))
            set(generator, global, model_field(&generator->model, holder - 1, i));
    }
}

static void wave_make(struct generator *generator)
{
    const struct dials *dials = generator->dials;
    slot_t first = generator->model.top;
    uint32_t count = 1 + below(generator, dials->waves);
    uint32_t bytes = LEAST_BYTES + below(generator, dials->bytes + 1);
    bool ring = chance(generator, dials->cyclic);
    bool keeps = chance(generator, 0.3);
    uint32_t part = 1 + below(generator, 4);
    if (!emit(generator, PROGRAM_ENTER, NAMES, 0, 0))
        return;
    emit_shape(generator, first + HOLDER, SHAPE_ARRAY, count);
    fill(generator, first, count, bytes, ring);
    if (keeps && !ring)
        keep_some(generator, first, count);
    del(generator, first + HOLDER);
    if (generator->attended && chance(generator, 0.5))
        attended_finalise(generator);
    emit_shape(generator, first + FRESH, SHAPE_TEXT, (uint64_t)count * bytes / part);
    emit(generator, PROGRAM_LEAVE, 0, 0, 0);
}

void waves_make(struct generator *generator)
{
    while (room_left(generator) && !generator->failed)
        wave_make(generator);
}
