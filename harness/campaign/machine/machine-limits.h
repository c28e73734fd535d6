/* SPDX-License-Identifier: MIT */
/* What the control groups of this process allow, in either version of their files. */
#ifndef HARNESS_CAMPAIGN_MACHINE_MACHINE_LIMITS_H
#define HARNESS_CAMPAIGN_MACHINE_MACHINE_LIMITS_H

#include <jansson.h>

/* INFINITY where nothing is said. */
struct machine_limits {
    double cpus, memory_bytes;
};

/*
 * Reads the smallest limits from the process's group up to the root. `root` stands before every path: "" but
 * in tests.
 */
struct machine_limits machine_limits_read(const char *root);

/* The same for the manifest, with the processors that this process may run on; a new reference. */
json_t *machine_limits_describe(const char *root);

#endif
