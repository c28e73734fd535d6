/* SPDX-License-Identifier: MIT */
/*
 * Finds when each object of a program dies: the operation after which no slot reaches it, exactly. Also makes
 * a program that says so itself, by a FREE behind the operation at which an object died. `explicit` runs such
 * programs.
 *
 * An object whose count reaches zero dies at once. Rings, and the objects that they keep, need the Merlin
 * algorithm (Hertz, Blackburn, Moss, McKinley and Stefanovic, SIGMETRICS 2002). Each loss of a reference is
 * stamped with its operation. The time of a dead object is the latest stamp among all the objects that reach
 * it.
 */
#ifndef PROGRAM_DEATHS_H
#define PROGRAM_DEATHS_H

#include <stdbool.h>

#include "program/program.h"

enum { DEATHS_NEVER = UINT32_MAX };

/* The life of an object. The times are places of operations in the plain program. */
struct deaths_object {
    uint32_t birth; /* its NEW operation */
    /* The last operation that named it: one that bound, moved, stored or found it, or used a field of it. */
    uint32_t last_use;
    uint32_t death; /* nothing reaches it after this operation; DEATHS_NEVER: it outlives the program */
    bool cyclic;    /* counting alone would never free it, because it lies on a ring or a ring keeps it */
};

/* The lives of all objects, in the order of creation. */
struct deaths {
    struct deaths_object *objects;
    uint32_t count;
};

/* Makes the plain program: without FREEs, and with every frame left at its end. The caller frees it with
 * program_free(). Returns 0, or -1 without memory. O(operations). */
int deaths_plain(const struct program *program, struct program *ret_plain);

/* Finds the deaths in a valid, plain program of fewer than 2^32 - 1 operations. Uses the memory of a model
 * and some 20 bytes for each object. Returns 0, or -1 without memory, and for a program with finalisers or weak
 * references: what a finaliser brings back dies twice. O(operations + references). */
int deaths_find(const struct program *plain, struct deaths *ret_deaths);
void deaths_free(struct deaths *deaths);

/*
 * Makes the plain program with a FREE for each death, right behind its operation. Several FREEs at one
 * operation stand in the order of creation. The caller frees the program with program_free(). Returns 0, or
 * -1 without memory. O(operations).
 */
int deaths_insert(const struct program *plain, const struct deaths *deaths, struct program *ret_program);

/* Returns the allocation clock after each operation, in bytes. The caller frees it. NULL without memory.
 * O(operations). */
uint64_t *deaths_clock(const struct program *program);

#endif
