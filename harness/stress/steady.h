/* SPDX-License-Identifier: MIT */
/*
 * Long programs that hold much: `steady` names hold a structure each, and one after the other is replaced.
 * What a program does changes with its phases: which structures it makes, how large, in which order they are
 * replaced, and how many of the names hold one. So there are steady states, peaks and falls. A later quarter
 * of a program has the phases of the first one, so that a slope can be told from a bound.
 *
 * No structure has more objects than the dial `ring` says. Each is a ring, a list linked both ways, a chain,
 * or a tree, with leaves. None refers to another one. Old ones get new leaves now and then, so that births
 * lie beside rings.
 */
#ifndef HARNESS_STRESS_STEADY_H
#define HARNESS_STRESS_STEADY_H

#include "harness/stress/patterns.h"

/* Makes the operations of such a program, until it is as long as the dial says. The share of structures with
 * a ring is the dial `cyclic`: with 0, no ring is ever made, and with 1, every structure has one but a list of one. */
void steady_make(struct generator *generator);

#endif
