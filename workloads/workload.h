/* SPDX-License-Identifier: MIT */
/*
 * What a workload is. One file defines one `workload`, includes this header, and is compiled once against
 * each collector. It knows neither which, nor that anybody measures.
 *
 * A workload does a fixed amount of work, set by its options and its seed alone, draws random numbers only
 * from the state it is given, and returns a checksum made from what it read back out of its objects: the same
 * under every collector.
 */
#ifndef WORKLOADS_WORKLOAD_H
#define WORKLOADS_WORKLOAD_H

#include "base/options.h"
#include "base/random.h"
#include "collectors/mutator.h"

/* A workload's types and global names. */
struct workload_layout {
    const struct gc_shape *shapes;
    uint32_t shape_count;
    uint32_t globals;
    bool frees; /* it says when each object dies, to collectors that free when told */
};

struct workload {
    const char *name;
    const char
        *group; /* "baseline", "allocate", "share", "pass", "cycle", "classic", "pathology", "latency" */
    const char *summary; /* one line: what it stresses */
    const struct option_table *options;
    const struct gc_shape *shapes; /* `id` of each is its place here */
    uint32_t shape_count;
    uint32_t globals; /* the module's names: slots 0 to globals - 1 of gc_global() */
    /* All of the work. `options` is the struct the table describes. Leaves every frame it entered. */
    uint64_t (*run)(struct gc_mutator *mutator, const void *options, struct random_state *random);
    /*
     * For a workload whose shapes depend on its options; NULL for all others. Called once, before there is a
     * heap; calls workload_fail() when the options cannot be met.
     */
    struct workload_layout (*prepare)(const void *options);
    /*
     * For a workload that serves requests; NULL for all others. How many: the harness keeps room for as many
     * in `workload_requests`, mapped and touched before the run.
     */
    uint64_t (*requests)(const void *options);
};

/* One request, on gc_clock(): when its schedule sent it, or its begin where it has none; begin; end. */
struct workload_request {
    uint64_t arrival_ns;
    uint64_t begin_ns;
    uint64_t end_ns;
};

/* Filled by a workload that serves requests, in the order of their begin. */
struct workload_requests {
    struct workload_request *items;
    uint64_t count; /* complete ones */
};
extern struct workload_requests workload_requests;

/* The one workload in this process. */
extern const struct workload workload;

/* Ends the process with status 4 and one line: what the workload was given, or what it read back, is wrong.
 */
__attribute__((noreturn, format(printf, 1, 2))) void workload_fail(const char *format, ...);

/* Folds a number into a checksum: order matters. One multiplication by an odd constant and a shift. */
static inline uint64_t checksum_add(uint64_t checksum, uint64_t number)
{
    uint64_t z = (checksum ^ number) * 0x9e3779b97f4a7c15u;
    return z ^ (z >> 29);
}

#define WORKLOAD_SHAPES(table) table, sizeof table / sizeof *table

#endif
