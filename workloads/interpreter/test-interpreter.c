/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "collectors/collector-api.h"
#include "tests/tap.h"
#include "workloads/interpreter/compile.h"
#include "workloads/interpreter/scripts.h"
#include "workloads/interpreter/stack-machine.h"

enum { SLOTS = 4096, GLOBALS = 2, SMALL_INTEGERS = 100 };
static struct gc_slot slots[SLOTS];

__attribute__((noreturn)) static void on_exhausted(struct gc_mutator *mutator, enum gc_exhaustion why)
{
    printf("Bail out! the heap is exhausted: %d\n", (int)why);
    exit(1);
}

static struct gc_mutator *mutator_make(void)
{
    struct gc_mutator *mutator = calloc(1, gc_collector.mutator_bytes);
    void *options = calloc(1, gc_collector.options->bytes + 1);
    assert(mutator && options);
    option_table_defaults(gc_collector.options, options);
    gc_mutator_open(mutator, &(struct gc_mutator_setup){
                                 .slots = slots,
                                 .slot_count = SLOTS,
                                 .shapes = value_shapes,
                                 .shape_count = VALUE_SHAPES,
                                 .global_count = GLOBALS,
                                 .heap_limit = UINT64_MAX,
                                 .exhausted = on_exhausted,
                                 .options = options,
                             });
    return mutator;
}

/* Compiles and runs a text. */
static int64_t evaluate(struct gc_mutator *mutator, const char *text)
{
    script_compile(mutator, gc_global(mutator, 0), text);
    return script_run(mutator, gc_global(mutator, 0), gc_global(mutator, 1));
}

static void test_language(struct gc_mutator *mutator)
{
    tap_equal(evaluate(mutator, "(- (* 7 6) (+ (/ 9 2) (% 9 2)))"), 37, "arithmetic is that of integers");
    tap_equal(evaluate(mutator, "(+ 99 1)"), 100, "the first integer that is not shared is made");
    tap_equal(evaluate(mutator, "(if (< 2 1) 10 (if (= 3 3) 20 30))"), 20, "a condition takes one branch");
    tap_equal(evaluate(mutator, "(head (tail (pair 1 (pair 2 nil))))"), 2, "a pair has a head and a tail");
    tap_equal(evaluate(mutator, "(def a (array 3)) (put a 2 5) (+ (get a 2) (length a))"), 8,
              "an array keeps what is put into it");
    tap_equal(evaluate(mutator, "(at (join (text 12) \"ab\") 3)"), 'b', "texts are joined in order");
    tap_equal(evaluate(mutator, "(def f (fn (x) (def g (fn () (set x (+ x 1)))) (g) (g) x)) (f 5)"), 7,
              "an inner function changes a name of the outer one");
    tap_equal(evaluate(mutator, "(def f (fn (x) (fn () (fn () x)))) (((f 9)))"), 9,
              "a name passes through a function that does not use it");
    tap_equal(evaluate(mutator, "(def f (fn (n) (if (= n 0) 0 (+ 1 (f (- n 1)))))) (f 20000)"), 20000,
              "calls nest as deep as the heap allows");
}

static void test_programs(struct gc_mutator *mutator)
{
    for (int i = 0; i < SCRIPTS; i++) {
        int64_t answer = evaluate(mutator, scripts[i].text);
        if (!tap_ok(answer == scripts[i].answer, "the program %s gives its known answer", scripts[i].name))
            tap_note("found %" PRId64 ", expected %" PRId64, answer, scripts[i].answer);
    }
}

/*
 * Runs one script twice. In the second run, the garbage of the first is unreachable. Counting leaves 2000
 * times a closure, its array and two cells, the totals of 100 and more, and the module with its two
 * functions.
 */
static void test_garbage(struct gc_mutator *mutator)
{
    evaluate(mutator, scripts[3].text);
    gc_collect(mutator, GC_COLLECT_FULL);
    uint64_t held = gc_held_objects(mutator);
    script_run(mutator, gc_global(mutator, 0), gc_global(mutator, 1));
    gc_collect(mutator, GC_COLLECT_FULL);
    int64_t left = (int64_t)(gc_held_objects(mutator) - held);
    if (gc_collector.traits->reclaims_cycles)
        tap_equal(left, 0, "a run leaves nothing behind");
    else if (gc_collector.traits->frees_at_once)
        tap_equal(left, 2000 * 4 + 1955 + 3, "a run leaves its cycles and what hangs off them, and no more");
}

int main(void)
{
    struct gc_mutator *mutator = mutator_make();
    small_integers_make(mutator, gc_global(mutator, 1), SMALL_INTEGERS);
    test_language(mutator);
    test_programs(mutator);
    test_garbage(mutator);
    gc_collector_check(mutator);
    gc_globals_drop(mutator);
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_collector_stop(mutator);
    return tap_done();
}
