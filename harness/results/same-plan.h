/* SPDX-License-Identifier: MIT */
/* Whether two manifests describe the same plan, of the same executables. */
#ifndef HARNESS_RESULTS_SAME_PLAN_H
#define HARNESS_RESULTS_SAME_PLAN_H

#include <jansson.h>

/*
 * Returns NULL where both checked manifests plan the same processes, and make them of the same executables and
 * allocators. Else what differs, in words, as in "the seed differs", for the caller to free. How looks share
 * alpha, the budget and the baseline may differ. O(size of the manifests).
 */
char *same_plan_difference(const json_t *now, const json_t *then);

/*
 * Returns the first key in which two manifests describe another machine ("cpu", "kernel" and so on); NULL where
 * all are the same. The load, the settings and the name of the machine may differ. O(1).
 */
const char *same_plan_machine_difference(const json_t *now, const json_t *then);

#endif
