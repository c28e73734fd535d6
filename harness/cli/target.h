/* SPDX-License-Identifier: MIT */
/* One pair on one allocator, found by the names that a person gives. */
#ifndef HARNESS_CLI_TARGET_H
#define HARNESS_CLI_TARGET_H

#include "harness/campaign/process/allocator.h"

/* A pair, its options and its allocator, found and checked. */
struct target {
    char *workload, *workload_options, *collector, *collector_options;
    char *pair; /* path of the executable */
    struct allocator allocator;
};

/*
 * Finds a workload and a collector by NAME[:OPTIONS], and an allocator by its name. Without a workload (NULL) it
 * finds `replay`, to which the caller gives the program itself. Returns 0, or
 * MESSAGE_BAD_INPUT after one line that begins with `command`. The caller calls target_free() in either case.
 */
int target_find(const char *command, const char *workload, const char *collector, const char *allocator,
                struct target *ret_target);
void target_free(struct target *target);

/*
 * Checks the names of a workload and of so many collectors, each NAME[:OPTIONS], and that their pairs are built. Of a
 * wrong name, or of several pairs that are not built, it returns MESSAGE_BAD_INPUT after one line, which has the command
 * that builds them all. Of one alone target_find() says more. O(collectors x pairs).
 */
int target_find_unbuilt(const char *command, const char *workload, const char *const *collectors,
                        size_t count);

#endif
