/* SPDX-License-Identifier: MIT */
/*
 * A recipe is a program of any size in one line. It says what a mutator does, in structures and not in operations,
 * and some of its numbers are multiples of the size `n`:
 *
 *      list:n; n*ring:3,leaf:2; collect
 *
 * makes a living list of n objects, then n times a ring of three and two leaves, and collects. Phases stand
 * between semicolons and follow each other. A phase repeats its steps, which stand between commas. A number is
 * `5`, `n`, `3n` or `n/8`, rounded down, and at least 1.
 *
 * What a step makes stands in a place of its own, and takes the place of what was there:
 *
 *      list    the living list, to which `list` and `twoway` add and from which `unlist` takes
 *      table   an array, whose next cells `fill`, `stock`, `rings`, `clear`, `skip`, `age` and `touch` take in turn
 *      hub     an object, and an array that refers to nothing else
 *
 * A recipe, a size and nothing else decide the program. Every program is valid by the model: a step that makes no
 * sense, such as `fill` without a table, does nothing.
 */
#ifndef HARNESS_STRESS_RECIPE_H
#define HARNESS_STRESS_RECIPE_H

#include "program/program.h"

enum {
    RECIPE_PHASES_MAX = 8,
    RECIPE_STEPS_MAX = 6, /* of a phase */
    RECIPE_TEXT_BYTES = 512,
    RECIPE_OPERATIONS_MAX = 1 << 23, /* of a program */
    RECIPE_WORDS = 16,               /* of a program's size, for each operation that it may have */
};

/* `times` x n / `part` if `scales`, else `times`. */
struct recipe_number {
    uint32_t times;
    uint32_t part;
    bool scales;
};

struct recipe_step {
    uint32_t verb; /* its place in recipe_verbs */
    struct recipe_number amount;
};

struct recipe_phase {
    struct recipe_number rounds;
    struct recipe_step steps[RECIPE_STEPS_MAX];
    uint32_t step_count;
};

struct recipe {
    struct recipe_phase phases[RECIPE_PHASES_MAX];
    uint32_t phase_count;
};

struct recipe_builder;

struct recipe_verb {
    const char *name;
    const char *meaning; /* of one with the amount k */
    void (*build)(struct recipe_builder *builder, uint64_t amount);
};
extern const struct recipe_verb recipe_verbs[];
extern const uint32_t recipe_verb_count;

/* Reads a recipe. Returns 0, or -1 and one line in `ret_error`. */
int recipe_parse(const char *text, struct recipe *ret_recipe, char ret_error[static PROGRAM_ERROR_BYTES]);

/* Writes a recipe so that recipe_parse() reads it back. */
void recipe_print(const struct recipe *recipe, char ret_text[static RECIPE_TEXT_BYTES]);

/* What the program of a recipe is like. */
struct recipe_character {
    uint64_t size;        /* operations, and words of objects and of frames: what they cost by the contract */
    uint64_t objects;     /* objects made */
    uint64_t live;        /* the most that the model had alive at once; garbage on cycles counts as alive */
    uint64_t on_rings;    /* objects made on rings */
    uint64_t depth;       /* the longest chain or list */
    uint64_t fan_in;      /* the most references to one object */
    uint64_t cut;         /* operations that were left out because there were too many; 0: none */
    uint64_t before_last; /* objects made before the last phase */
};

/* Makes the program of the size `n`, of at most `most` operations. Returns 0, or -1 without memory. `ret_character`
 * may be NULL. */
int recipe_build(const struct recipe *recipe, uint64_t n, uint64_t most, struct program *ret_program,
                 struct recipe_character *ret_character);

#endif
