/* SPDX-License-Identifier: MIT */
/* Makes a valid program out of part of one. Every operation that the model refuses without the rest goes too.
 * Objects and slots are numbered anew. */
#ifndef HARNESS_STRESS_REPAIR_H
#define HARNESS_STRESS_REPAIR_H

#include <stdbool.h>

#include "program/program.h"

enum { REPAIR_NONE = UINT32_MAX };

struct repair_edit {
    const bool *keep;   /* one for each operation; NULL: keep all */
    uint32_t globals;   /* number of the program's own globals that the result has */
    uint32_t flattened; /* place of an ENTER whose names become globals; REPAIR_NONE: none */
};

/*
 * Applies the edit to `program`, which may hold invalid operations, as after a change of a shape. The result
 * is valid and has shapes of its own. The caller frees it with program_free(). A LEAVE stays only with its
 * ENTER. O(program). Returns 0, or -1 without memory.
 */
int repair_program(const struct program *program, const struct repair_edit *edit,
                   struct program *ret_program);

/* Removes the first `most` of the shapes that no operation uses. Returns 0, or -1 without memory. */
int repair_shapes(const struct program *program, uint32_t most, struct program *ret_program);

#endif
