/* SPDX-License-Identifier: MIT */
/*
 * The patterns. Each comes from a bug that somebody shipped, or from a step of an algorithm that is easily
 * left out. They are small, so that they mix: one builds on what the ones before have left in the names.
 */
#include "harness/stress/patterns.h"

#include "collectors/mutator.h"

typedef struct generator generator;

static bool set(generator *g, slot_t slot, operand_t object)
{
    return emit(g, PROGRAM_SET, slot, object, 0);
}

static bool move(generator *g, slot_t to, slot_t from)
{
    return emit(g, PROGRAM_MOVE, to, from, 0);
}

static bool del(generator *g, slot_t slot)
{
    return emit(g, PROGRAM_DEL, slot, 0, 0);
}

/* What is in one slot into a field of what is in another. */
static bool store(generator *g, slot_t object, uint32_t field, slot_t value)
{
    return emit(g, PROGRAM_STORE, object_in(g, object), field, object_in(g, value));
}

static operand_t new_any(generator *g, slot_t slot, uint32_t refs)
{
    return refs == 0 && chance(g, g->dials->acyclic) ? emit_leaf(g, slot) : emit_new(g, slot, refs);
}

/* What the first field of what is in a slot refers to; 0 if there is no such thing. */
static operand_t next_of(const generator *g, slot_t slot)
{
    operand_t object = object_in(g, slot);
    return object && g->model.objects[object - 1].field_count ? model_field(&g->model, object - 1, 0) : 0;
}

/* ---- parts ---- */

/* A ring of `size`, its first member in `first`; `last` and `fresh` are null afterwards. */
static void build_ring(generator *g, slot_t first, slot_t last, slot_t fresh, uint32_t size)
{
    emit_new(g, first, 2);
    set(g, last, object_in(g, first));
    for (uint32_t i = 1; i < size; i++) {
        emit_new(g, fresh, 2);
        store(g, fresh, 0, last);
        move(g, last, fresh);
    }
    store(g, first, 0, last);
    del(g, last);
}

/* A chain of `size` in `head`, each younger than what it refers to; `head` may hold the tail already. */
static void build_chain(generator *g, slot_t head, slot_t fresh, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        emit_new(g, fresh, 1);
        if (object_in(g, head))
            store(g, fresh, 0, head);
        move(g, head, fresh);
    }
}

/* The same, each older than what it refers to. `last` ends as the tail. */
static void build_chain_forward(generator *g, slot_t head, slot_t last, slot_t fresh, uint32_t size)
{
    emit_new(g, head, 1);
    set(g, last, object_in(g, head));
    for (uint32_t i = 1; i < size; i++) {
        emit_new(g, fresh, 1);
        store(g, last, 0, fresh);
        move(g, last, fresh);
    }
}

static uint32_t ring_size(generator *g)
{
    return draw_size(g, g->dials->ring);
}

/* ---- without a ring ---- */

static void chain(generator *g, slot_t s)
{
    if (chance(g, 0.5))
        build_chain(g, s, s + 1, draw_size(g, g->dials->depth));
    else
        build_chain_forward(g, s, s + 1, s + 2, draw_size(g, g->dials->depth));
    if (chance(g, 0.5))
        del(g, s); /* a cascade as deep as the chain, unless another name holds the tail */
}

/* Two names for an object, one dropped: it is a possible root; then the other, and it dies in the buffer. */
static void suspect_dies(generator *g, slot_t s)
{
    for (uint32_t i = draw_size(g, 6); i > 0; i--) {
        new_any(g, s, below(g, 3));
        set(g, s + 1, object_in(g, s));
        del(g, s + 1);
        if (chance(g, 0.5))
            set(g, s + 1, object_in(g, s)); /* and was shown to be alive in between */
        if (chance(g, 0.3))
            emit_new(g, s + 2, 1);
        del(g, s + below(g, 2));
    }
}

/* Each of a chain has been a possible root when the cascade comes by. */
static void suspect_chain(generator *g, slot_t s)
{
    for (uint32_t i = draw_size(g, 12); i > 0; i--) {
        build_chain(g, s, s + 1, 1);
        set(g, s + 2, object_in(g, s));
        del(g, s + 2);
    }
    if (chance(g, 0.7))
        del(g, s);
}

static void hub(generator *g, slot_t s)
{
    uint32_t size = draw_size(g, g->dials->fan_in);
    new_any(g, s, below(g, 3));
    emit(g, PROGRAM_NEW, s + 1, SHAPE_ARRAY, size);
    for (uint32_t i = 0; i < size; i++)
        store(g, s + 1, i, s);
    for (uint32_t i = 0; i < size && chance(g, 0.7); i++)
        emit(g, PROGRAM_CLEAR, object_in(g, s + 1), i, 0);
    if (chance(g, 0.5))
        del(g, s + below(g, 2));
}

/* A live object is taken and dropped over and over: what it reaches is scanned, and nothing is found. */
static void take_and_drop(generator *g, slot_t s)
{
    operand_t object = find_object(g);
    if (!object || !set(g, s, object))
        return;
    for (uint32_t i = draw_size(g, 8); i > 0; i--) {
        set(g, s + 1, object_in(g, s));
        if (chance(g, 0.3))
            new_any(g, s + 2, 0);
        del(g, s + 1);
    }
}

/* Layers of two, each referring to both of the next: 2^n paths. */
static void shared(generator *g, slot_t s)
{
    new_any(g, s, 0);
    set(g, s + 1, object_in(g, s));
    for (uint32_t i = draw_size(g, 10); i > 0; i--) {
        for (slot_t fresh = s + 2; fresh < s + 4; fresh++) {
            emit_new(g, fresh, 2);
            store(g, fresh, 0, s);
            store(g, fresh, 1, s + 1);
        }
        move(g, s, s + 2);
        move(g, s + 1, s + 3);
    }
    if (chance(g, 0.5))
        del(g, s + 1);
}

static void tree(generator *g, slot_t s)
{
    uint32_t size = draw_size(g, 16);
    emit(g, PROGRAM_NEW, s, SHAPE_ARRAY, size);
    for (uint32_t i = 0; i < size; i++) {
        new_any(g, s + 1, below(g, 3));
        if (chance(g, 0.3) && emit_leaf(g, s + 2))
            store(g, s + 1, 0, s + 2);
        store(g, s, i, s + 1);
    }
    if (chance(g, 0.5))
        del(g, s + 1);
}

/* Calls that hand an object inwards and a result outwards, by moves through the callers' slots. */
static void calls(generator *g, slot_t s)
{
    uint32_t depth = draw_size(g, g->dials->calls);
    slot_t caller = s;
    emit_new(g, s, 1);
    for (uint32_t i = 0; i < depth; i++) {
        slot_t local = g->model.top;
        emit(g, PROGRAM_ENTER, 3, 0, 0);
        set(g, local, object_in(g, caller));
        new_any(g, local + 1, 1);
        if (chance(g, 0.5))
            store(g, local + 1, 0, local);
        if (chance(g, 0.3))
            move(g, caller + 1, local + 1);
        caller = local;
    }
    for (uint32_t i = 0; i < depth; i++) {
        if (chance(g, 0.5))
            move(g, s + 2, g->model.top - 1 - below(g, 3));
        emit(g, PROGRAM_LEAVE, 0, 0, 0);
    }
}

/* A frame whose end drops much at once, of which some is held elsewhere. */
static void crowd(generator *g, slot_t s)
{
    uint32_t size = draw_size(g, g->dials->locals);
    slot_t first = g->model.top;
    emit_new(g, s, 2);
    if (!emit(g, PROGRAM_ENTER, size, 0, 0))
        return;
    for (uint32_t i = 0; i < size; i++) {
        new_any(g, first + i, below(g, 3));
        if (i > 0 && chance(g, 0.5))
            store(g, first + i, 0, first + below(g, i));
    }
    if (chance(g, 0.5))
        store(g, s, 0, first + below(g, size));
    emit(g, PROGRAM_LEAVE, 0, 0, 0);
}

/* x = x, x.f = x.f and x = x.next: the new value is taken before the old one is dropped. */
static void same_again(generator *g, slot_t s)
{
    build_chain(g, s, s + 1, draw_size(g, 6));
    set(g, s, object_in(g, s));
    for (uint32_t i = draw_size(g, 6); i > 0; i--) {
        operand_t next = next_of(g, s);
        if (!next || !emit(g, PROGRAM_GET, object_in(g, s), 0, 0))
            break;
        if (chance(g, 0.5))
            emit(g, PROGRAM_STORE, object_in(g, s), 0, next);
        else
            set(g, s, next);
    }
}

/* ---- with one ---- */

static void ring(generator *g, slot_t s)
{
    for (uint32_t i = draw_size(g, 4); i > 0; i--) {
        build_ring(g, s, s + 1, s + 2, ring_size(g));
        if (chance(g, 0.6))
            del(g, s);
    }
}

static void self_reference(generator *g, slot_t s)
{
    for (uint32_t i = draw_size(g, 4); i > 0; i--) {
        emit_new(g, s, 2);
        store(g, s, 0, s);
        if (chance(g, 0.4))
            store(g, s, 1, s); /* twice: an edge visited twice is counted twice */
        if (chance(g, 0.6))
            del(g, s);
    }
}

/* Both ways round, so that every member is a neighbour's twice. */
static void doubly_linked(generator *g, slot_t s)
{
    emit_new(g, s, 2);
    set(g, s + 1, object_in(g, s));
    for (uint32_t i = draw_size(g, g->dials->ring * 2); i > 0; i--) {
        emit_new(g, s + 2, 2);
        store(g, s + 1, 0, s + 2);
        store(g, s + 2, 1, s + 1);
        move(g, s + 1, s + 2);
    }
    if (chance(g, 0.5)) {
        store(g, s + 1, 0, s);
        store(g, s, 1, s + 1);
    }
    if (chance(g, 0.6))
        del(g, s);
}

/* A ring with a chain at one member, which goes with it, and leaves, of which trial deletion knows nothing.
 */
static void ring_with_tail(generator *g, slot_t s)
{
    build_ring(g, s, s + 1, s + 2, ring_size(g));
    if (chance(g, 0.5))
        emit_leaf(g, s + 1);
    if (chance(g, 0.7))
        build_chain(g, s + 1, s + 2, draw_size(g, g->dials->depth));
    store(g, s, 1, s + 1);
    if (chance(g, 0.7))
        del(g, s + 1);
    if (chance(g, 0.7))
        del(g, s);
}

/* Garbage that refers to what lives: the counts of the living must come out right. */
static void ring_to_live(generator *g, slot_t s)
{
    operand_t live = find_object(g);
    if (!live || !set(g, s + 3, live))
        return;
    for (uint32_t i = draw_size(g, 4); i > 0; i--) {
        build_ring(g, s, s + 1, s + 2, ring_size(g));
        store(g, s, 1, s + 3);
        del(g, s);
    }
    if (chance(g, 0.5))
        emit(g, PROGRAM_COLLECT, GC_COLLECT_FULL, 0, 0);
}

/* Several rings that refer to one object which nobody else holds. */
static void rings_around_hub(generator *g, slot_t s)
{
    new_any(g, s + 3, below(g, 3));
    for (uint32_t i = draw_size(g, 5); i > 0; i--) {
        build_ring(g, s, s + 1, s + 2, ring_size(g));
        store(g, s, 1, s + 3);
    }
    if (chance(g, 0.7))
        del(g, s + 3);
    if (chance(g, 0.5))
        del(g, s);
}

/* Rings of two, each held by the one before, the roots made in either order (ring-chain; Lins 1992). */
static void ring_chain(generator *g, slot_t s)
{
    for (uint32_t i = draw_size(g, g->dials->ring * 2); i > 0; i--) {
        build_ring(g, s, s + 1, s + 2, 2);
        if (object_in(g, s + 3))
            chance(g, 0.5) ? store(g, s, 1, s + 3) : store(g, s + 3, 1, s);
        move(g, s + 3, s);
    }
    del(g, s + 3);
}

/* Every member has been made a possible root before the ring loses its name. */
static void suspect_ring(generator *g, slot_t s)
{
    uint32_t size = ring_size(g);
    build_ring(g, s, s + 1, s + 2, size);
    set(g, s + 1, object_in(g, s));
    for (uint32_t i = 0; i < size; i++) {
        operand_t next = next_of(g, s + 1);
        if (!emit(g, PROGRAM_GET, object_in(g, s + 1), 0, 0) || !set(g, s + 1, next))
            break;
    }
    del(g, s + 1);
    if (chance(g, 0.6))
        del(g, s);
}

/* One member is held from outside, at first; a collection then must leave it alone. */
static void held_ring(generator *g, slot_t s)
{
    build_ring(g, s, s + 1, s + 2, ring_size(g) + 1);
    operand_t next = next_of(g, s);
    if (emit(g, PROGRAM_GET, object_in(g, s), 0, 0))
        set(g, s + 3, next);
    del(g, s);
    if (chance(g, 0.5))
        emit(g, PROGRAM_COLLECT, GC_COLLECT_FULL, 0, 0);
    if (chance(g, 0.5))
        del(g, s + 3);
}

/* A ring through an array, by several of its elements. */
static void array_ring(generator *g, slot_t s)
{
    uint32_t size = draw_size(g, g->dials->array + 1);
    emit(g, PROGRAM_NEW, s, SHAPE_ARRAY, size);
    emit_new(g, s + 1, 2);
    store(g, s + 1, 0, s);
    for (uint32_t i = 0; i < size; i++) {
        if (chance(g, 0.3)) {
            new_any(g, s + 1, 1);
            store(g, s + 1, 0, s);
        }
        if (chance(g, 0.8))
            store(g, s, i, s + 1);
    }
    del(g, s + 1);
    if (chance(g, 0.6))
        del(g, s);
}

/* Rings at both ends of a chain: what a ring refers to may be another's only support. */
static void dumb_bell(generator *g, slot_t s)
{
    build_ring(g, s, s + 1, s + 2, ring_size(g));
    build_chain(g, s, s + 1, draw_size(g, g->dials->depth));
    move(g, s + 3, s);
    build_ring(g, s, s + 1, s + 2, ring_size(g));
    store(g, s, 1, s + 3);
    del(g, chance(g, 0.5) ? s + 3 : s);
    if (chance(g, 0.5))
        del(g, s + 3);
}

/* A new edge between any two: patterns grow together, and rings close that no pattern meant. */
static void knot(generator *g, slot_t s)
{
    for (uint32_t i = draw_size(g, 6); i > 0; i--) {
        operand_t object = find_object(g);
        if (!object || !set(g, s, object))
            continue;
        object = find_object(g);
        uint32_t fields = object ? g->model.objects[object - 1].field_count : 0;
        if (fields)
            emit(g, PROGRAM_STORE, object, below(g, fields), object_in(g, s));
    }
    del(g, s);
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
