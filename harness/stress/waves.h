/* SPDX-License-Identifier: MIT */
/*
 * Programs that want memory back: an array holds many objects of one size, which fill blocks and chunks. All of them
 * die together, or all but a few, by count or as a ring with the array. Then one object wants as much room as they
 * had. Who does not collect then, or keeps empty what was given for many, has none.
 */
#ifndef HARNESS_STRESS_WAVES_H
#define HARNESS_STRESS_WAVES_H

#include "harness/stress/patterns.h"

/* Makes the operations of such a program, until it is as long as the dial says. A wave has as many objects as the dial
 * `waves` says, at most, of as many bytes as `bytes` says, about. The share of waves that are a ring is `cyclic`. */
void waves_make(struct generator *generator);

#endif
