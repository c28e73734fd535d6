/* SPDX-License-Identifier: MIT */
#include "harness/stress/structures.h"

#include "harness/stress/edges.h"

enum {
    SHORT = 10000,    /* operations: of a shorter program, every other one has a turn, */
    SHORT_ROOM = 600, /* of so many operations at most; */
    HUGE_ONE_IN = 68, /* one in so many of the other short ones has a huge array; */
    LONG_TURNS = 4,   /* a longer one has so many */
    LEAST_ROOM = 64,
};

/* ---- the ends of an array ---- */

/* The places of an array at which an object is stored: both ends, and where a piece of it ends. */
enum { ENDS = 6 };

static void ends_draw(struct generator *generator, uint32_t fields, uint32_t places[static ENDS])
{
    places[0] = fields - 1;
    places[1] = fields > 1 ? fields - 2 : 0;
    places[2] = 0;
    for (int i = 3; i < ENDS; i++)
        places[i] = draw_field(generator, fields);
}

/* Stores a new object at each of the places, and nowhere else. Some refer back. */
static void ends_fill(struct generator *generator, slot_t array, slot_t fresh,
                      const uint32_t places[static ENDS])
{
    for (int i = 0; i < ENDS; i++) {
        new_any(generator, fresh, below(generator, 3));
        if (chance(generator, 0.3))
            store(generator, fresh, 0, array);
        store(generator, array, places[i], fresh);
    }
    del(generator, fresh);
}

/* Makes an object of a shape of fixed size in `first`, which refers to the object that was there. */
static void shape_build(struct generator *generator, slot_t first, uint32_t shape)
{
    uint32_t places[ENDS];
    uint32_t fields = generator->program->shapes[shape].refs;
    if (!emit(generator, PROGRAM_NEW, first + 1, shape, 0))
        return;
    if (fields > EDGE_FEW_REFERENCES) {
        ends_draw(generator, fields, places);
        ends_fill(generator, first + 1, first + 2, places);
    }
    if (fields && object_in(generator, first))
        store(generator, first + 1, draw_field(generator, fields), first);
    move(generator, first, first + 1);
}

void structure_build_shapes(struct generator *generator)
{
    uint32_t count = generator->program->shape_count;
    uint64_t most = generator->dials->operations / 50;
    slot_t first = generator->model.top;
    if (count <= SHAPES || !emit(generator, PROGRAM_ENTER, 3, 0, 0))
        return;
    for (uint32_t i = 0; i < EDGE_TURN_SHAPES && i < most && SHAPES + i < count; i++)
        shape_build(generator, first, SHAPES + i);
    shape_build(generator, first, count - 1);
    if (object_in(generator, first))
        set(generator, below(generator, generator->model.globals), object_in(generator, first));
    emit(generator, PROGRAM_LEAVE, 0, 0, 0);
}

/* ---- structures ---- */

static void bytes_build(struct generator *generator, slot_t first, const struct edge *edge)
{
    const struct gc_shape text = {.flags = GC_SHAPE_BYTES_VARY};
    uint64_t fixed = gc_shape_bytes(&text, 0);
    bool holds = chance(generator, 0.5); /* an object with a reference, or a leaf */
    fixed += holds ? GC_REF_BYTES : 0;
    uint64_t length = edge_number(edge) > fixed ? edge_number(edge) - fixed : 0;
    emit_shape(generator, first, holds ? SHAPE_BUFFER : SHAPE_TEXT, length);
    if (holds && new_any(generator, first + 1, below(generator, 3)))
        store(generator, first, 0, first + 1);
    del(generator, first + 1);
    settle(generator);
    if (chance(generator, 0.3))
        emit_shape(generator, first, holds ? SHAPE_BUFFER : SHAPE_TEXT, length); /* where the last one goes */
}

static void references_build(struct generator *generator, slot_t first, const struct edge *edge)
{
    uint32_t places[ENDS];
    if (!emit_shape(generator, first, SHAPE_ARRAY, edge_number(edge)))
        return;
    uint32_t fields = generator->model.objects[object_in(generator, first) - 1].field_count;
    if (!fields)
        return;
    ends_draw(generator, fields, places);
    ends_fill(generator, first, first + 1, places);
    settle(generator);
    for (int i = 0; i < ENDS; i++) {
        emit(generator, PROGRAM_GET, object_in(generator, first), places[i], 0);
        if (chance(generator, 0.3))
            emit(generator, PROGRAM_CLEAR, object_in(generator, first), places[i], 0);
    }
    if (chance(generator, 0.4))
        del(generator, first);
}

/* Collects, in a program that may. All collections of a long one without any are the collector's own. */
static void collect(struct generator *generator)
{
    if (generator->dials->collects > 0 || generator->dials->operations < SHORT)
        emit(generator, PROGRAM_COLLECT, GC_COLLECT_FULL, 0, 0);
}

/* An object has so many references, all from one array, or all but one from there and that from a name. */
static void fan_in_build(struct generator *generator, slot_t first, const struct edge *edge)
{
    bool named = chance(generator, 0.5);
    uint32_t size = (uint32_t)(edge_number(edge) - named);
    new_any(generator, first, below(generator, 3));
    emit_shape(generator, first + 1, SHAPE_ARRAY, size);
    for (uint32_t i = 0; i < size; i++)
        store(generator, first + 1, i, first);
    if (!named)
        del(generator, first);
    collect(generator);
    if (chance(generator, 0.5))
        emit(generator, PROGRAM_CLEAR, object_in(generator, first + 1),
             draw_field(generator, size ? size : 1), 0);
    else if (chance(generator, 0.5))
        del(generator, first + 1);
    settle(generator);
}

/* An array holds all other objects, which are leaves, or rings with the array. */
static void flock_build(struct generator *generator, slot_t first, uint32_t objects, bool rings)
{
    if (!emit_shape(generator, first, SHAPE_ARRAY, objects - 1))
        return;
    for (uint32_t i = 0; i + 1 < objects; i++) {
        if (rings)
            emit_shape(generator, first + 1, SHAPE_NODE, 0);
        else
            emit_leaf(generator, first + 1);
        if (rings)
            store(generator, first + 1, 0, first);
        store(generator, first, i, first + 1);
    }
    del(generator, first + 1);
}

static void objects_build(struct generator *generator, slot_t first, const struct edge *edge)
{
    uint32_t size = (uint32_t)edge_number(edge);
    uint32_t drawn = below(generator, size * 3 <= room_left(generator) ? 5 : 1);
    if (chance(generator, 0.5))
        collect(generator); /* triggers count from here */
    if (drawn == 0)
        flock_build(generator, first, size, false);
    else if (drawn == 1)
        flock_build(generator, first, size, true);
    else if (drawn == 2)
        build_chain(generator, first, first + 1, size);
    else if (drawn == 3)
        build_chain_forward(generator, first, first + 1, first + 2, size);
    else
        build_ring(generator, first, first + 1, first + 2, size);
    del(generator, first + 1);
    coverage_note(generator->coverage, GC_BOUNDARY_OBJECTS, size);
    if (chance(generator, 0.5))
        settle(generator);
    if (chance(generator, 0.6))
        del(generator, first);
    settle(generator);
}

/* Draws a size of which at most `most` objects have `bytes`. */
static uint64_t draw_fill_size(struct generator *generator, uint64_t bytes, uint64_t most)
{
    uint64_t least = bytes / (most ? most : 1) + 1;
    uint64_t size = draw_edge(generator, GC_BOUNDARY_BYTES, 4096);
    least = least < 24 ? 24 : least;
    return size < least ? least + below(generator, least) : size;
}

/* Objects of one size fill so many bytes, or one is missing, or one is too many. Some or all of them die. */
static void fill_build(struct generator *generator, slot_t first, const struct edge *edge)
{
    const struct gc_shape text = {.flags = GC_SHAPE_BYTES_VARY};
    uint64_t size = draw_fill_size(generator, edge->value, room_left(generator) / 3 + 2);
    uint32_t count = (uint32_t)(edge->value / size + (uint64_t)(int64_t)edge->place);
    if (!count || !emit_shape(generator, first, SHAPE_ARRAY, count))
        return;
    for (uint32_t i = 0; i < count; i++) {
        emit_shape(generator, first + 1, SHAPE_TEXT, size - gc_shape_bytes(&text, 0));
        store(generator, first, i, first + 1);
    }
    del(generator, first + 1);
    coverage_note_place(generator->coverage, GC_BOUNDARY_FILL, edge->value,
                        (enum coverage_place)(COVERAGE_AT + edge->place));
    uint32_t drawn = below(generator, 4);
    for (uint32_t i = drawn & 1; i < count && drawn < 3 && room_left(generator); i += drawn + 1)
        emit(generator, PROGRAM_CLEAR, object_in(generator, first), i, 0);
    settle(generator);
    emit_shape(generator, first + 1, SHAPE_TEXT, size - gc_shape_bytes(&text, 0));
    if (chance(generator, 0.5))
        del(generator, first);
}

static uint64_t roots_count(const struct generator *generator)
{
    uint64_t count = 0;
    for (slot_t slot = 0; slot < generator->model.top; slot++)
        count += object_in(generator, slot) != 0;
    return count;
}

static void roots_build(struct generator *generator, slot_t first, const struct edge *edge)
{
    uint64_t roots = roots_count(generator);
    slot_t local = generator->model.top;
    bool same = chance(generator, 0.5);
    if (edge_number(edge) <= roots ||
        !emit(generator, PROGRAM_ENTER, (uint32_t)(edge_number(edge) - roots), 0, 0))
        return;
    emit_new(generator, local, 1);
    for (slot_t slot = local + 1; slot < generator->model.top; slot++) {
        if (same)
            set(generator, slot, object_in(generator, local));
        else
            new_any(generator, slot, below(generator, 2));
    }
    collect(generator);
    if (chance(generator, 0.5))
        move(generator, first, generator->model.top - 1);
    emit(generator, PROGRAM_LEAVE, 0, 0, 0);
}

static void slots_build(struct generator *generator, slot_t first, const struct edge *edge)
{
    uint32_t places[ENDS];
    slot_t local = generator->model.top;
    uint32_t slots = (uint32_t)edge_number(edge);
    if (!slots || !emit(generator, PROGRAM_ENTER, slots, 0, 0))
        return;
    ends_draw(generator, slots, places);
    for (int i = 0; i < ENDS; i++)
        new_any(generator, local + places[i], below(generator, 3));
    settle(generator);
    if (chance(generator, 0.5))
        move(generator, first, local + slots - 1);
    emit(generator, PROGRAM_LEAVE, 0, 0, 0);
}

static void frames_build(struct generator *generator, slot_t first, const struct edge *edge)
{
    uint32_t frames = generator->model.frame_count;
    emit_new(generator, first, 1);
    while (generator->model.frame_count < edge_number(edge)) {
        uint32_t slots = below(generator, 3);
        if (!emit(generator, PROGRAM_ENTER, slots, 0, 0))
            break;
        if (slots && chance(generator, 0.2))
            new_any(generator, generator->model.top - 1, below(generator, 2));
    }
    settle(generator);
    while (generator->model.frame_count > frames && emit(generator, PROGRAM_LEAVE, 0, 0, 0))
        ;
}

static void structure_build(struct generator *generator, slot_t first, const struct edge *edge)
{
    static void (*const builds[GC_BOUNDARY_KIND_COUNT])(struct generator *, slot_t, const struct edge *) = {
        [GC_BOUNDARY_BYTES] = bytes_build,   [GC_BOUNDARY_REFERENCES] = references_build,
        [GC_BOUNDARY_FAN_IN] = fan_in_build, [GC_BOUNDARY_OBJECTS] = objects_build,
        [GC_BOUNDARY_FILL] = fill_build,     [GC_BOUNDARY_ROOTS] = roots_build,
        [GC_BOUNDARY_SLOTS] = slots_build,   [GC_BOUNDARY_FRAMES] = frames_build,
    };
    if (builds[edge->kind] && edge_number(edge) > 0)
        builds[edge->kind](generator, first, edge);
}

/* Draws how many operations a structure may take: few of them many, so that all of each size take as many together. */
static uint64_t draw_room(struct generator *generator)
{
    uint64_t most = room_left(generator) / 4;
    uint64_t room = LEAST_ROOM;
    while (room < most && chance(generator, 0.5))
        room *= 2;
    return room < most ? room : most;
}

void structure_build_any(struct generator *generator, slot_t first)
{
    struct edge edge;
    enum gc_boundary_kind kind = (enum gc_boundary_kind)below(generator, GC_BOUNDARY_FRAMES + 1);
    if (edge_draw(generator, kind, edge_affordable(generator, kind, draw_room(generator)), &edge))
        structure_build(generator, first, &edge);
}

uint64_t structure_turns(const struct generator *generator)
{
    if (generator->dials->operations >= SHORT)
        return LONG_TURNS;
    return generator->seed % 2 || generator->seed % HUGE_ONE_IN == 0;
}

void structure_build_turn(struct generator *generator, uint64_t number)
{
    static const enum gc_boundary_kind kinds[] = {GC_BOUNDARY_FAN_IN, GC_BOUNDARY_OBJECTS,
                                                  GC_BOUNDARY_FILL,   GC_BOUNDARY_ROOTS,
                                                  GC_BOUNDARY_SLOTS,  GC_BOUNDARY_FRAMES};
    struct edge edge;
    bool is_short = generator->dials->operations < SHORT;
    bool is_huge = is_short && generator->seed % 2 == 0;
    uint64_t room = is_short ? SHORT_ROOM : generator->dials->operations / LONG_TURNS;
    uint64_t turn = is_short ? generator->seed / 2 : generator->seed * LONG_TURNS + number;
    slot_t first = generator->model.top;
    if (!(is_huge ? edge_huge_of_turn(generator, generator->seed / HUGE_ONE_IN, &edge)
                  : edge_of_turn(generator, kinds, sizeof kinds / sizeof *kinds, room, turn, &edge)) ||
        !emit(generator, PROGRAM_ENTER, STRUCTURE_SLOTS, 0, 0))
        return;
    structure_build(generator, first, &edge);
    emit(generator, PROGRAM_LEAVE, 0, 0, 0);
}
