/* SPDX-License-Identifier: MIT */
/* The manifest of a run: the plan, the machine, and the hashes and versions of all that takes part. */
#ifndef HARNESS_CAMPAIGN_DESCRIPTION_H
#define HARNESS_CAMPAIGN_DESCRIPTION_H

#include "harness/campaign/plan/layout.h"
#include "harness/campaign/plan/plan.h"
#include "harness/campaign/process/measure.h"

/*
 * Makes the manifest of a run that starts now. Runs a `null` cell on each allocator, to learn which object
 * and version own malloc there. Returns 0 and a new reference; or a status after one line, when a preload
 * failed or an executable cannot be read.
 */
int description_make(const struct spec *spec, const struct plan *plan, const struct measure_tools *tools,
                     const struct layouts *layouts, json_t **ret_manifest);

/*
 * The part of the manifest by which decisions are made: `blocks`, `design` and `cells`, without the groups of
 * workloads. A new reference. O(cells²).
 */
json_t *description_plan(const struct spec *spec, const struct plan *plan);

/*
 * Adds the SHA-256 of every executable of the plan to `binaries`, under its name. Returns 0, or
 * MESSAGE_BAD_INPUT after one line. O(size of the executables), a fraction of a second for all pairs.
 */
int description_binaries_add(const struct plan *plan, json_t *binaries);

/*
 * Returns a sentence for the caller to free where the plan has two builds, and all their executables have the
 * same bytes by the digests of `binaries`; else NULL. O(cells).
 */
char *description_same_builds(const struct plan *plan, const json_t *binaries);

/* Says that sentence of a plan that is to run. Returns 0 or a status after one line. O(bytes of the executables). */
int description_same_builds_say(const struct plan *plan);

/*
 * Runs a pair once on an allocator and reads `{object, version}` from its record. Returns 0 and a new
 * reference, or a status after one line.
 */
int description_allocator_try(const char *pair, const struct allocator *allocator, json_t **ret_allocator);

#endif
