/* SPDX-License-Identifier: MIT */
/* The loaded form of a program: every object is a place, and the places are those of the model. */
#include "program/test-support.h"
#include "workloads/replay/vm.h"

static void test_places(void)
{
    struct program program = test_program("gcp 1\nglobals 1\nshape node refs=2\n"
                                          "new g0 node\n"
                                          "enter 1\n"
                                          "new 0 node\n"
                                          "store #1 1 #2\n"
                                          "del 0\n"
                                          "get #1 0\n"
                                          "get #1 1\n"
                                          "store #2 0 #1\n"
                                          "set 0 null\n"
                                          "checkpoint\n"
                                          "count #1 2\n");
    static const struct program_op expected[] = {
        {PROGRAM_NEW, 0, 0, 0},
        {PROGRAM_ENTER, 1, 0, 0},
        {PROGRAM_NEW, 1, 0, 0},
        {PROGRAM_STORE, 0 << 1, 1, 1 << 1},
        {PROGRAM_DEL, 1, 0, 0},
        {PROGRAM_GET, 0 << 1, 0, 0},
        {PROGRAM_GET, 0 << 1, 1, 1},
        {PROGRAM_STORE, 1 << 1 | 1, 0, 0 << 1},
        {PROGRAM_SET, 1, MODEL_NOWHERE, 0},
        {PROGRAM_CHECKPOINT, 0, 0, 0},
        {PROGRAM_COUNT, 0 << 1, 2, 0},
        {PROGRAM_END, 0, 0, 0},
    };
    enum { OPS = sizeof expected / sizeof *expected };
    struct vm_program loaded;
    assert(vm_load(&program, &loaded) == 0);
    tap_equal((int64_t)loaded.op_count, OPS - 1, "a loaded program has its operations");
    for (int i = 0; i < OPS; i++)
        if (memcmp(&loaded.ops[i], &expected[i], sizeof *expected) != 0)
            tap_ok(false, "operation %d is %u %u %u %u", i, loaded.ops[i].code, loaded.ops[i].a,
                   loaded.ops[i].b, loaded.ops[i].c);
    tap_ok(memcmp(loaded.ops, expected, sizeof expected) == 0,
           "an object is in a slot that holds it, else in the register of the GET that found it, and END is "
           "last");
    tap_ok(loaded.registers == 2 && loaded.objects == 2 && loaded.checkpoints == 1 && loaded.globals == 1,
           "what a run needs room for is known");
    vm_unload(&loaded);
    program_free(&program);
}

int main(void)
{
    test_places();
    return tap_done();
}
