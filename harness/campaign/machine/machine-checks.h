/* SPDX-License-Identifier: MIT */
/* What makes a machine a bad place to measure: one check for each thing, which says what to do about it. */
#ifndef HARNESS_CAMPAIGN_MACHINE_MACHINE_CHECKS_H
#define HARNESS_CAMPAIGN_MACHINE_MACHINE_CHECKS_H

#include <stdbool.h>
#include <stddef.h>

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

#endif
