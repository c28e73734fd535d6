/* SPDX-License-Identifier: MIT */
/*
 * The plan of a run: its cells, and the order of their processes. The design is that of randomised complete
 * blocks: every cell runs once in each block, in an order shuffled from the specification's seed (Fisher and
 * Yates; Knuth's Algorithm P). A plan is a function of the specification alone, so an id names the same cell
 * and block after a resume.
 */
#ifndef HARNESS_CAMPAIGN_PLAN_PLAN_H
#define HARNESS_CAMPAIGN_PLAN_PLAN_H

#include "harness/campaign/plan/pairs.h"
#include "harness/campaign/plan/spec.h"
#include "harness/campaign/process/allocator.h"

struct plan_cell {
    char *workload, *workload_options;
    char *collector, *collector_options;
    const struct allocator *allocator; /* the plan's */
    char *heap;            /* the limit as a multiple of the minimum heap, as written; NULL: none */
    char *heap_limit;      /* the same in bytes, as a pair reads it; NULL: none */
    uint64_t minimum_heap; /* of the workload, in bytes, where there is a limit */
    char *pair;            /* path of the executable */
    bool baseline;         /* a `null` cell, added to measure the process itself */
};

struct plan {
    struct plan_cell *cells;
    size_t cell_count;
    struct allocator *allocators;
    size_t allocator_count;
    uint64_t blocks;
    uint32_t *order; /* order[id] is a cell; id / cell_count is the block */
};

/*
 * Makes the plan, and checks every name, option and allocator of the specification. A cell that occurs twice
 * runs once. An entry's heaps are multiples of its workload's published minimum (minheap-file.h). Each
 * collector with its options gets a baseline cell on each allocator, with the workload `null`. Returns 0 and
 * a plan for plan_free(), or MESSAGE_BAD_INPUT after one line with the place in the specification.
 */
int plan_make(struct spec *spec, const struct pairs *pairs, struct plan **ret_plan);

void plan_free(struct plan *plan);

/* Fills `order` with one permutation of 0..cells-1 per block. */
void plan_shuffle(uint32_t *order, size_t cells, uint64_t blocks, uint64_t seed);

#endif
