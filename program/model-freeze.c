/* SPDX-License-Identifier: MIT */
/*
 * What a collector holds that leaves out what is frozen.
 *
 * The model keeps dead rings, and does not know which of them a collector has found. So it notes of each object when it
 * last lost a reference: in which period. A period ends where a collector may collect. At a FREEZE three things are known
 * of the objects that no slot reaches:
 *
 *      reached by what lost a reference in this period      No collection has run since: the collector holds them
 *      reached by what lost one since all garbage was found The collector may hold them
 *      all others                                           A full collection has found them
 *
 * A live ephemeron may refer to a value that is gone with its key. Where it drops one, nothing is known of that period.
 *
 * So a frozen object is frozen surely, or maybe. Without rings that died some time before the FREEZE both are the same.
 *
 * What is held later follows from the objects alone, whenever a collector has looked, because both of its rules take more
 * away when others have been taken away:
 *
 *      counting       an object goes when nothing that is held refers to it, frozen or not
 *      a collection   an object that is not frozen goes when neither slots nor frozen objects reach it
 */
#include <stdlib.h>
#include <string.h>

#include "program/model-internal.h"

/* A walk of what is held. */
struct holding {
    const struct model *model;
    uint8_t *roots;         /* by object: what holds itself, as long as something refers to it */
    struct model_walk walk; /* its `seen`: what is held */
    uint32_t
        *references; /* by object: those that slots, finalisers that are due, and what is held have to it */
};

static bool holding_open(struct holding *holding, const struct model *model)
{
    uint64_t room = (uint64_t)model->object_count + 1;
    *holding = (struct holding){.model = model,
                                .roots = calloc(room, 1),
                                .walk = {.model = model,
                                         .seen = calloc(room, 1),
                                         .queue = malloc(room * sizeof *holding->walk.queue)},
                                .references = malloc(room * sizeof *holding->references)};
    return holding->roots && holding->walk.seen && holding->walk.queue && holding->references;
}

static void holding_close(struct holding *holding)
{
    free(holding->roots);
    free(holding->walk.seen);
    free(holding->walk.queue);
    free(holding->references);
}

static bool is_there(const struct model *model, uint32_t object)
{
    return model->objects[object].count > 0 && !model->objects[object].freed;
}

static void walk_to_end(struct model_walk *walk, uint64_t next)
{
    for (; next < walk->count; next++)
        model_walk_from(walk, walk->queue[next]);
}

/* Finds what slots from `first` on reach. */
static void reach_from(struct holding *holding, uint32_t first)
{
    const struct model *model = holding->model;
    struct model_walk *walk = &holding->walk;
    memset(walk->seen, 0, model->object_count);
    walk->count = 0;
    for (uint32_t i = 0; i < model->object_count; i++)
        for (uint32_t slot = model->objects[i].first_slot; slot != MODEL_NONE; slot = model->slots[slot].next)
            if (slot >= first)
                model_walk_reach(walk, i + 1);
    walk_to_end(walk, 0);
}

/* Finds what slots, finalisers that are due, and the roots reach. */
static void reach(struct holding *holding)
{
    const struct model *model = holding->model;
    struct model_walk *walk = &holding->walk;
    reach_from(holding, 0);
    uint64_t next = walk->count;
    for (uint32_t due = 0; due < model->due_count; due++)
        model_walk_reach(walk, model->dues[due] + 1);
    for (uint32_t i = 0; i < model->object_count; i++)
        if (holding->roots[i])
            model_walk_reach(walk, i + 1);
    walk_to_end(walk, next);
}

/* The first field of an object that counts: the value of an ephemeron does while its key is held. */
static uint32_t first_field(const struct holding *holding, uint32_t object)
{
    const struct model *model = holding->model;
    if (!(model_shape(model, object)->flags & GC_SHAPE_EPHEMERON))
        return 0;
    uint32_t key = model->attended[object].referent;
    return key && holding->walk.seen[key - 1] ? 0 : GC_EPHEMERON_VALUE + 1;
}

static void count_references(struct holding *holding)
{
    const struct model *model = holding->model;
    memset(holding->references, 0, model->object_count * sizeof *holding->references);
    for (uint32_t i = 0; i < model->object_count; i++)
        for (uint32_t slot = model->objects[i].first_slot; slot != MODEL_NONE; slot = model->slots[slot].next)
            holding->references[i]++;
    for (uint32_t due = 0; due < model->due_count; due++)
        holding->references[model->dues[due]]++;
    for (uint32_t i = 0; i < model->object_count; i++) {
        uint32_t fields = holding->walk.seen[i] ? model->objects[i].field_count : 0;
        for (uint32_t field = first_field(holding, i); field < fields; field++) {
            uint32_t child = model_field(model, i, field);
            if (child)
                holding->references[child - 1]++;
        }
    }
}

/* Takes away, as counting does, what is held and has no reference. Says whether there was any. */
static bool release_unreferenced(struct holding *holding)
{
    struct model_walk *walk = &holding->walk;
    bool any = false;
    count_references(holding);
    walk->count = 0;
    for (uint32_t i = 0; i < holding->model->object_count; i++)
        if (walk->seen[i] && holding->references[i] == 0)
            walk->queue[walk->count++] = i;
    while (walk->count > 0) {
        uint32_t object = walk->queue[--walk->count];
        uint32_t fields = holding->model->objects[object].field_count;
        any = true;
        for (uint32_t field = first_field(holding, object); field < fields; field++) {
            uint32_t child = model_field(holding->model, object, field);
            if (child && --holding->references[child - 1] == 0 && walk->seen[child - 1])
                walk->queue[walk->count++] = child - 1;
        }
        walk->seen[object] = holding->roots[object] = 0;
    }
    return any;
}

/* Adds to the roots what has lost a reference in a period from `since` on, and all that it reaches. */
static void add_lost(struct holding *holding, uint32_t since)
{
    const struct model *model = holding->model;
    struct model_walk *walk = &holding->walk;
    memset(walk->seen, 0, model->object_count);
    walk->count = 0;
    for (uint32_t i = 0; i < model->object_count; i++)
        if (is_there(model, i) && model->objects[i].lost >= since)
            model_walk_reach(walk, i + 1);
    walk_to_end(walk, 0);
    for (uint64_t i = 0; i < walk->count; i++)
        holding->roots[walk->queue[i]] = 1;
}

static void add_frozen(struct holding *holding, enum model_frozen frozen)
{
    for (uint32_t i = 0; i < holding->model->object_count; i++)
        holding->roots[i] |= is_there(holding->model, i) && holding->model->objects[i].frozen >= frozen;
}

/* Finds what is held when both rules have nothing more to take away. */
static void settle(struct holding *holding)
{
    do
        reach(holding);
    while (release_unreferenced(holding));
}

/* ---- periods ---- */

void model_period_begin(struct model *model, const struct program_op *op)
{
    bool all = op->code == PROGRAM_FINALISE ||
               (op->code == PROGRAM_COLLECT && op->a == GC_COLLECT_FULL && !model->attends);
    model->period++;
    if (all && !model->frozen)
        model->found = model->period;
}

void model_value_drops(struct model *model, uint32_t ephemeron)
{
    if (!(model_shape(model, ephemeron)->flags & GC_SHAPE_EPHEMERON) ||
        !model_field(model, ephemeron, GC_EPHEMERON_VALUE))
        return;
    model->parted = true;
    uint32_t key = model->attended[ephemeron].referent;
    if (!key || !model_is_usable(model, key - 1))
        model->blurred = model->period + 1;
}

/* ---- FREEZE and UNFREEZE ---- */

/* Of what may be held, nothing is taken away by a collection that may not have run. */
static void hold_at_most(struct holding *holding)
{
    add_frozen(holding, MODEL_FROZEN_MAYBE);
    reach(holding);
    memcpy(holding->roots, holding->walk.seen, holding->model->object_count);
    add_lost(holding, holding->model->found);
    reach(holding);
    while (release_unreferenced(holding))
        ;
}

const char *model_freeze_apply(struct model *model)
{
    struct holding most, least;
    bool able = holding_open(&most, model);
    able &= holding_open(&least, model);
    if (able) {
        hold_at_most(&most);
        add_frozen(&least, MODEL_FROZEN_SURELY);
        if (model->blurred != model->period + 1)
            add_lost(&least, model->period);
        settle(&least);
        for (uint32_t i = 0; i < model->object_count; i++)
            model->objects[i].frozen = least.walk.seen[i]  ? MODEL_FROZEN_SURELY
                                       : most.walk.seen[i] ? MODEL_FROZEN_MAYBE
                                                           : MODEL_FROZEN_NOT;
        model->frozen = true;
    }
    holding_close(&most);
    holding_close(&least);
    return able ? NULL : model_out_of_memory;
}

void model_unfreeze_apply(struct model *model)
{
    for (uint32_t i = 0; i < model->object_count && model->frozen; i++)
        model->objects[i].frozen = MODEL_FROZEN_NOT;
    model->frozen = false;
}

int model_hold(const struct model *model, enum model_frozen frozen, struct model_held *ret_held)
{
    struct holding holding;
    bool able = holding_open(&holding, model);
    *ret_held = (struct model_held){0};
    if (able) {
        add_frozen(&holding, frozen);
        settle(&holding);
    }
    for (uint32_t i = 0; i < model->object_count && able; i++) {
        if (!holding.walk.seen[i])
            continue;
        ret_held->objects++;
        ret_held->bytes += gc_shape_bytes(model_shape(model, i), model->objects[i].length);
        ret_held->external += model_shape(model, i)->external;
        ret_held->frozen += model->objects[i].frozen >= frozen;
    }
    holding_close(&holding);
    return able ? 0 : -1;
}

/* ---- finalisers and weak references ---- */

/* Whether it matters who finds an object dead: the collector that leaves it out, or the one that does not. */
static bool is_attended(const struct model *model, uint32_t object)
{
    const struct model_attended *words = &model->attended[object];
    uint32_t flags = model_shape(model, object)->flags;
    return words->first || ((flags & GC_SHAPE_FINALISED) && !words->finalised) ||
           ((flags & GC_SHAPE_CALLED) && (words->referent || words->rung));
}

static const char frozen_dead[] =
    "what is frozen and dead has a finaliser, or a weak reference: whether it is found "
    "is the collector's";
static const char frozen_bound[] =
    "a finaliser may bind g0, and what is frozen and held by g0 alone has a finaliser, or "
    "a weak reference: whether it is found is the collector's";

/* Says that it matters who finds the object dead, which is so now or when a finaliser has bound the first global. */
static const char *objection_to(struct holding *live, uint32_t object)
{
    reach_from(live, 0);
    return live->walk.seen[object] ? frozen_bound : frozen_dead;
}

const char *model_frozen_objection(const struct model *model)
{
    struct holding frozen, live;
    const char *objection = NULL;
    bool able = holding_open(&frozen, model);
    able &= holding_open(&live, model);
    if (able) {
        add_frozen(&frozen, MODEL_FROZEN_MAYBE);
        reach(&frozen);
        reach_from(&live, model_has_keeper(model));
    }
    for (uint32_t i = 0; i < model->object_count && able && !objection; i++)
        if (frozen.walk.seen[i] && !live.walk.seen[i] && is_attended(model, i))
            objection = objection_to(&live, i);
    holding_close(&frozen);
    holding_close(&live);
    return able ? objection : model_out_of_memory;
}
