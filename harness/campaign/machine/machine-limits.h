/* SPDX-License-Identifier: MIT */
/* What the control groups of this process allow, in either version of their files. */
#ifndef HARNESS_CAMPAIGN_MACHINE_MACHINE_LIMITS_H
#define HARNESS_CAMPAIGN_MACHINE_MACHINE_LIMITS_H

/* INFINITY where nothing is said. */
struct machine_limits {
    double cpus, memory_bytes;
};

/*
 * Reads the smallest limits from the process's group up to the root. `root` stands before every path: "" but
 * in tests.
 */
struct machine_limits machine_limits_read(const char *root);

#endif
