/* SPDX-License-Identifier: MIT */
/*
 * The patterns. Each comes from a bug that somebody shipped, or from a step of an algorithm that is easily
 * left out. Patterns are small, so that they mix: each builds on the objects that those before have left in
 * the names.
 */
#include "harness/stress/patterns.h"

#include "collectors/mutator.h"

/* Returns the object in the first field of the object in a slot; 0 if there is none. */
static operand_t next_of(const struct generator *generator, slot_t slot)
{
    operand_t object = object_in(generator, slot);
    return object && generator->model.objects[object - 1].field_count
               ? model_field(&generator->model, object - 1, 0)
               : 0;
}

static uint32_t ring_size(struct generator *generator)
{
    return draw_size(generator, generator->dials->ring);
}

/* ---- patterns without a ring ---- */

static void chain(struct generator *generator, slot_t first)
{
    if (chance(generator, 0.5))
        build_chain(generator, first, first + 1, draw_size(generator, generator->dials->depth));
    else
        build_chain_forward(generator, first, first + 1, first + 2,
                            draw_size(generator, generator->dials->depth));
    if (chance(generator, 0.5))
        del(generator, first); /* a cascade as deep as the chain, unless another name holds the tail */
}

/* An object has two names. One is dropped, so that it is a possible root. Then the other goes, and it dies in
 * the buffer. */
static void suspect_dies(struct generator *generator, slot_t first)
{
    for (uint32_t i = draw_size(generator, 6); i > 0; i--) {
        new_any(generator, first, below(generator, 3));
        set(generator, first + 1, object_in(generator, first));
        del(generator, first + 1);
        if (chance(generator, 0.5))
            set(generator, first + 1, object_in(generator, first)); /* it was shown to be alive in between */
        if (chance(generator, 0.3))
            emit_new(generator, first + 2, 1);
        del(generator, first + below(generator, 2));
    }
}

/* Each object of a chain has been a possible root when the cascade reaches it. */
static void suspect_chain(struct generator *generator, slot_t first)
{
    for (uint32_t i = draw_size(generator, 12); i > 0; i--) {
        build_chain(generator, first, first + 1, 1);
        set(generator, first + 2, object_in(generator, first));
        del(generator, first + 2);
    }
    if (chance(generator, 0.7))
        del(generator, first);
}

static void hub(struct generator *generator, slot_t first)
{
    uint32_t size = draw_size(generator, generator->dials->fan_in);
    new_any(generator, first, below(generator, 3));
    emit_shape(generator, first + 1, SHAPE_ARRAY, size);
    for (uint32_t i = 0; i < size; i++)
        store(generator, first + 1, i, first);
    for (uint32_t i = 0; i < size && chance(generator, 0.7); i++)
        emit(generator, PROGRAM_CLEAR, object_in(generator, first + 1), i, 0);
    if (chance(generator, 0.5))
        del(generator, first + below(generator, 2));
}

/* A live object is taken and dropped over and over. Its graph is scanned, and nothing is found. */
static void take_and_drop(struct generator *generator, slot_t first)
{
    operand_t object = find_object(generator);
    if (!object || !set(generator, first, object))
        return;
    for (uint32_t i = draw_size(generator, 8); i > 0; i--) {
        set(generator, first + 1, object_in(generator, first));
        if (chance(generator, 0.3))
            new_any(generator, first + 2, 0);
        del(generator, first + 1);
    }
}

/* Layers of two objects, each referring to both of the next layer, give 2^n paths. */
static void shared(struct generator *generator, slot_t first)
{
    new_any(generator, first, 0);
    set(generator, first + 1, object_in(generator, first));
    for (uint32_t i = draw_size(generator, 10); i > 0; i--) {
        for (slot_t fresh = first + 2; fresh < first + 4; fresh++) {
            emit_new(generator, fresh, 2);
            store(generator, fresh, 0, first);
            store(generator, fresh, 1, first + 1);
        }
        move(generator, first, first + 2);
        move(generator, first + 1, first + 3);
    }
    if (chance(generator, 0.5))
        del(generator, first + 1);
}

static void tree(struct generator *generator, slot_t first)
{
    uint32_t size = draw_size(generator, 16);
    emit_shape(generator, first, SHAPE_ARRAY, size);
    for (uint32_t i = 0; i < size; i++) {
        new_any(generator, first + 1, below(generator, 3));
        if (chance(generator, 0.3) && emit_leaf(generator, first + 2))
            store(generator, first + 1, 0, first + 2);
        store(generator, first, i, first + 1);
    }
    if (chance(generator, 0.5))
        del(generator, first + 1);
}

/* Calls pass an object inwards and a result outwards, by moves through the callers' slots. */
static void calls(struct generator *generator, slot_t first)
{
    uint32_t depth = draw_size(generator, generator->dials->calls);
    slot_t caller = first;
    emit_new(generator, first, 1);
    for (uint32_t i = 0; i < depth; i++) {
        slot_t local = generator->model.top;
        emit(generator, PROGRAM_ENTER, 3, 0, 0);
        set(generator, local, object_in(generator, caller));
        new_any(generator, local + 1, 1);
        if (chance(generator, 0.5))
            store(generator, local + 1, 0, local);
        if (chance(generator, 0.3))
            move(generator, caller + 1, local + 1);
        caller = local;
    }
    for (uint32_t i = 0; i < depth; i++) {
        if (chance(generator, 0.5))
            move(generator, first + 2, generator->model.top - 1 - below(generator, 3));
        emit(generator, PROGRAM_LEAVE, 0, 0, 0);
    }
}

/* The end of a frame drops many objects at once, some of which are held elsewhere. */
static void crowd(struct generator *generator, slot_t first)
{
    uint32_t size = draw_size(generator, generator->dials->locals);
    slot_t local = generator->model.top;
    emit_new(generator, first, 2);
    if (!emit(generator, PROGRAM_ENTER, size, 0, 0))
        return;
    for (uint32_t i = 0; i < size; i++) {
        new_any(generator, local + i, below(generator, 3));
        if (i > 0 && chance(generator, 0.5))
            store(generator, local + i, 0, local + below(generator, i));
    }
    if (chance(generator, 0.5))
        store(generator, first, 0, local + below(generator, size));
    emit(generator, PROGRAM_LEAVE, 0, 0, 0);
}

/* x = x, x.f = x.f and x = x.next: the new value must be taken before the old one is dropped. */
static void same_again(struct generator *generator, slot_t first)
{
    build_chain(generator, first, first + 1, draw_size(generator, 6));
    set(generator, first, object_in(generator, first));
    for (uint32_t i = draw_size(generator, 6); i > 0; i--) {
        operand_t next = next_of(generator, first);
        if (!next || !emit(generator, PROGRAM_GET, object_in(generator, first), 0, 0))
            break;
        if (chance(generator, 0.5))
            emit(generator, PROGRAM_STORE, object_in(generator, first), 0, next);
        else
            set(generator, first, next);
    }
}

/* ---- patterns with a ring ---- */

static void ring(struct generator *generator, slot_t first)
{
    for (uint32_t i = draw_size(generator, 4); i > 0; i--) {
        build_ring(generator, first, first + 1, first + 2, ring_size(generator));
        if (chance(generator, 0.6))
            del(generator, first);
    }
}

static void self_reference(struct generator *generator, slot_t first)
{
    for (uint32_t i = draw_size(generator, 4); i > 0; i--) {
        emit_new(generator, first, 2);
        store(generator, first, 0, first);
        if (chance(generator, 0.4))
            store(generator, first, 1, first); /* an edge visited twice must be counted twice */
        if (chance(generator, 0.6))
            del(generator, first);
    }
}

/* A list linked both ways, so that every member is twice a neighbour. */
static void doubly_linked(struct generator *generator, slot_t first)
{
    emit_new(generator, first, 2);
    set(generator, first + 1, object_in(generator, first));
    for (uint32_t i = draw_size(generator, generator->dials->ring * 2); i > 0; i--) {
        emit_new(generator, first + 2, 2);
        store(generator, first + 1, 0, first + 2);
        store(generator, first + 2, 1, first + 1);
        move(generator, first + 1, first + 2);
    }
    if (chance(generator, 0.5)) {
        store(generator, first + 1, 0, first);
        store(generator, first, 1, first + 1);
    }
    if (chance(generator, 0.6))
        del(generator, first);
}

/* A ring has a chain at one member, which goes with it. It also has leaves, of which trial deletion knows
 * nothing. */
static void ring_with_tail(struct generator *generator, slot_t first)
{
    build_ring(generator, first, first + 1, first + 2, ring_size(generator));
    if (chance(generator, 0.5))
        emit_leaf(generator, first + 1);
    if (chance(generator, 0.7))
        build_chain(generator, first + 1, first + 2, draw_size(generator, generator->dials->depth));
    store(generator, first, 1, first + 1);
    if (chance(generator, 0.7))
        del(generator, first + 1);
    if (chance(generator, 0.7))
        del(generator, first);
}

/* Garbage refers to live objects, whose counts must come out right. */
static void ring_to_live(struct generator *generator, slot_t first)
{
    operand_t live = find_object(generator);
    if (!live || !set(generator, first + 3, live))
        return;
    for (uint32_t i = draw_size(generator, 4); i > 0; i--) {
        build_ring(generator, first, first + 1, first + 2, ring_size(generator));
        store(generator, first, 1, first + 3);
        del(generator, first);
    }
    settle(generator);
}

/* Several rings refer to one object that nobody else holds. */
static void rings_around_hub(struct generator *generator, slot_t first)
{
    new_any(generator, first + 3, below(generator, 3));
    for (uint32_t i = draw_size(generator, 5); i > 0; i--) {
        build_ring(generator, first, first + 1, first + 2, ring_size(generator));
        store(generator, first, 1, first + 3);
    }
    if (chance(generator, 0.7))
        del(generator, first + 3);
    if (chance(generator, 0.5))
        del(generator, first);
}

/* Rings of two are each held by the one before. Their roots are made in either order
 * (ring-chain; Lins 1992). */
static void ring_chain(struct generator *generator, slot_t first)
{
    for (uint32_t i = draw_size(generator, generator->dials->ring * 2); i > 0; i--) {
        build_ring(generator, first, first + 1, first + 2, 2);
        if (object_in(generator, first + 3))
            chance(generator, 0.5) ? store(generator, first, 1, first + 3)
                                   : store(generator, first + 3, 1, first);
        move(generator, first + 3, first);
    }
    del(generator, first + 3);
}

/* Every member has been a possible root before the ring loses its name. */
static void suspect_ring(struct generator *generator, slot_t first)
{
    uint32_t size = ring_size(generator);
    build_ring(generator, first, first + 1, first + 2, size);
    set(generator, first + 1, object_in(generator, first));
    for (uint32_t i = 0; i < size; i++) {
        operand_t next = next_of(generator, first + 1);
        if (!emit(generator, PROGRAM_GET, object_in(generator, first + 1), 0, 0) ||
            !set(generator, first + 1, next))
            break;
    }
    del(generator, first + 1);
    if (chance(generator, 0.6))
        del(generator, first);
}

/* One member is held from outside, at first. A collection then must leave the ring alone. */
static void held_ring(struct generator *generator, slot_t first)
{
    build_ring(generator, first, first + 1, first + 2, ring_size(generator) + 1);
    operand_t next = next_of(generator, first);
    if (emit(generator, PROGRAM_GET, object_in(generator, first), 0, 0))
        set(generator, first + 3, next);
    del(generator, first);
    settle(generator);
    if (chance(generator, 0.5))
        del(generator, first + 3);
}

/* A ring passes through an array, by several of its elements. */
static void array_ring(struct generator *generator, slot_t first)
{
    uint32_t size = draw_size(generator, generator->dials->array + 1);
    emit_shape(generator, first, SHAPE_ARRAY, size);
    emit_new(generator, first + 1, 2);
    store(generator, first + 1, 0, first);
    for (uint32_t i = 0; i < size; i++) {
        if (chance(generator, 0.3)) {
            new_any(generator, first + 1, 1);
            store(generator, first + 1, 0, first);
        }
        if (chance(generator, 0.8))
            store(generator, first, i, first + 1);
    }
    del(generator, first + 1);
    if (chance(generator, 0.6))
        del(generator, first);
}

/* Rings lie at both ends of a chain: one ring may be all that keeps the other alive. */
static void dumb_bell(struct generator *generator, slot_t first)
{
    build_ring(generator, first, first + 1, first + 2, ring_size(generator));
    build_chain(generator, first, first + 1, draw_size(generator, generator->dials->depth));
    move(generator, first + 3, first);
    build_ring(generator, first, first + 1, first + 2, ring_size(generator));
    store(generator, first, 1, first + 3);
    del(generator, chance(generator, 0.5) ? first + 3 : first);
    if (chance(generator, 0.5))
        del(generator, first + 3);
}

/* A new edge joins any two objects: patterns grow together, and rings close that no pattern meant. */
static void knot(struct generator *generator, slot_t first)
{
    for (uint32_t i = draw_size(generator, 6); i > 0; i--) {
        operand_t object = find_object(generator);
        if (!object || !set(generator, first, object))
            continue;
        object = find_object(generator);
        uint32_t fields = object ? generator->model.objects[object - 1].field_count : 0;
        if (fields)
            emit(generator, PROGRAM_STORE, object, draw_field(generator, fields),
                 object_in(generator, first));
    }
    del(generator, first);
}

const struct pattern patterns[] = {
    {"chain", chain, 3, false},
    {"suspect-dies", suspect_dies, 3, false},
    {"suspect-chain", suspect_chain, 3, false},
    {"hub", hub, 2, false},
    {"take-and-drop", take_and_drop, 3, false},
    {"shared", shared, 4, false},
    {"tree", tree, 3, false},
    {"calls", calls, 3, false},
    {"crowd", crowd, 1, false},
    {"same-again", same_again, 2, false},
    {"ring", ring, 3, true},
    {"self-reference", self_reference, 1, true},
    {"doubly-linked", doubly_linked, 3, true},
    {"ring-with-tail", ring_with_tail, 3, true},
    {"ring-to-live", ring_to_live, 4, true},
    {"rings-around-hub", rings_around_hub, 4, true},
    {"ring-chain", ring_chain, 4, true},
    {"suspect-ring", suspect_ring, 3, true},
    {"held-ring", held_ring, 4, true},
    {"array-ring", array_ring, 2, true},
    {"dumb-bell", dumb_bell, 4, true},
    {"knot", knot, 1, true},
};
const uint32_t pattern_count = sizeof patterns / sizeof *patterns;
