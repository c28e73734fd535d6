/* SPDX-License-Identifier: MIT */
/*
 * replay: runs a program from a file: a recording of another workload, a failure that the stress suite has
 * shrunk, or one written by hand.
 *
 * What it stresses is what the program does. The interpretation costs a few ns per operation, which a replay
 * under `leak` shows; the payloads of a recording are not in it. Its checksum is of the numbers it reads back
 * out of the objects that GET operations find.
 */
#include <stdlib.h>

#include "collectors/gc.h"
#include "harness/program/vm-run.h"
#include "workloads/workload.h"

struct replay_options {
    const char *file;
    uint64_t repeat;
};

static const struct option_spec option_specs[] = {
    OPTION_TEXT(struct replay_options, file, "file name", "the program to run (.gcp); needed"),
    OPTION_INTEGER(struct replay_options, repeat, 1, 1, 1e6, "times", "how often to run it"),
};
static const struct option_table options = OPTION_TABLE(struct replay_options, option_specs);

enum { MEMORY_LIMIT_GIB = 8 }; /* for reading: the model of a program with some 100 million objects */

static struct program program;
static struct vm_program loaded;
static struct gc_ref *registers;
static struct gc_frame *frames;

static uint64_t deepest_nesting(void)
{
    uint64_t depth = 0;
    uint64_t deepest = 0;
    for (uint64_t i = 0; i < program.op_count; i++) {
        depth += program.ops[i].code == PROGRAM_ENTER;
        depth -= program.ops[i].code == PROGRAM_LEAVE;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

static struct workload_layout prepare(const void *values)
{
    const struct replay_options *chosen = values;
    char error[PROGRAM_ERROR_BYTES];
    if (!*chosen->file)
        workload_fail("option 'file' is needed: replay:file=NAME.gcp");
    if (program_read_file(chosen->file, (uint64_t)MEMORY_LIMIT_GIB << 30, &program, error) < 0)
        workload_fail("%s", error);
    if (vm_load(&program, &loaded) < 0)
        workload_fail("%s: out of memory", chosen->file);
    registers = calloc(loaded.registers + 1, sizeof *registers);
    frames = calloc(deepest_nesting() + 1, sizeof *frames);
    if (!registers || !frames)
        workload_fail("%s: out of memory", chosen->file);
    return (struct workload_layout){loaded.shapes, loaded.shape_count, loaded.globals};
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct replay_options *chosen = values;
    uint64_t checksum = 0;
    (void)random;
    for (uint64_t i = 0; i < chosen->repeat; i++) {
        struct vm_result result = {0};
        vm_run(mutator, &loaded, registers, frames, &result);
        if (result.count_wrong)
            workload_fail("%s: operation %llu and %llu others: the count is not what the program says",
                          chosen->file, (unsigned long long)result.first_wrong + 1,
                          (unsigned long long)result.count_wrong - 1);
        checksum = checksum_add(checksum, result.checksum);
    }
    return checksum;
}

const struct workload workload = {
    .name = "replay",
    .group = "replay",
    .summary = "runs a program from a file: a recording, a shrunk failure, or one written by hand",
    .options = &options,
    .run = run,
    .prepare = prepare,
};
