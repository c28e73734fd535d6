/* SPDX-License-Identifier: MIT */
/*
 * null: does nothing. Every suite needs such a process: it is the baseline of every cell.
 *
 * Stresses nothing but the process: the start and the end under this collector and this allocator. Conclude
 * nothing else from it.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

static const struct option_table options = OPTION_TABLE_EMPTY;

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    (void)mutator;
    (void)values;
    (void)random;
    return 0;
}

const struct workload workload = {
    .name = "null",
    .group = "baseline",
    .summary = "does nothing: the cost of a process",
    .options = &options,
    .run = run,
};
