/* SPDX-License-Identifier: MIT */
/*
 * A program as a runtime gets it: lines of requests, and the right answer to each of those that ask. The model
 * (program/model.h) says what is right. README.md describes the requests.
 *
 * A request names an object by a path: a slot, then fields, as in 3.0.1. So a runtime needs no table of
 * objects that keeps them alive. A borrowed reference of the program is a path too, since nothing changes a
 * field or a slot between a GET and the use of what it found.
 */
#ifndef HARNESS_STRESS_RUNTIME_SCRIPT_H
#define HARNESS_STRESS_RUNTIME_SCRIPT_H

#include <stddef.h>

#include "harness/stress/dials.h"
#include "harness/stress/runtime/promises.h"
#include "program/program.h"

enum question_kind { QUESTION_READ, QUESTION_COUNT, QUESTION_ALIVE };

/* The state of an object where a runtime is asked which are alive. */
enum life {
    LIFE_UNREFERENCED, /* no reference to it is left, or only those of such objects */
    LIFE_GARBAGE,      /* it lies on a cycle that no name reaches, or such a cycle refers to it */
    LIFE_REACHABLE,    /* names reach it */
};

struct question {
    enum question_kind kind;
    bool collected;   /* ALIVE: a full collection stands in front of it */
    uint64_t op;      /* the operation of the program, from 1; one beyond the last: the end */
    uint64_t line;    /* the start of the request in the script's text */
    uint32_t number;  /* READ: the object found, 0 for null. COUNT: references. ALIVE: objects made so far */
    uint8_t *objects; /* ALIVE: the enum life of each */
};

struct script {
    char *text;
    size_t length; /* bytes of the text */
    struct question *questions;
    size_t count;
    uint64_t collections; /* full ones that are asked for */
};

/*
 * Makes the script of a valid program. `conditions` and `seed` say where collections and questions are put in
 * beside those of the program. The last request asks which objects are alive when every name is gone. Returns
 * 0, or -1 without memory for the model. The caller frees the script with script_free(). O(operations + names
 * of objects in questions), and the length of paths.
 */
int script_make(const struct program *program, const struct conditions *conditions, uint64_t seed,
                const struct promises *promises, struct script *ret_script);
void script_free(struct script *script);

#endif
