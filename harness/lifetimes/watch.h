/* SPDX-License-Identifier: MIT */
/*
 * Runs a program under the collector of this process and notes at which operation each object is freed.
 *
 * Most collectors are seen to free, because their calls come to hooks.h. The frees of a collector that moves
 * objects, and those that were not seen, are inferred. When the objects and bytes that went are just as many
 * as were dead and not yet freed, those dead objects went.
 *
 * After every operation the notes must agree with the collector's own counts, and each noted object must be
 * dead. Else the process ends.
 */
#ifndef HARNESS_LIFETIMES_WATCH_H
#define HARNESS_LIFETIMES_WATCH_H

#include "harness/lifetimes/lifetimes.h"
#include "workloads/replay/image.h"

struct watch_result {
    /* The objects that died, in the order of creation; the caller frees them. */
    struct lifetimes_object *objects;
    size_t count;
    struct lifetimes_moment end;
    uint64_t collections;
};

/* Called with one line when the notes do not agree. Does not return. */
typedef __attribute__((noreturn)) void (*watch_failure)(const char *line);

/* Runs the program of an image that has lives. `options` are the collector's, as text. Called once per process.
 * Returns 0, or -1 without memory. Needs some 120 bytes for each object beside the image and the collector. */
int watch_run(const struct image *image, const char *options, watch_failure failed,
              struct watch_result *ret_result);

#endif
