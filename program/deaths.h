/* SPDX-License-Identifier: MIT */
/*
 * When each object of a program dies: the operation after which no slot reaches it, exactly. And a program
 * that says so itself, by a FREE behind the operation at which an object died: what `explicit` runs.
 *
 * An object whose count reaches zero dies there and then. For the others (rings, and what hangs off them) it
 * is Merlin (Hertz, Blackburn, Moss, McKinley and Stefanovic, SIGMETRICS 2002): each loss of a reference is
 * stamped with its operation, and a dead object's time is the latest stamp among all that reach it.
 */
#ifndef PROGRAM_DEATHS_H
#define PROGRAM_DEATHS_H

#include <stdbool.h>

#include "program/program.h"

enum { DEATHS_NEVER = UINT32_MAX };

/* Times are places of operations in the plain program. */
struct deaths_object {
    uint32_t birth; /* its NEW */
    uint32_t
        last_use;   /* the last operation that named it: bound, moved or stored it, used a field, found it */
    uint32_t death; /* the operation after which nothing reaches it; DEATHS_NEVER: it outlives the program */
    bool cyclic;    /* counting alone would never free it: on a ring, or held by one */
};

/* Of each object, in the order of creation. */
struct deaths {
    struct deaths_object *objects;
    uint32_t count;
};

/*
 * The plain program: without FREEs, and every frame left at its end. To be freed with program_free(). Returns
 * 0, or -1 without memory. O(operations).
 */
int deaths_plain(const struct program *program, struct program *ret_plain);

/*
 * The deaths of a valid, plain program of fewer than 2^32 - 1 operations, which uses memory for its model and
 * some 20 bytes for each object. Returns 0, or -1 without memory. O(operations + references).
 */
int deaths_find(const struct program *plain, struct deaths *ret_deaths);
void deaths_free(struct deaths *deaths);

/*
 * The plain program with a FREE for each death, right behind the operation: those of one operation in the
 * order of creation. To be freed with program_free(). Returns 0, or -1 without memory. O(operations).
 */
int deaths_insert(const struct program *plain, const struct deaths *deaths, struct program *ret_program);

/* The allocation clock after each operation, in bytes: to be freed. NULL without memory. O(operations). */
uint64_t *deaths_clock(const struct program *program);

#endif
