/* SPDX-License-Identifier: MIT */
/*
 * This header says what a workload is. One file defines one `workload`, includes this header, and is compiled
 * once against each collector. The file knows neither the collector nor that anybody measures.
 *
 * The options and the seed alone set the work, so the amount is fixed. A workload draws random numbers only
 * from the state that it is given. It returns a checksum of values that it read back out of its objects. The
 * checksum is the same under every collector.
 */
#ifndef WORKLOADS_WORKLOAD_H
#define WORKLOADS_WORKLOAD_H

#include <stdarg.h>

#include "base/options.h"
#include "base/random.h"
#include "collectors/mutator.h"

/* The shapes and the global names of a workload whose options decide them. */
struct workload_layout {
    const struct gc_shape *shapes;
    uint32_t shape_count;
    uint32_t globals;
    bool frees; /* whether the workload says when each object dies, for collectors that free when told */
};

struct workload {
    const char *name;
    /* "baseline", "allocate", "share", "pass", "cycle", "classic", "pathology", "latency" or "replay". */
    const char *group;
    const char *summary; /* one line: what it stresses */
    const struct option_table *options;
    const struct gc_shape *shapes; /* each shape's `id` is its place in this array */
    uint32_t shape_count;
    uint32_t globals; /* the module's names: slots 0 to globals - 1 of gc_global() */
    /* Does all of the work and leaves every frame that it entered. `options` is the struct that the table
     * describes. */
    uint64_t (*run)(struct gc_mutator *mutator, const void *options, struct random_state *random);
    /* NULL unless options that are right one by one can be wrong together, or name a file. Returns what is
     * wrong, in a line that is never freed, or NULL. Called whenever options are given, and before a run. */
    const char *(*objection)(const void *options);
    /* NULL unless the shapes depend on the options. Called once, before there is a heap. Calls
     * workload_fail() when the options cannot be met. */
    struct workload_layout (*prepare)(const void *options);
    /* NULL unless the workload serves requests. Returns their number. The runner maps and touches room for as
     * many in `workload_requests` before it calls `run`. */
    uint64_t (*requests)(const void *options);
    /* NULL unless a shape has a finaliser or a callback: what is called by gc_finalise(), with a name for the object
     * or for the weak reference. It may do whatever `run` may. */
    void (*finalise)(struct gc_mutator *mutator, struct gc_slot *self, enum gc_due due);
};

/* One request. The times are those of gc_clock(). A request without a schedule arrives when it begins. */
struct workload_request {
    uint64_t arrival_ns;
    uint64_t begin_ns;
    uint64_t end_ns;
};

/* A workload that serves requests fills this array, in the order in which the requests begin. The runner
 * gives it its room. */
struct workload_requests {
    struct workload_request *items;
    uint64_t count; /* complete requests */
};
extern struct workload_requests workload_requests;

/* The row for the option table of a workload with external bytes, whose struct has `uint64_t external`: an enum
 * gc_external_use. */
extern const char *const workload_external_words[4];
#define WORKLOAD_EXTERNAL_OPTION(owner)                                                                      \
    OPTION_CHOICE(                                                                                           \
        owner, external, GC_EXTERNAL_WEIGHED, workload_external_words,                                       \
        "what bytes outside of the heap count as: in triggers, in none, or there and in the limit")

/* The one workload in this process. */
extern const struct workload workload;

enum { WORKLOAD_EXIT_WRONG = 4 }; /* exit status: wrong input, or a wrong value read back */

/* Ends the process with WORKLOAD_EXIT_WRONG and one line on standard error that says what is wrong with the
 * input or with a value read back. */
__attribute__((noreturn, format(printf, 1, 2))) void workload_fail(const char *format, ...);

/* Ends the process with `status` and one line on standard error, which opens with the pair's name. */
__attribute__((noreturn, format(printf, 2, 0))) void workload_end(int status, const char *format,
                                                                  va_list values);

/* Folds a number into a checksum. The order of the numbers matters. Costs one multiplication and
 * one shift. */
static inline uint64_t checksum_add(uint64_t checksum, uint64_t number)
{
    uint64_t z = (checksum ^ number) * 0x9e3779b97f4a7c15u;
    return z ^ (z >> 29);
}

#define WORKLOAD_SHAPES(table) .shapes = table, .shape_count = sizeof table / sizeof *table

#endif
