/* SPDX-License-Identifier: MIT */
/* What machine this is, and what makes it a bad place to measure. */
#ifndef HARNESS_CAMPAIGN_MACHINE_H
#define HARNESS_CAMPAIGN_MACHINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine_check {
    const char *name; /* "governor" */
    bool good;
    char *found;  /* "powersave" */
    char *remedy; /* in words; NULL when good */
};

/* Looks at everything; `*ret_count` checks for machine_checks_free. `root` stands before every path: "" but
 * in tests. About a millisecond. */
struct machine_check *machine_checks_make(const char *root, size_t *ret_count);
void machine_checks_free(struct machine_check *checks, size_t count);

/* Whether the processor counts the instructions of this process. */
bool machine_counters_work(void);

/* Processors' time since boot, in ticks: all but idle, and what the host took away while work was waiting. */
struct machine_usage {
    uint64_t total, stolen;
};
struct machine_usage machine_usage_read(const char *root);

/* From this share on it is worth a warning. */
static const double MACHINE_STOLEN_MOST = 0.001;

/* The share stolen between two readings; 0 when nothing ran. */
double machine_stolen_share(struct machine_usage before, struct machine_usage now);

/* What the control groups of this process allow, INFINITY where nothing is said. */
struct machine_limits {
    double cpus, memory_bytes;
};
struct machine_limits machine_limits_read(const char *root);

/* The manifest's `machine`; a new reference. The host's name is given as a hash only. */
json_t *machine_describe(void);

#endif
