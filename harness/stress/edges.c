/* SPDX-License-Identifier: MIT */
#include "harness/stress/edges.h"

#include "collectors/mutator.h"

enum {
    TURN_ONE_IN = 17, /* programs: one has its turn of globals, one of shapes, and one of large objects */
    REFERENCES_MOST = 65600, /* of an array: the check of a heap visits each */
    MEDIUM_BYTES = 4096,     /* an object of more is large, */
    LARGE_BYTES = 66000,     /* and up to here cheap enough to have a turn */
};

/* ---- what fits into a program ---- */

uint64_t edge_affordable(const struct generator *generator, enum gc_boundary_kind kind, uint64_t operations)
{
    uint64_t references = generator->dials->largest / sizeof(struct gc_ref);
    switch (kind) {
    case GC_BOUNDARY_BYTES:
        return generator->dials->largest;
    case GC_BOUNDARY_REFERENCES:
        return references < REFERENCES_MOST ? references : REFERENCES_MOST;
    case GC_BOUNDARY_FAN_IN:
    case GC_BOUNDARY_ROOTS:
        return operations;
    case GC_BOUNDARY_OBJECTS:
    case GC_BOUNDARY_FRAMES:
        return operations / 2;
    case GC_BOUNDARY_FILL:
        return operations < COVERAGE_FILL_MOST / 2048 ? operations * 2048 /* of objects of 4 KiB */
                                                      : COVERAGE_FILL_MOST;
    case GC_BOUNDARY_SLOTS:
    case GC_BOUNDARY_GLOBALS:
    case GC_BOUNDARY_SHAPES:
        return operations * 4; /* a name that nothing uses is cheaper than an operation */
    case GC_BOUNDARY_KIND_COUNT:
        break;
    }
    return 0;
}

/* The boundaries of a kind that are no larger than `most`. */
static uint32_t fitting(const struct generator *generator, enum gc_boundary_kind kind, uint64_t most)
{
    uint32_t count = 0;
    while (count < generator->boundaries[kind].count &&
           generator->boundaries[kind].items[count].value <= most)
        count++;
    return count;
}

/* ---- drawing ---- */

bool edge_draw(struct generator *generator, enum gc_boundary_kind kind, uint64_t most, struct edge *ret_edge)
{
    uint32_t count = fitting(generator, kind, most);
    if (!count)
        return false;
    uint32_t drawn = below(generator, count);
    if (chance(generator, 0.5))
        drawn = below(generator, drawn + 1);
    uint64_t value = generator->boundaries[kind].items[drawn].value;
    uint64_t times = chance(generator, 0.25) ? 2 + below(generator, 6) : 1;
    *ret_edge = (struct edge){.kind = kind, .value = value * times <= most ? value * times : value};
    ret_edge->place = (int32_t)below(generator, 3) - 1;
    return true;
}

uint64_t draw_edge(struct generator *generator, enum gc_boundary_kind kind, uint64_t most)
{
    struct edge edge;
    if (!edge_draw(generator, kind, most, &edge))
        return 0;
    return edge_number(&edge) <= most ? edge_number(&edge) : edge.value;
}

bool edge_of_turn(const struct generator *generator, const enum gc_boundary_kind *kinds, size_t kind_count,
                  uint64_t operations, uint64_t turn, struct edge *ret_edge)
{
    uint32_t counts[GC_BOUNDARY_KIND_COUNT] = {0};
    uint32_t all = 0;
    for (size_t i = 0; i < kind_count; i++) {
        counts[i] = fitting(generator, kinds[i], edge_affordable(generator, kinds[i], operations));
        all += counts[i];
    }
    if (!all)
        return false;
    /* Each round begins one further on, so that an edge meets other low bits of the seed. */
    uint64_t places = (uint64_t)all * 3;
    turn = (turn + turn / places) % places;
    uint32_t place = (uint32_t)turn / 3;
    size_t i = 0;
    while (place >= counts[i])
        place -= counts[i++];
    *ret_edge = (struct edge){.kind = kinds[i],
                              .value = generator->boundaries[kinds[i]].items[place].value,
                              .place = (int32_t)(turn % 3) - 1};
    return edge_number(ret_edge) > 0;
}

bool edge_huge_of_turn(const struct generator *generator, uint64_t turn, struct edge *ret_edge)
{
    uint32_t first = fitting(generator, GC_BOUNDARY_REFERENCES, MEDIUM_BYTES / sizeof(struct gc_ref));
    uint32_t count = fitting(generator, GC_BOUNDARY_REFERENCES, REFERENCES_MOST) - first;
    if (!count)
        return false;
    *ret_edge = (struct edge){
        .kind = GC_BOUNDARY_REFERENCES,
        .value = generator->boundaries[GC_BOUNDARY_REFERENCES].items[first + turn / 3 % count].value,
        .place = (int32_t)(turn % 3) - 1};
    return true;
}

/* ---- sizes of objects ---- */

/* A length for an object of `shape` with `refs` references at least. */
static uint64_t draw_length(struct generator *generator, const struct gc_shape *shape, uint32_t refs)
{
    uint64_t fixed = gc_shape_bytes(shape, 0);
    bool by_bytes = shape->flags & GC_SHAPE_BYTES_VARY || chance(generator, 0.5);
    uint64_t most = edge_affordable(generator, by_bytes ? GC_BOUNDARY_BYTES : GC_BOUNDARY_REFERENCES, 0);
    uint64_t number = draw_edge(generator, by_bytes ? GC_BOUNDARY_BYTES : GC_BOUNDARY_REFERENCES, most);
    if (by_bytes)
        number = number > fixed ? number - fixed : 0;
    if (by_bytes && shape->flags & GC_SHAPE_REFS_VARY)
        number /= sizeof(struct gc_ref);
    if (shape->flags & GC_SHAPE_REFS_VARY && number > REFERENCES_MOST)
        number = REFERENCES_MOST;
    return shape->flags & GC_SHAPE_REFS_VARY && number < refs ? refs : number;
}

operand_t emit_sized(struct generator *generator, slot_t slot, uint32_t refs)
{
    const struct program *program = generator->program;
    for (int look = 0; look < 3 && program->shape_count > SHAPES; look++) {
        uint32_t place = SHAPES + below(generator, program->shape_count - SHAPES);
        if (chance(generator, 0.1))
            place = program->shape_count - 1;
        const struct gc_shape *shape = &program->shapes[place];
        bool fits = shape->refs >= refs || shape->flags & GC_SHAPE_REFS_VARY;
        if (!fits || gc_shape_bytes(shape, 0) > generator->dials->largest + 1 ||
            (refs && shape->flags & GC_SHAPE_ACYCLIC))
            continue;
        uint64_t length = gc_shape_has_length(shape) ? draw_length(generator, shape, refs) : 0;
        return emit(generator, PROGRAM_NEW, slot, place, (uint32_t)length) ? generator->model.object_count
                                                                           : 0;
    }
    return 0;
}

uint32_t draw_field(struct generator *generator, uint32_t fields)
{
    uint32_t drawn = fields > EDGE_FEW_REFERENCES ? below(generator, 4) : 3;
    if (drawn == 0)
        return fields - 1;
    uint64_t number = drawn == 1 ? draw_edge(generator, GC_BOUNDARY_REFERENCES, fields - 1) : 0;
    return number ? (uint32_t)number : below(generator, fields);
}

/* ---- shapes ---- */

/* A shape whose objects all have so many bytes. */
static struct gc_shape shape_of_bytes(struct generator *generator, uint64_t bytes)
{
    uint64_t words = bytes > GC_HEADER_BYTES ? (bytes - GC_HEADER_BYTES) / GC_REF_BYTES : 0;
    struct gc_shape shape = {
        .refs = below(generator, (words < EDGE_FEW_REFERENCES ? words : EDGE_FEW_REFERENCES) + 1)};
    if (chance(generator, 0.3))
        shape = (struct gc_shape){.flags = GC_SHAPE_ACYCLIC};
    uint64_t taken = GC_HEADER_BYTES + shape.refs * GC_REF_BYTES;
    shape.payload = bytes > taken ? bytes - taken : 0;
    return shape;
}

/* Large objects that are still cheap: one program in some makes one of them. */
static bool large_of_turn(const struct generator *generator, uint32_t number, struct edge *ret_edge)
{
    uint32_t first = fitting(generator, GC_BOUNDARY_BYTES, MEDIUM_BYTES);
    uint32_t count = fitting(generator, GC_BOUNDARY_BYTES, LARGE_BYTES) - first;
    uint64_t turn = generator->seed / TURN_ONE_IN;
    if (!count || number > 0 || generator->seed % TURN_ONE_IN != 1)
        return false;
    *ret_edge =
        (struct edge){.kind = GC_BOUNDARY_BYTES,
                      .value = generator->boundaries[GC_BOUNDARY_BYTES].items[first + turn / 3 % count].value,
                      .place = (int32_t)(turn % 3) - 1};
    return true;
}

struct gc_shape edge_shape(struct generator *generator, uint32_t number)
{
    static const enum gc_boundary_kind kinds[] = {GC_BOUNDARY_BYTES, GC_BOUNDARY_REFERENCES};
    struct edge edge;
    if (large_of_turn(generator, number, &edge))
        return shape_of_bytes(generator, edge_number(&edge));
    if (number < EDGE_TURN_SHAPES &&
        edge_of_turn(generator, kinds, 2, 0, generator->seed * EDGE_TURN_SHAPES + number, &edge)) {
        if (edge.kind == GC_BOUNDARY_REFERENCES)
            return (struct gc_shape){.refs = (uint32_t)edge_number(&edge)};
        return shape_of_bytes(generator, edge_number(&edge));
    }
    uint32_t drawn = below(generator, 8);
    uint64_t payload = below(generator, 17);
    if (drawn < 4)
        return shape_of_bytes(generator, GC_HEADER_BYTES + below(generator, 200));
    if (drawn < 5)
        return (struct gc_shape){.flags = GC_SHAPE_BYTES_VARY, .refs = below(generator, EDGE_FEW_REFERENCES)};
    if (drawn < 6)
        return (struct gc_shape){.flags = GC_SHAPE_REFS_VARY | GC_SHAPE_ACYCLIC, .payload = payload};
    if (drawn < 7)
        return (struct gc_shape){.flags = GC_SHAPE_REFS_VARY, .payload = payload};
    return (struct gc_shape){.refs = below(generator, 40), .payload = payload};
}

uint64_t edge_count_turn(struct generator *generator, enum gc_boundary_kind kind, uint64_t usual)
{
    struct edge edge;
    uint64_t turn = generator->seed / TURN_ONE_IN;
    uint64_t offset = kind == GC_BOUNDARY_SHAPES ? TURN_ONE_IN / 2 : 0;
    if (generator->seed % TURN_ONE_IN != offset ||
        !edge_of_turn(generator, &kind, 1, generator->dials->operations, turn, &edge))
        return usual;
    return edge_number(&edge);
}
