/* SPDX-License-Identifier: MIT */
#include "collectors/mutator.h"
#include "harness/stress/patterns.h"

bool set(struct generator *generator, slot_t slot, operand_t object)
{
    return emit(generator, PROGRAM_SET, slot, object, 0);
}

bool move(struct generator *generator, slot_t to, slot_t from)
{
    return emit(generator, PROGRAM_MOVE, to, from, 0);
}

bool del(struct generator *generator, slot_t slot)
{
    return emit(generator, PROGRAM_DEL, slot, 0, 0);
}

bool store(struct generator *generator, slot_t object, uint32_t field, slot_t value)
{
    return emit(generator, PROGRAM_STORE, object_in(generator, object), field, object_in(generator, value));
}

operand_t new_any(struct generator *generator, slot_t slot, uint32_t refs)
{
    return refs == 0 && chance(generator, generator->dials->acyclic) ? emit_leaf(generator, slot)
                                                                     : emit_new(generator, slot, refs);
}

void build_ring(struct generator *generator, slot_t first, slot_t last, slot_t fresh, uint32_t size)
{
    emit_new(generator, first, 2);
    set(generator, last, object_in(generator, first));
    for (uint32_t i = 1; i < size; i++) {
        emit_new(generator, fresh, 2);
        store(generator, fresh, 0, last);
        move(generator, last, fresh);
    }
    store(generator, first, 0, last);
    del(generator, last);
}

void build_chain(struct generator *generator, slot_t head, slot_t fresh, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        emit_new(generator, fresh, 1);
        if (object_in(generator, head))
            store(generator, fresh, 0, head);
        move(generator, head, fresh);
    }
}

void build_chain_forward(struct generator *generator, slot_t head, slot_t last, slot_t fresh, uint32_t size)
{
    emit_new(generator, head, 1);
    set(generator, last, object_in(generator, head));
    for (uint32_t i = 1; i < size; i++) {
        emit_new(generator, fresh, 1);
        store(generator, last, 0, fresh);
        move(generator, last, fresh);
    }
}

void emit_finalise(struct generator *generator)
{
    const struct program_op finalise = {.code = PROGRAM_FINALISE};
    if (generator->model.frozen && model_objection(&generator->model, &finalise))
        emit(generator, PROGRAM_UNFREEZE, 0, 0, 0);
    emit(generator, PROGRAM_FINALISE, 0, 0, 0);
}

void settle(struct generator *generator)
{
    if (generator->dials->collects > 0 && chance(generator, 0.5))
        emit(generator, PROGRAM_COLLECT, GC_COLLECT_FULL, 0, 0);
}
