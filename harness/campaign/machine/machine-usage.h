/* SPDX-License-Identifier: MIT */
/* The processors' time since boot, and the share of it that a host took away. */
#ifndef HARNESS_CAMPAIGN_MACHINE_MACHINE_USAGE_H
#define HARNESS_CAMPAIGN_MACHINE_MACHINE_USAGE_H

#include <stdint.h>

/* In ticks: all time but idle, and what the host took away while work was waiting. */
struct machine_usage {
    uint64_t total, stolen;
};

/* Reads it now; zeroes where the kernel does not say it. `root` stands before every path: "" but in tests. */
struct machine_usage machine_usage_read(const char *root);

/* From this share on it is worth a warning. */
static const double MACHINE_STOLEN_MOST = 0.001;

/* The share stolen between two readings; 0 when nothing ran. */
double machine_stolen_share(struct machine_usage before, struct machine_usage now);

#endif
