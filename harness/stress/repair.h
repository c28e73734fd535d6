/* SPDX-License-Identifier: MIT */
/*
 * Makes a valid program out of part of one: whatever the model refuses without the rest goes too, and objects
 * and slots are numbered anew.
 */
#ifndef HARNESS_STRESS_REPAIR_H
#define HARNESS_STRESS_REPAIR_H

#include <stdbool.h>

#include "program/program.h"

enum { REPAIR_NONE = UINT32_MAX };

struct repair_edit {
    const bool *keep;   /* for each operation; NULL: all */
    uint32_t globals;   /* how many the result has of the program's own */
    uint32_t flattened; /* place of an ENTER whose names become global ones; REPAIR_NONE: none */
};

/*
 * Applies the edit to `program`, which may also hold operations that are not valid, as after changing a
 * shape. The result is valid, with shapes of its own, to be freed with program_free(). A LEAVE stays only
 * with its ENTER. O(program). Returns 0, or -1 without memory.
 */
int repair_program(const struct program *program, const struct repair_edit *edit,
                   struct program *ret_program);

/* Leaves out shapes that no operation makes. Returns 0, or -1 without memory. */
int repair_shapes(const struct program *program, struct program *ret_program);

#endif
