/* SPDX-License-Identifier: MIT */
/* Runs the reference program (reference-program.c), and says which program it is. */
#ifndef HARNESS_CAMPAIGN_MACHINE_REFERENCE_RUN_H
#define HARNESS_CAMPAIGN_MACHINE_REFERENCE_RUN_H

#include <jansson.h>
#include <sched.h>

#include "harness/results/reference.h"

/*
 * The path of the program, which the caller frees: beside this program, as the build makes it, or where an
 * installation puts it. NULL after one line with the remedy.
 */
char *reference_program_find(void);

/*
 * Runs it once on `processors` (NULL: anywhere), with addresses that are not randomised and an environment
 * like that of a measured process, but for what layouts add. Fills all of the row but its block. Returns 0,
 * MESSAGE_INTERRUPTED, or MESSAGE_FAILED_CELLS with the reason in `*ret_reason`, which the caller frees. One
 * that is killed is no failure before it was killed STORE_ATTEMPTS times. About 0.13 s.
 */
int reference_program_run(const char *path, const cpu_set_t *processors, struct reference_row *ret_row,
                          char **ret_reason);

/* `{binary_sha256, source_sha256, interval_ns, differs}` for the manifest; a new reference, or NULL when the
 * program cannot be read. */
json_t *reference_program_describe(const char *path);

#endif
