/* SPDX-License-Identifier: MIT */
/* What is kept of a finding: the program, shrunk, as .gcp and as text that says how to run it again. */
#ifndef HARNESS_STRESS_KEEP_H
#define HARNESS_STRESS_KEEP_H

#include "harness/stress/driver.h"

struct kept {
    char *path;    /* of the text; without .txt, of the program */
    char *command; /* that runs it again */
    uint64_t operations;
    uint64_t runs;
    bool reproduced; /* by itself; if not, it is as it was found */
};

/*
 * Makes the finding's program again, shrinks it for `seconds` at most, and writes it to `folder`, which is
 * made if need be. Returns 0 and what kept_free() frees, or MESSAGE_STORAGE after one line.
 */
int keep_finding(const struct worker *truth, const struct driver_finding *finding, const char *folder,
                 double seconds, struct kept *ret_kept);
void kept_free(struct kept *kept);

#endif
