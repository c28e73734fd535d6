/* SPDX-License-Identifier: MIT */
/*
 * The plan of a run: its cells, and which of them are compared with each other. A plan is a function of the
 * specification alone. The order of its processes is that of order.h.
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
    char *heap;             /* the limit as a multiple of the minimum heap, as written; NULL: none */
    char *heap_limit;       /* the same in bytes, as a pair reads it; NULL: none */
    uint64_t minimum_heap;  /* of the workload, in bytes, where there is a limit */
    uint64_t process_limit; /* bytes that a process of it may hold in all; 0: any */
    const char *memory;     /* "cold" or "warm" */
    const char *build;      /* "", or the other build's name, where a run compares two */
    char *pair;             /* path of the executable */
    bool baseline;          /* a `null` cell, added to measure the process itself */
    bool observes;          /* its collector only observes: its times mean nothing */
};

/* Another build, whose executables are measured beside those of this one. */
struct plan_build {
    char *dir, *name; /* the folder as given, and its last part */
    struct pairs *pairs;
};

/* The least limit of a process, in bytes: what times it is in it, too, and takes some of it. */
enum { PLAN_PROCESS_LIMIT_LEAST = 16 << 20 };

struct plan {
    struct plan_cell *cells;
    size_t cell_count;
    struct allocator *allocators;
    size_t allocator_count;
    uint64_t blocks;
};

/*
 * Makes the plan, and checks every name, option and allocator of the specification. A cell that occurs twice
 * runs once; one that occurs with two process limits is refused. An entry's heaps are multiples of its
 * workload's published minimum (minheap-file.h). Each collector with its options gets a baseline cell on each
 * allocator and memory, with the workload `null` and without a limit. With `against`, which may be NULL and
 * must outlive the plan, each cell is followed by its twin of that build. Cells are of one group when they
 * have the same workload with its options, allocator with its tuning, and heap: in both memories, of every
 * collector and build. O(cells^2).
 * Returns 0 and a plan for plan_free(), or MESSAGE_BAD_INPUT after one line with the place in the
 * specification.
 */
int plan_make(struct spec *spec, const struct pairs *pairs, const struct plan_build *against,
              struct plan **ret_plan);

void plan_free(struct plan *plan);

/*
 * Opens the build in the folder `dir`, by its harness/runner/pairs.json. Returns 0, or MESSAGE_BAD_INPUT after
 * one line. plan_build_close() frees what it holds, and takes a build of zeros too.
 */
int plan_build_open(const char *dir, struct plan_build *ret_build);
void plan_build_close(struct plan_build *build);

/* Returns the name of a cell, as in "binary-trees:depth=16 x rc on jemalloc:normalised", for free(). O(length). */
char *plan_cell_name(const struct plan_cell *cell);

/* The same without the collector, as in "binary-trees:depth=16 on jemalloc:normalised". */
char *plan_place_name(const struct plan_cell *cell);

#endif
