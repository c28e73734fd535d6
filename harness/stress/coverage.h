/* SPDX-License-Identifier: MIT */
/*
 * Which boundaries programs have reached: one below, at it, one above, and at a multiple of it or next to one. Sizes
 * count where an object or a frame is made. What grows and shrinks, such as the references to an object, counts where
 * the program collects or a checkpoint looks.
 */
#ifndef HARNESS_STRESS_COVERAGE_H
#define HARNESS_STRESS_COVERAGE_H

#include "harness/stress/boundaries.h"

/* The places of a boundary, each a bit of its byte of hits. */
enum coverage_place { COVERAGE_BELOW, COVERAGE_AT, COVERAGE_ABOVE, COVERAGE_MULTIPLE, COVERAGE_PLACES };
extern const char *const coverage_words[COVERAGE_PLACES];

/* While more bytes are held, no collector collects by itself for long. So programs fill no more. */
enum { COVERAGE_FILL_MOST = 9000000 };

struct coverage {
    const struct boundaries *boundaries;
    uint8_t *hits;                          /* a byte for each boundary */
    uint8_t *noted[GC_BOUNDARY_KIND_COUNT]; /* a bit for each number that has been noted before */
};

/* Opens a coverage without hits. `boundaries` outlive it. The caller calls coverage_close(). */
void coverage_open(struct coverage *coverage, const struct boundaries *boundaries);
void coverage_close(struct coverage *coverage);

/* Notes that something had this number. NULL notes nothing. O(1) for a number up to 131071 that was noted before. */
void coverage_note(struct coverage *coverage, enum gc_boundary_kind kind, uint64_t number);

/* Notes a place of the boundary with this value, for a kind whose numbers depend on something else. */
void coverage_note_place(struct coverage *coverage, enum gc_boundary_kind kind, uint64_t value,
                         enum coverage_place place);

/* Whether any program can reach the place, multiples left out. */
bool coverage_is_possible(const struct boundary *boundary, enum coverage_place place);

/* Whether short programs can reach it. */
bool coverage_is_small(const struct boundary *boundary);

/* Hits as text, a hexadecimal digit for each boundary in order. The caller frees it. Reading adds the hits of
 * a text to `hits`, and returns 0, or -1 where it is no such text. */
char *coverage_text(const uint8_t *hits, size_t count);
int coverage_read(const char *text, uint8_t *hits, size_t count);

#endif
