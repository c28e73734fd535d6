/* SPDX-License-Identifier: MIT */
/*
 * Runs a program under the collector of this process and notes at which operation each object is freed.
 *
 * Most collectors are seen to free: their calls come to hooks.h. Of one that moves, and of any whose frees
 * were not all seen, it is inferred: when as many objects and bytes went as were dead and not yet freed, it
 * was those. What is noted must agree with the collector's own counts after every operation, and be dead;
 * else the run ends.
 */
#ifndef HARNESS_LIFETIMES_WATCH_H
#define HARNESS_LIFETIMES_WATCH_H

#include "harness/lifetimes/lifetimes.h"
#include "program/deaths.h"

struct watch_result {
    struct lifetimes_object *objects; /* those that died, in the order of creation: to be freed */
    size_t count;
    struct lifetimes_moment end;
    uint64_t collections;
};

/* Called with one line when something does not agree. Does not return. */
typedef __attribute__((noreturn)) void (*watch_failure)(const char *line);

/*
 * `plain` and its deaths and its clock, as deaths.h has them; `options` are the collector's, as text. Once
 * per process. Returns 0, or -1 without memory.
 */
int watch_run(const struct program *plain, const struct deaths *deaths, const uint64_t *clock,
              const char *options, watch_failure failed, struct watch_result *ret_result);

#endif
