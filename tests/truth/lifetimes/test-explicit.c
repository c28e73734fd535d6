/* SPDX-License-Identifier: MIT */
/*
 * Programs of the stress generator with their deaths written in, run by freeing: after every operation that
 * frees, exactly what a walk from the names reaches is held. Under a sanitizer any use of what was freed
 * stops it.
 */
#include "harness/runner/reach.h"
#include "harness/stress/generator.h"
#include "program/deaths.h"
#include "tests/mutator.h"
#include "tests/tap.h"
#include "workloads/replay/vm-run.h"

enum { PROGRAMS = 150 };

static uint64_t looks, wrong;

static void look(struct gc_mutator *mutator, const char *label)
{
    struct reach reach;
    (void)label;
    assert(reach_count(mutator, &reach) == 0);
    looks++;
    wrong += reach.objects != gc_held_objects(mutator) || reach.bytes != gc_held_bytes(mutator);
}

/* The program with its deaths, and a checkpoint behind each group of them. */
static void mark(const struct program *program, struct program *ret_marked)
{
    struct program plain, marked;
    struct deaths deaths;
    assert(deaths_plain(program, &plain) == 0 && deaths_find(&plain, &deaths) == 0);
    assert(deaths_insert(&plain, &deaths, &marked) == 0);
    *ret_marked = marked;
    ret_marked->ops = NULL;
    ret_marked->op_count = ret_marked->op_capacity = 0;
    for (uint64_t i = 0; i < marked.op_count; i++) {
        assert(program_add(ret_marked, marked.ops[i]) == 0);
        if (marked.ops[i].code == PROGRAM_FREE &&
            (i + 1 == marked.op_count || marked.ops[i + 1].code != PROGRAM_FREE))
            assert(program_add(ret_marked, (struct program_op){.code = PROGRAM_CHECKPOINT}) == 0);
    }
    free(marked.ops);
    deaths_free(&deaths);
    program_free(&plain);
}

static uint64_t program_run(const struct program *program)
{
    struct vm_program loaded;
    struct vm_result result = {0};
    assert(vm_load(program, &loaded) == 0);
    struct gc_ref *registers = calloc(loaded.registers + 1, sizeof *registers);
    struct gc_frame *frames = calloc(loaded.op_count + 1, sizeof *frames);
    result.made = calloc(loaded.objects + 1u, sizeof *result.made);
    struct gc_mutator *mutator = test_mutator_open(loaded.shapes, loaded.shape_count, loaded.globals, NULL);
    mutator->observer.checkpoint = look;
    vm_run(mutator, &loaded, registers, frames, &result);
    look(mutator, "end");
    uint64_t freed = mutator->account.freed_objects;
    mutator->observer.checkpoint = NULL;
    test_mutator_close(mutator);
    free(result.made);
    free(frames);
    free(registers);
    vm_unload(&loaded);
    return freed;
}

int main(void)
{
    uint64_t freed = 0;
    for (uint64_t seed = 0; seed < PROGRAMS; seed++) {
        struct dials dials;
        struct conditions conditions;
        struct program program, marked;
        option_table_defaults(&dials_table, &dials);
        option_table_defaults(&conditions_table, &conditions);
        conditions.swarm = seed % 2;
        dials = generator_dials(seed, &dials, &conditions);
        assert(generator_make(seed, &dials, NULL, NULL, &program) == 0);
        mark(&program, &marked);
        freed += program_run(&marked);
        program_free(&marked);
        program_free(&program);
    }
    tap_equal((int64_t)wrong, 0, "after each death exactly what is reachable is held");
    tap_ok(freed > 5000 && looks > 5000,
           "%" PRIu64 " objects were freed, and %" PRIu64 " times all was walked", freed, looks);
    return tap_done();
}
