/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "harness/stress/repair.h"
#include "tests/tap.h"
#include "tests/truth/stress/programs.h"

static void test_whole(void)
{
    bool same = true;
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct program program = programs_make(seed, true), repaired;
        struct repair_edit edit = {NULL, program.globals, REPAIR_NONE};
        assert(repair_program(&program, &edit, &repaired) == 0);
        same &= repaired.op_count == program.op_count &&
                memcmp(repaired.ops, program.ops, program.op_count * sizeof *program.ops) == 0;
        program_free(&repaired);
        program_free(&program);
    }
    tap_ok(same, "a program of which all is kept is as it was");
}

static void test_parts(void)
{
    bool valid = true, shapes = true;
    uint64_t kept = 0, asked = 0;
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct random_state random;
        struct program program = programs_make(seed, true), repaired, fewer;
        random_seed(&random, seed);
        bool *keep = calloc(program.op_count + 1, sizeof *keep);
        uint64_t share = 1 + random_below(&random, 19);
        for (uint64_t i = 0; i < program.op_count; i++)
            asked += keep[i] = random_below(&random, 20) < share;
        struct repair_edit edit = {keep, (uint32_t)random_below(&random, program.globals + 1), REPAIR_NONE};
        for (uint32_t i = 0; i < program.op_count; i++)
            if (program.ops[i].code == PROGRAM_ENTER && random_below(&random, 8) == 0)
                edit.flattened = i;
        assert(repair_program(&program, &edit, &repaired) == 0);
        assert(repair_shapes(&repaired, UINT32_MAX, &fewer) == 0);
        kept += repaired.op_count;
        valid &= programs_is_valid(&repaired);
        shapes &= programs_is_valid(&fewer) && fewer.shape_count <= repaired.shape_count &&
                  fewer.op_count == repaired.op_count;
        program_free(&fewer);
        program_free(&repaired);
        program_free(&program);
        free(keep);
    }
    tap_ok(valid, "whatever is left out, what is left is valid");
    tap_ok(shapes, "also without the shapes that nothing uses");
    tap_ok(kept > asked / 4, "and much of what was asked for is left (%" PRIu64 " of %" PRIu64 ")", kept,
           asked);
}

/* Answers are set anew, where operations before them are gone. */
static void test_attended(void)
{
    bool valid = true;
    uint64_t answers = 0;
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct random_state random;
        struct dials dials = programs_dials(seed, true);
        struct program program, repaired;
        dials.attended = 0.3;
        assert(generator_make(seed, &dials, NULL, NULL, &program) == 0);
        random_seed(&random, seed);
        bool *keep = calloc(program.op_count + 1, sizeof *keep);
        for (uint64_t i = 0; i < program.op_count; i++)
            keep[i] = random_below(&random, 10) < 9;
        struct repair_edit edit = {keep, program.globals, REPAIR_NONE};
        assert(repair_program(&program, &edit, &repaired) == 0);
        valid &= programs_is_valid(&repaired);
        for (uint64_t i = 0; i < repaired.op_count; i++)
            answers += repaired.ops[i].code == PROGRAM_LEADS || repaired.ops[i].code == PROGRAM_CALLED;
        program_free(&repaired);
        program_free(&program);
        free(keep);
    }
    tap_ok(valid, "also a part of a program with finalisers and weak references is valid");
    tap_ok(answers > 1000, "and still asks for what must come of them (%" PRIu64 " times)", answers);
}

int main(void)
{
    test_whole();
    test_parts();
    test_attended();
    return tap_done();
}
