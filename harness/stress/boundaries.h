/* SPDX-License-Identifier: MIT */
/*
 * Lists of boundaries (collectors/boundaries.h): those of one collector, or of all. A program is made from a list, so
 * all collectors of a campaign are given the same one. A list as text:
 *
 *      bytes=8,16,24 refs=8,256 fan-in=127
 */
#ifndef HARNESS_STRESS_BOUNDARIES_H
#define HARNESS_STRESS_BOUNDARIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collectors/boundaries.h"

extern const char *const boundary_words[GC_BOUNDARY_KIND_COUNT];

struct boundary {
    enum gc_boundary_kind kind;
    uint64_t value;
    char *name; /* of the constant; NULL in a list that was read from text */
};

/* Finds the kind of a word of `length` characters. */
bool boundaries_kind_read(const char *word, size_t length, enum gc_boundary_kind *ret_kind);

/* All zero: an empty list. */
struct boundaries {
    struct boundary *items; /* by kind, then by value, and each once */
    size_t count;
};

/* Adds one boundary, unless it is there. `name` may be NULL. O(count). */
void boundaries_add(struct boundaries *boundaries, enum gc_boundary_kind kind, uint64_t value,
                    const char *name);

/* Adds all of a table that ends with GC_BOUNDARY_END. */
void boundaries_add_table(struct boundaries *boundaries, const struct gc_boundary *table);

/* Takes out those of a kind that are above `most`. */
void boundaries_cut(struct boundaries *boundaries, enum gc_boundary_kind kind, uint64_t most);

/* The list as text, which the caller frees. */
char *boundaries_text(const struct boundaries *boundaries);

/* Reads a text into an empty list. Returns 0, or -1 where it is no such text. The caller calls boundaries_free()
 * either way. */
int boundaries_read(const char *text, struct boundaries *ret_boundaries);

void boundaries_free(struct boundaries *boundaries);

/* The items of one kind: from `*ret_first` on, as many as are returned. O(count). */
size_t boundaries_of(const struct boundaries *boundaries, enum gc_boundary_kind kind,
                     const struct boundary **ret_first);

#endif
