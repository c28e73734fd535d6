/* SPDX-License-Identifier: MIT */
/* The promises of a runtime, which it declares in its first answer. Each is the trait of that name in
 * collectors/traits.h. Zero is the modest answer to each. */
#ifndef HARNESS_STRESS_RUNTIME_PROMISES_H
#define HARNESS_STRESS_RUNTIME_PROMISES_H

#include <stdbool.h>
#include <stdio.h>

enum { PROTOCOL_VERSION = 1, RUNTIME_NAME_MAX = 63 };

struct promises {
    bool counts;          /* `count` is answered, and exactly */
    bool frees_at_once;   /* the drop of its last reference frees an object that lies on no cycle */
    bool frees_late;      /* a full collection frees what no reference leads to */
    bool reclaims_cycles; /* a full collection frees all garbage, cycles too */
};

struct hello {
    char name[RUNTIME_NAME_MAX + 1]; /* letters, digits, '.', '_' and '-' */
    struct promises promises;
};

/* Reads the first answer, "runtime VERSION NAME [PROMISE]...". Returns NULL, or what is wrong with it and
 * what would be right, which the caller frees. O(length). */
char *promises_read(const char *answer, struct hello *ret_hello);

/* Writes what nobody can check without the promises that are not given: one line for each thing. */
void promises_write_missing(const struct promises *promises, FILE *stream);

/* Writes what a campaign does not check of a runtime with these promises: one line for each thing. */
void promises_write_unchecked(const struct promises *promises, FILE *stream);

#endif
