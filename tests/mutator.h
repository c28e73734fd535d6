/* SPDX-License-Identifier: MIT */
/*
 * A mutator without a main(): for tests that use the operations themselves. The including file is compiled
 * against a collector as a workload is, and has the heap of that collector, empty, between
 * test_mutator_open() and test_mutator_close().
 */
#ifndef TESTS_MUTATOR_H
#define TESTS_MUTATOR_H

#include <stdio.h>
#include <stdlib.h>

#include "collectors/collector-api.h"

enum { TEST_MUTATOR_SLOTS = 1 << 16 };

/* Memory is not expected to run out: a test that means it to puts its own function here. */
__attribute__((noreturn, unused)) static void test_mutator_exhausted(struct gc_mutator *mutator,
                                                                     enum gc_exhaustion why)
{
    (void)mutator;
    printf("Bail out! the mutator is exhausted (%d)\n", (int)why);
    exit(1);
}

/*
 * An empty heap with `globals` of the module's names, under the collector's options as `text` sets them (NULL
 * for the defaults), unlimited and unobserved.
 */
__attribute__((unused)) static struct gc_mutator *
test_mutator_open(const struct gc_shape *shapes, uint64_t shape_count, uint64_t globals, const char *text)
{
    char error[OPTION_ERROR_BYTES];
    struct gc_mutator *mutator = calloc(1, gc_collector.mutator_bytes);
    void *options = calloc(1, gc_collector.options->bytes + 1);
    option_table_defaults(gc_collector.options, options);
    if (option_table_parse(gc_collector.options, text, options, error) < 0) {
        printf("Bail out! %s\n", error);
        exit(1);
    }
    gc_mutator_open(mutator, &(struct gc_mutator_setup){
                                 .slots = calloc(TEST_MUTATOR_SLOTS, sizeof(struct gc_slot)),
                                 .slot_count = TEST_MUTATOR_SLOTS,
                                 .shapes = shapes,
                                 .shape_count = shape_count,
                                 .global_count = globals,
                                 .heap_limit = UINT64_MAX,
                                 .exhausted = test_mutator_exhausted,
                                 .options = options,
                             });
    return mutator; /* the options live as long as the process: the collector keeps them */
}

/* Drops the module's names, collects, and gives back what the mutator itself held. */
__attribute__((unused)) static void test_mutator_close(struct gc_mutator *mutator)
{
    gc_globals_drop(mutator);
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_collector_stop(mutator);
    free(mutator->roots.base);
    free(mutator);
}

#endif
