/* SPDX-License-Identifier: MIT */
/*
 * What the harness calls of a collector, once per process and out of line. Each collector.c defines all of
 * it.
 */
#ifndef COLLECTORS_COLLECTOR_API_H
#define COLLECTORS_COLLECTOR_API_H

#include "base/options.h"
#include "collectors/mutator.h"
#include "collectors/traits.h"

struct gc_collector {
    const char *name;
    const char *group;   /* "baseline", "counting", "tracing", "truth" */
    const char *summary; /* one line */
    const struct gc_traits *traits;
    uint64_t mutator_bytes; /* of the collector's struct that begins with struct gc_mutator */
    const struct option_table *options;
    /* What a collector that observes has to say: one JSON object, new, for the record's `truth`; or NULL. */
    struct json_t *(*truth)(struct gc_mutator *mutator);
    /* What counting alone would hold now, asked after a full collection, for one that knows; or NULL. */
    void (*counted)(struct gc_mutator *mutator, uint64_t *ret_objects, uint64_t *ret_bytes);
};

/* The one collector in this process. */
extern const struct gc_collector gc_collector;

/*
 * Begins with an empty heap: `mutator` is zeroed memory of `mutator_bytes` with the part every collector has
 * filled in; `options` is the struct its option table describes, and stays. Sets `poll_at`.
 */
void gc_collector_start(struct gc_mutator *mutator, const void *options);

/* Asked when the allocation clock reaches `poll_at`: collects if it is time to. Returns the next `poll_at`.
 */
uint64_t gc_collector_poll(struct gc_mutator *mutator);

/*
 * Recomputes every invariant the collector has over its own structures (lists, buffers, colours, counts
 * against a recount where it can enumerate) and traps with a line on standard error at the first that does
 * not hold. Between operations only. O(heap).
 */
void gc_collector_check(struct gc_mutator *mutator);

/* `del` of each of the module's names. Defined for every collector by contract.c. [drops] */
void gc_globals_drop(struct gc_mutator *mutator);

/* Frees the collector's own tables. Objects still held are not visited; every frame has been left. */
void gc_collector_stop(struct gc_mutator *mutator);

#endif
