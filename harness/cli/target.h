/* SPDX-License-Identifier: MIT */
/* One pair on one allocator, as a person names it. */
#ifndef HARNESS_CLI_TARGET_H
#define HARNESS_CLI_TARGET_H

#include "harness/campaign/allocator.h"

/* What is run, found and checked. */
struct target {
    char *workload, *workload_options, *collector, *collector_options;
    char *pair; /* path of the executable */
    struct allocator allocator;
};

/*
 * Finds what is meant by NAME[:OPTIONS] of a workload and a collector, and by an allocator's name. Returns 0,
 * or MESSAGE_BAD_INPUT after one line that opens with `command`; target_free is for both.
 */
int target_find(const char *command, const char *workload, const char *collector, const char *allocator,
                struct target *ret_target);
void target_free(struct target *target);

#endif
