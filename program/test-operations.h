/* SPDX-License-Identifier: MIT */
/* A model, and operations on it one at a time, for the tests of what a model knows. */
#ifndef PROGRAM_TEST_OPERATIONS_H
#define PROGRAM_TEST_OPERATIONS_H

#include "program/test-support.h"

static struct model model;

/* Applies an operation. Returns what is wrong with it, or NULL. */
static inline const char *apply(uint32_t code, uint32_t a, uint32_t b, uint32_t c)
{
    struct program_op op = {code, a, b, c};
    struct model_places places;
    const char *objection = model_objection(&model, &op);
    return objection ? objection : model_apply(&model, &op, &places);
}

/* Applies an operation that the test knows to be right. */
static inline void must(uint32_t code, uint32_t a, uint32_t b, uint32_t c)
{
    const char *objection = apply(code, a, b, c);
    if (objection)
        fprintf(stderr, "%s %u %u %u: %s\n", program_codes[code].word, a, b, c, objection);
    assert(!objection);
}

#endif
