/* SPDX-License-Identifier: MIT */
/* The inside of the generator: its state, the single operations, and the patterns made of them. */
#ifndef HARNESS_STRESS_PATTERNS_H
#define HARNESS_STRESS_PATTERNS_H

#include "harness/stress/dials.h"
#include "program/model.h"

/* The shapes of every program, in this order. */
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
    SHAPES,
};

struct generator {
    struct program *program;
    struct model model;
    const struct dials *dials;
    struct random_state random;
    uint64_t cleared_at; /* the number of objects when the names were last cleared */
    bool failed;         /* out of memory */
};

/* A slot is a name of the innermost frame while a pattern is being built. An operand is an object's number
 * plus one. */
typedef uint32_t slot_t;
typedef uint32_t operand_t;

/* ---- single operations: each returns false (or 0), and adds nothing, when it is not valid now ---- */

bool emit(struct generator *generator, uint32_t code, uint32_t a, uint32_t b, uint32_t c);

/* Makes a new object in `slot` with at least `refs` references, which may lie on cycles. */
operand_t emit_new(struct generator *generator, slot_t slot, uint32_t refs);

/* Makes a new acyclic object. */
operand_t emit_leaf(struct generator *generator, slot_t slot);

operand_t object_in(const struct generator *generator, slot_t slot);

/* Returns some object that an operation may use, found in a slot and from there by GETs; 0 if none was. */
operand_t find_object(struct generator *generator);

/* Returns a slot of any frame that holds an object if a few looks find one, else any slot. */
slot_t find_slot(struct generator *generator);

/* Draws a size from 1 to `most`, small ones as likely as large ones, and no larger than the program's room
 * allows. */
uint32_t draw_size(struct generator *generator, uint64_t most);

bool chance(struct generator *generator, double share);
uint32_t below(struct generator *generator, uint64_t bound);

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
