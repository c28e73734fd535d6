/* SPDX-License-Identifier: MIT */
/*
 * Structures at a boundary: objects, frames and whole heaps of exactly the size at which some collector's code changes its
 * way (edges.h). Each is used as real ones are. It is held by few references, it survives a collection or dies in one, and
 * it goes in whole or in parts.
 */
#ifndef HARNESS_STRESS_STRUCTURES_H
#define HARNESS_STRESS_STRUCTURES_H

#include "harness/stress/patterns.h"

enum { STRUCTURE_SLOTS = 4 };

/* Builds a structure at an edge that is drawn, in a frame of at least STRUCTURE_SLOTS slots from `first` on. Builds
 * nothing where none fits into the program. */
void structure_build_any(struct generator *generator, slot_t first);

/* The number of structures that a program builds because it is their turn, and the one with a `number` below that, in a
 * frame of its own. */
uint64_t structure_turns(const struct generator *generator);
void structure_build_turn(struct generator *generator, uint64_t number);

/* Makes an object of each of the first shapes of edge_shape(), and one of the last. Objects with many references hold
 * others at their ends. */
void structure_build_shapes(struct generator *generator);

#endif
