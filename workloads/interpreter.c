/* SPDX-License-Identifier: MIT */
/*
 * interpreter: a small stack machine runs little scripts. Its numbers, strings, lists, closures, modules,
 * frames and operand stacks are all objects, as CPython's are. So are the cells that hold captured names, as
 * CPython's cell objects do. The scripts are a sieve, fib, map, filter and fold with closures, counters that
 * call themselves, a string builder, and eight queens. Each script is compiled once and runs in a new module
 * every time.
 *
 * Stresses the cost of counting in a language's implementation. Each operand pushed and popped is counted.
 * Each call makes a frame that is born and dies. A function refers to its module, and the module to its
 * functions. A local function that calls itself is a cycle of closure, array of cells, and cell. Every run
 * thus leaves some cyclic garbage among much that counting frees. Small integers are shared (`small`), and
 * their counts are hot.
 *
 * The machine is written for clarity. It reads its code through the heap again at every instruction, as it
 * must where objects may move. It has no inline caches and no tagged integers. Conclude nothing about the
 * speed of real interpreters.
 *
 * A test holds the scripts to the known answers in scripts.c, and a wrong answer changes the checksum.
 */
#include "collectors/gc.h"
#include "workloads/interpreter/compile.h"
#include "workloads/interpreter/scripts.h"
#include "workloads/interpreter/stack-machine.h"
#include "workloads/workload.h"

static const char *const script_words[] = {"sieve", "fib", "lists", "counter", "text", "queens", "all", NULL};
static_assert(sizeof script_words / sizeof *script_words == SCRIPTS + 2, "a word for each script, and all");

struct interpreter_options {
    uint64_t program;
    uint64_t rounds;
    uint64_t small;
};

static const struct option_spec option_specs[] = {
    OPTION_CHOICE(struct interpreter_options, program, SCRIPTS, script_words, "which program is run"),
    OPTION_INTEGER(struct interpreter_options, rounds, 12, 1, 1e9, "", "how often"),
    OPTION_INTEGER(struct interpreter_options, small, 257, 0, 1e6, "integers",
                   "small integers made once and shared, from 0"),
};
static const struct option_table options = OPTION_TABLE(struct interpreter_options, option_specs);

/* The workload's globals are each script's code and the small integers. */
enum { SMALL_INTEGERS = SCRIPTS, GLOBALS };

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    (void)random;
    const struct interpreter_options *chosen = values;
    uint64_t checksum = 1;
    small_integers_make(mutator, gc_global(mutator, SMALL_INTEGERS), chosen->small);
    for (uint64_t i = 0; i < SCRIPTS; i++)
        script_compile(mutator, gc_global(mutator, i), scripts[i].text);
    gc_checkpoint(mutator, "programs compiled");
    for (uint64_t round = 0; round < chosen->rounds; round++) {
        for (uint64_t i = 0; i < SCRIPTS; i++) {
            if (chosen->program != SCRIPTS && chosen->program != i)
                continue;
            int64_t answer = script_run(mutator, gc_global(mutator, i), gc_global(mutator, SMALL_INTEGERS));
            checksum = checksum_add(checksum, (uint64_t)answer);
        }
        if (round == 0)
            gc_checkpoint(mutator, "first round done");
    }
    gc_checkpoint(mutator, "all rounds done");
    return checksum;
}

const struct workload workload = {
    .name = "interpreter",
    .group = "pass",
    .summary = "a stack machine whose frames and values are objects, running small programs",
    .options = &options,
    WORKLOAD_SHAPES(value_shapes),
    .globals = GLOBALS,
    .run = run,
};
