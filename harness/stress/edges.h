/* SPDX-License-Identifier: MIT */
/*
 * Numbers at boundaries: which ones a program has room for, those that are drawn, and those whose turn it is. Every edge
 * has its turn in some programs, by their seeds. So a row of programs comes to all that they have room for.
 */
#ifndef HARNESS_STRESS_EDGES_H
#define HARNESS_STRESS_EDGES_H

#include "harness/stress/patterns.h"

enum {
    EDGE_FEW_REFERENCES = 5,
    EDGE_TURN_SHAPES = 5 /* shapes of a program whose sizes are the turn of its seed */
};

/* The number `value + place`; `place` is -1, 0 or 1. */
struct edge {
    enum gc_boundary_kind kind;
    uint64_t value;
    int32_t place;
};

static inline uint64_t edge_number(const struct edge *edge)
{
    return edge->value + (uint64_t)(int64_t)edge->place;
}

/* The largest number of a kind that a structure of so many operations has. */
uint64_t edge_affordable(const struct generator *generator, enum gc_boundary_kind kind, uint64_t operations);

/* Draws an edge of a value up to `most`, or returns false where there is none. Small ones are more likely, because they
 * leave room for others. One in four is at a multiple of a boundary. */
bool edge_draw(struct generator *generator, enum gc_boundary_kind kind, uint64_t most, struct edge *ret_edge);

/* Finds the edge of `kinds` whose turn it is among all that `operations` can afford. False where they afford none. */
bool edge_of_turn(const struct generator *generator, const enum gc_boundary_kind *kinds, size_t kind_count,
                  uint64_t operations, uint64_t turn, struct edge *ret_edge);

/* Likewise, among the arrays that are larger than those of most programs. */
bool edge_huge_of_turn(const struct generator *generator, uint64_t turn, struct edge *ret_edge);

/* The number of shapes or of globals: the one that is the turn of the seed in some programs, else `usual`. */
uint64_t edge_count_turn(struct generator *generator, enum gc_boundary_kind kind, uint64_t usual);

/* Draws a shape. With a `number` below EDGE_TURN_SHAPES it is of fixed size, at the edge that is the turn of the seed. */
struct gc_shape edge_shape(struct generator *generator, uint32_t number);

#endif
