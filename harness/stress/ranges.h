/* SPDX-License-Identifier: MIT */
/* Ranges of references in generated programs: the dial `ranges`. */
#ifndef HARNESS_STRESS_RANGES_H
#define HARNESS_STRESS_RANGES_H

struct generator;

/* Draws an operation that fills a range, clears it, or copies another one over it, often of the same object. */
void ranges_emit(struct generator *generator);

#endif
