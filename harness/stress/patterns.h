/* SPDX-License-Identifier: MIT */
/*
 * Inside the generator: the state it steps, the single operations, and the patterns made of them.
 */
#ifndef HARNESS_STRESS_PATTERNS_H
#define HARNESS_STRESS_PATTERNS_H

#include "harness/stress/dials.h"
#include "program/model.h"

/* The shapes every program has, in this order. */
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
    uint64_t cleared_at; /* objects there were when the names were last cleared */
    bool failed;         /* out of memory */
};

/* A name of the innermost frame while a pattern is being built, and an operand: an object's number plus one.
 */
typedef uint32_t slot_t;
typedef uint32_t operand_t;

/* ---- single operations: each false (or 0) when it is not valid now, and then nothing has been added ---- */

bool emit(struct generator *generator, uint32_t code, uint32_t a, uint32_t b, uint32_t c);

/* A new object in `slot` with at least `refs` references, which may lie on cycles. */
operand_t emit_new(struct generator *generator, slot_t slot, uint32_t refs);

/* A new acyclic object. */
operand_t emit_leaf(struct generator *generator, slot_t slot);

operand_t object_in(const struct generator *generator, slot_t slot);

/* Some object that an operation may use, found in a slot and from there by GETs; 0 if none was. */
operand_t find_object(struct generator *generator);

/* A slot of any frame that holds something, if a few looks find one; else any. */
slot_t find_slot(struct generator *generator);

/* From 1 to `most`, small numbers as likely as large ones, and no more than the program still has room for.
 */
uint32_t draw_size(struct generator *generator, uint64_t most);

bool chance(struct generator *generator, double share);
uint32_t below(struct generator *generator, uint64_t bound);

/* ---- patterns ---- */

/* Builds one in a new frame of at least `slots` slots from `first` on. */
struct pattern {
    const char *name;
    void (*build)(struct generator *generator, slot_t first);
    uint32_t slots;
    bool cyclic;
};
extern const struct pattern patterns[];
extern const uint32_t pattern_count;

#endif
