/* SPDX-License-Identifier: MIT */
/* The inside of the generator: its state, the single operations, and the patterns made of them. */
#ifndef HARNESS_STRESS_PATTERNS_H
#define HARNESS_STRESS_PATTERNS_H

#include "harness/stress/coverage.h"
#include "harness/stress/dials.h"
#include "program/model.h"

/* What a pattern wants of a shape. A program's first shapes are these in this order, if it has as many. */
enum generator_shape {
    SHAPE_NODE,   /* 2 references, its number */
    SHAPE_LINK,   /* 1 reference */
    SHAPE_WIDE,   /* 5 references */
    SHAPE_ARRAY,  /* references that vary */
    SHAPE_BARE,   /* 2 references and nothing else */
    SHAPE_PLAIN,  /* no references, yet not acyclic by its type */
    SHAPE_LEAF,   /* acyclic, no references */
    SHAPE_TEXT,   /* acyclic, bytes that vary */
    SHAPE_RECORD, /* acyclic, 2 references to older acyclic ones */
    SHAPE_BUFFER, /* 1 reference, bytes that vary */
    SHAPES,
};

struct generator {
    struct program *program;
    struct model model;
    uint64_t seed;
    const struct dials *dials;
    struct {
        const struct boundary *items;
        uint32_t count;
    } boundaries[GC_BOUNDARY_KIND_COUNT]; /* those from which numbers are drawn, by kind */
    struct coverage *coverage;            /* or NULL */
    uint32_t shapes[SHAPES];              /* the shape for each wish */
    uint32_t attended; /* the first of the shapes with finalisers and weak references (attended.h); 0: none */
    struct random_state random;
    uint64_t cleared_at; /* the number of objects when the names were last cleared */
    bool ended;          /* nothing can follow: what comes of the next FINALISE is the collector's */
    bool failed;         /* out of memory */
};

/* A slot is a name of the innermost frame while a pattern is being built. An operand is an object's number
 * plus one. */
typedef uint32_t slot_t;
typedef uint32_t operand_t;

/* ---- single operations: each returns false (or 0), and adds nothing, when it is not valid now ---- */

bool emit(struct generator *generator, uint32_t code, uint32_t a, uint32_t b, uint32_t c);

/* Calls what is due. Ends a freeze first if it would matter who finds what is frozen. */
void emit_finalise(struct generator *generator);

/* Makes a new object in `slot` with at least `refs` references, which may lie on cycles. */
operand_t emit_new(struct generator *generator, slot_t slot, uint32_t refs);

/* Makes a new object of the program's own shape for a wish. `length` is left out where that shape has none. */
operand_t emit_shape(struct generator *generator, slot_t slot, enum generator_shape shape, uint64_t length);

/* Makes a new object of one of the program's other shapes, with at least `refs` references. Its size is mostly at a
 * boundary. */
operand_t emit_sized(struct generator *generator, slot_t slot, uint32_t refs);

/* Makes a new acyclic object. */
operand_t emit_leaf(struct generator *generator, slot_t slot);

/* The operations that the program has still room for. */
uint64_t room_left(const struct generator *generator);

operand_t object_in(const struct generator *generator, slot_t slot);

/* Returns some object that an operation may use, found in a slot and from there by GETs; 0 if none was. */
operand_t find_object(struct generator *generator);

/* Returns a slot of any frame that holds an object if a few looks find one, else any slot. */
slot_t find_slot(struct generator *generator);

/* Draws a size from 1 to `most`, small ones as likely as large ones, and no larger than the program's room
 * allows. */
uint32_t draw_size(struct generator *generator, uint64_t most);

/* Draws a number at a boundary of the kind, or next to one or to a multiple of one; 0 where none is up to `most`. */
uint64_t draw_edge(struct generator *generator, enum gc_boundary_kind kind, uint64_t most);

/* Draws the place of a field of an object with so many, often the last or one at a boundary. */
uint32_t draw_field(struct generator *generator, uint32_t fields);

bool chance(struct generator *generator, double share);

/* Gives the objects of a shape of one size external bytes, as often as the dial says. Draws nothing where it is 0. */
void own_external(struct generator *generator, struct gc_shape *shape);
uint32_t below(struct generator *generator, uint64_t bound);

/* ---- parts of patterns ---- */

bool set(struct generator *generator, slot_t slot, operand_t object);
bool move(struct generator *generator, slot_t to, slot_t from);
bool del(struct generator *generator, slot_t slot);

/* Stores the object in one slot into a field of the object in another. */
bool store(struct generator *generator, slot_t object, uint32_t field, slot_t value);

/* Makes a new object with at least `refs` references. One without references may be acyclic. */
operand_t new_any(struct generator *generator, slot_t slot, uint32_t refs);

/* Builds a ring of `size` with its first member in `first`. `last` and `fresh` are null afterwards. */
void build_ring(struct generator *generator, slot_t first, slot_t last, slot_t fresh, uint32_t size);

/* Builds a chain of `size` in `head`, each object younger than the one to which it refers. `head` may hold
 * the tail. */
void build_chain(struct generator *generator, slot_t head, slot_t fresh, uint32_t size);

/* Builds a chain of objects each older than the one to which it refers. `last` ends as the tail. */
void build_chain_forward(struct generator *generator, slot_t head, slot_t last, slot_t fresh, uint32_t size);

/* Collects, half of the time, in a program that has collections at all. */
void settle(struct generator *generator);

/* ---- patterns ---- */

/* A pattern. `build` works in a new frame of at least `slots` slots from `first` on. */
struct pattern {
    const char *name;
    void (*build)(struct generator *generator, slot_t first);
    uint32_t slots;
    bool cyclic;
};
extern const struct pattern patterns[];
extern const uint32_t pattern_count;

#endif
