/* SPDX-License-Identifier: MIT */
#include "harness/stress/frozen.h"

#include "collectors/mutator.h"
#include "harness/stress/attended.h"

/* The names: what is frozen, a ring that is younger, what is frozen and dead or an ephemeron, and two for what builds them. */
enum { OLD, YOUNG, DEAD, LAST, FRESH };

enum { AGES_MOST = 3 }; /* collections that an object lives through before it is frozen, at most */

static void collect(struct generator *generator, enum gc_collect_kind kind)
{
    if (generator->dials->collects > 0)
        emit(generator, PROGRAM_COLLECT, kind, 0, 0);
}

static void freeze(struct generator *generator)
{
    emit(generator, PROGRAM_FREEZE, 0, 0, 0);
}

static void unfreeze(struct generator *generator)
{
    if (generator->model.frozen)
        emit(generator, PROGRAM_UNFREEZE, 0, 0, 0);
}

/* Lets every collector have found all that is dead, most of the time. So it is known what the next FREEZE finds. */
static void find_dead(struct generator *generator)
{
    if (!chance(generator, 0.7))
        return;
    unfreeze(generator);
    if (generator->attended)
        emit_finalise(generator);
    else
        collect(generator, GC_COLLECT_FULL);
}

void frozen_turn(struct generator *generator)
{
    if (generator->model.frozen && chance(generator, 0.7)) {
        unfreeze(generator);
        return;
    }
    find_dead(generator);
    freeze(generator);
}

/* Asks what is held, half of the time. */
static void look(struct generator *generator)
{
    if (generator->dials->checkpoints == 0 || !chance(generator, 0.5))
        return;
    if (generator->attended)
        emit_finalise(generator);
    emit(generator, PROGRAM_CHECKPOINT, 0, 0, 0);
}

static void ring(struct generator *generator, slot_t first, slot_t place)
{
    build_ring(generator, first + place, first + LAST, first + FRESH,
               draw_size(generator, generator->dials->ring));
}

/* Lets one ring hold another: by an object of it that has a field to spare. */
static void hold(struct generator *generator, slot_t first, slot_t holder, slot_t held)
{
    if (object_in(generator, first + holder) && object_in(generator, first + held))
        store(generator, first + holder, 1, first + held);
}

/* What becomes frozen: a ring of any age, or an object on none, and a ring that nobody has found dead. */
static void build_old(struct generator *generator, slot_t first)
{
    if (chance(generator, 0.6))
        ring(generator, first, OLD);
    else
        emit_new(generator, first + OLD, 2);
    for (uint32_t ages = below(generator, AGES_MOST + 1); ages > 0; ages--)
        collect(generator, GC_COLLECT_YOUNG);
    if (chance(generator, 0.3))
        collect(generator, GC_COLLECT_FULL);
    if (chance(generator, 0.5))
        ring(generator, first, DEAD);
    if (chance(generator, 0.3))
        hold(generator, first, DEAD, OLD);
    if (chance(generator, 0.3))
        hold(generator, first, OLD, DEAD);
    if (chance(generator, 0.7))
        del(generator, first + DEAD);
}

/* What is made while something is frozen: a ring that holds the frozen one, or is held by it alone, or is dead. */
static void build_young(struct generator *generator, slot_t first)
{
    ring(generator, first, YOUNG);
    if (chance(generator, 0.6))
        hold(generator, first, OLD, YOUNG);
    else if (chance(generator, 0.4))
        hold(generator, first, YOUNG, OLD);
    if (chance(generator, 0.7))
        del(generator, first + YOUNG);
}

/* An ephemeron that is frozen, with a younger key that is dead, and a value that refers to the key. */
static void build_pair(struct generator *generator, slot_t first)
{
    attended_pair(generator, first + DEAD);
    freeze(generator);
    attended_referent(generator, first + OLD);
    store(generator, first + OLD, 0, first + OLD);
    ring(generator, first, YOUNG);
    hold(generator, first, YOUNG, OLD);
    emit(generator, PROGRAM_EPHEMERON, object_in(generator, first + DEAD), object_in(generator, first + OLD),
         object_in(generator, first + YOUNG));
    del(generator, first + YOUNG);
    if (chance(generator, 0.7))
        del(generator, first + OLD);
    look(generator);
}

static void build_rings(struct generator *generator, slot_t first)
{
    build_old(generator, first);
    if (chance(generator, 0.3))
        del(generator, first + OLD);
    freeze(generator);
    if (chance(generator, 0.8))
        build_young(generator, first);
    if (chance(generator, 0.4))
        collect(generator, GC_COLLECT_YOUNG);
    if (chance(generator, 0.6))
        del(generator, first + OLD);
    collect(generator, chance(generator, 0.7) ? GC_COLLECT_FULL : GC_COLLECT_YOUNG);
    look(generator);
    if (chance(generator, 0.5))
        del(generator, first + OLD);
    look(generator);
    if (chance(generator, 0.2))
        freeze(generator);
    if (chance(generator, 0.6))
        unfreeze(generator);
    look(generator);
}

void frozen_build(struct generator *generator, slot_t first)
{
    find_dead(generator);
    if (generator->attended && chance(generator, 0.3))
        build_pair(generator, first);
    else
        build_rings(generator, first);
}
