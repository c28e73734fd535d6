/* SPDX-License-Identifier: MIT */
/* docs/cliffs.md: the worst that was found of each collector. */
#ifndef HARNESS_CLI_CLIFFS_H
#define HARNESS_CLI_CLIFFS_H

#include <stddef.h>
#include <stdio.h>

/* A row. What it says is as it stands in the page, without bars. */
struct cliff {
    char *collector; /* NAME[:OPTIONS]; its section */
    char *against;
    char *by;
    char *ratio;   /* with its interval */
    char *size;    /* of a recipe; "" of a workload */
    char *program; /* a recipe, or a workload with its options */
    char *reason;  /* a person's sentence; "" until there is one */
};

struct cliffs {
    struct cliff *rows;
    size_t count;
};

/*
 * Reads the page at `path`; one that is missing or empty has no rows. A page may have the headings of before. Returns 0; or, after one line, MESSAGE_BAD_INPUT
 * where it is another file, or holds what cliffs_print() would not print again, and MESSAGE_STORAGE where it cannot be
 * read to its end. The caller calls cliffs_free() in either case. O(size).
 */
int cliffs_read(const char *path, struct cliffs *ret_cliffs);
void cliffs_free(struct cliffs *cliffs);

/* Takes the place of all rows of that collector, against that one, by that: of those that are there again, the
 * reasons stay. Takes the texts of `rows`, and leaves them NULL. */
void cliffs_replace(struct cliffs *cliffs, const char *collector, const char *against, const char *by,
                    struct cliff *rows, size_t count);

/* Prints the page, by collector. */
void cliffs_print(const struct cliffs *cliffs, FILE *stream);

#endif
