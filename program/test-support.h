/* SPDX-License-Identifier: MIT */
/* Helpers for the tests of programs: programs from text, and files in memory. */
#ifndef PROGRAM_TEST_SUPPORT_H
#define PROGRAM_TEST_SUPPORT_H

#include <stdlib.h>

#include "program/model.h"
#include "program/program-text.h"
#include "program/program.h"
#include "tests/tap.h"

enum { TEST_LIMIT = 1 << 20 }; /* bytes that a test lets a model use */

struct test_file {
    uint8_t *bytes;
    size_t count;
};

/* Reads text as `t`. */
static inline int test_text_read(const char *text, struct program *ret_program, char *ret_error)
{
    FILE *stream = fmemopen((void *)text, strlen(text), "r");
    assert(stream);
    int result = program_text_read(stream, "t", TEST_LIMIT, ret_program, ret_error);
    fclose(stream);
    return result;
}

/* Reads text that the test knows to be right. */
static inline struct program test_program(const char *text)
{
    struct program program;
    char error[PROGRAM_ERROR_BYTES];
    if (test_text_read(text, &program, error) < 0) {
        tap_note("%s", error);
        abort();
    }
    return program;
}

static inline struct test_file test_file_write(const struct program *program,
                                               int (*write)(const struct program *, FILE *))
{
    struct test_file file;
    FILE *stream = open_memstream((char **)&file.bytes, &file.count);
    assert(stream);
    bool failed = write(program, stream) < 0;
    assert(fclose(stream) == 0 && !failed);
    return file;
}

static inline bool test_is_same_program(const struct program *left, const struct program *right)
{
    if (left->globals != right->globals || left->shape_count != right->shape_count ||
        left->op_count != right->op_count)
        return false;
    for (uint32_t i = 0; i < left->shape_count; i++) {
        const struct gc_shape *x = &left->shapes[i];
        const struct gc_shape *y = &right->shapes[i];
        if (strcmp(x->name, y->name) || x->id != y->id || x->flags != y->flags || x->refs != y->refs ||
            x->payload != y->payload || x->external != y->external)
            return false;
    }
    return left->op_count == 0 || memcmp(left->ops, right->ops, left->op_count * sizeof *left->ops) == 0;
}

/* A program with every operation, and with every kind of slot and object. */
static const char test_every_operation[] = "gcp 7\n"
                                           "globals 2\n"
                                           "shape node refs=2 payload=8\n"
                                           "shape leaf refs=0 payload=16 acyclic\n"
                                           "shape array refs=* payload=0\n"
                                           "shape bytes refs=0 payload=*\n"
                                           "shape file refs=1 payload=8 finaliser=keep referent\n"
                                           "shape bell refs=1 payload=32 weak=called\n"
                                           "shape pair refs=2 payload=32 weak ephemeron\n"
                                           "shape all refs=1 payload=32 finaliser referent "
                                           "weak ephemeron external=5\n"
                                           "shape image refs=1 payload=8 finaliser external=70000\n"
                                           "enter 2\n"
                                           "new 0 node # #1\n"
                                           "new 1 array 300 # #2\n"
                                           "store #2 299 #1\n"
                                           "set g0 #2\n"
                                           "enter 1\n"
                                           "new 0 leaf # #3\n"
                                           "move ^0 0\n"
                                           "set g1 null\n"
                                           "get #2 299\n"
                                           "get #1 1\n"
                                           "store #1 1 #1\n"
                                           "new 0 bytes 1000 # #4\n"
                                           "enter 0\n"
                                           "set ^^1 #4\n"
                                           "leave\n"
                                           "count #4 2\n"
                                           "leave\n"
                                           "clear #2 299\n"
                                           "free #1\n"
                                           "store #2 0 null\n"
                                           "del 0\n"
                                           "free #3\n"
                                           "checkpoint\n"
                                           "collect young\n"
                                           "range #2 3 4\n"
                                           "fill #2\n"
                                           "range #2 5 294\n"
                                           "copy #2 4\n"
                                           "freeze\n"
                                           "unfreeze\n"
                                           "new 0 file # #5\n"
                                           "new 1 bell # #6\n"
                                           "weak #6 #5\n"
                                           "leads #6 #5\n"
                                           "del 0\n"
                                           "finalise\n"
                                           "leads #6 null\n"
                                           "called 2\n"
                                           "new 0 pair # #7\n"
                                           "ephemeron #7 #5 #6\n"
                                           "get #7 0\n"
                                           "new 1 image # #8\n"
                                           "leave\n"
                                           "collect full\n";

#endif
