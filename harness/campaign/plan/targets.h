/* SPDX-License-Identifier: MIT */
/* What a build must make for a matrix: the targets of the executables that it runs. Nothing need be built to
 * list them. */
#ifndef HARNESS_CAMPAIGN_PLAN_TARGETS_H
#define HARNESS_CAMPAIGN_PLAN_TARGETS_H

#include "base/text.h"
#include "harness/campaign/plan/pairs.h"
#include "harness/campaign/plan/spec.h"

/*
 * Lists the paths of the executables that a matrix runs, its baselines included, and of the files that its
 * workloads read and that the build makes (an option `file=`). Each path comes once. Checks every name.
 * Returns 0, or MESSAGE_BAD_INPUT after one line. The caller frees the list in either case.
 */
int targets_list(struct spec *spec, const struct pairs *pairs, struct text_list *ret_paths);

/*
 * Checks that all of them are built. Returns 0, or MESSAGE_BAD_INPUT after one line with the command that
 * builds what is not.
 */
int targets_check(struct spec *spec, const struct pairs *pairs);

/*
 * Prints them, and the reference program, as targets of their build, one on each line. Returns 0 or
 * MESSAGE_BAD_INPUT after one line.
 */
int targets_print(struct spec *spec, const struct pairs *pairs);

#endif
