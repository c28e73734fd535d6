/* SPDX-License-Identifier: MIT */
/* Helpers for tests of made-up programs: programs from seeds, and whether a program is one that the reader takes. */
#ifndef TESTS_TRUTH_STRESS_PROGRAMS_H
#define TESTS_TRUTH_STRESS_PROGRAMS_H

#include <stdlib.h>

#include "harness/stress/generator.h"
#include "program/test-support.h"

/* The dials of a seed: all at their defaults, or each drawn. */
static inline struct dials programs_dials(uint64_t seed, bool swarm)
{
    struct dials dials;
    struct conditions conditions;
    option_table_defaults(&dials_table, &dials);
    option_table_defaults(&conditions_table, &conditions);
    conditions.swarm = swarm;
    return generator_dials(seed, &dials, &conditions);
}

/* The program of a seed, without boundaries. The caller frees it. */
static inline struct program programs_make(uint64_t seed, bool swarm)
{
    struct dials dials = programs_dials(seed, swarm);
    struct program program;
    assert(generator_make(seed, &dials, NULL, NULL, &program) == 0);
    return program;
}

static inline bool programs_is_valid(const struct program *program)
{
    struct test_file file = test_file_write(program, program_write);
    struct program read;
    char error[PROGRAM_ERROR_BYTES] = "";
    bool valid = program_read(file.bytes, file.count, UINT64_MAX, &read, error) == 0;
    if (valid)
        program_free(&read);
    else
        tap_note("%s", error);
    free(file.bytes);
    return valid;
}

#endif
