/* SPDX-License-Identifier: MIT */
/*
 * Whether a warm process was warm: whether the pages that it used were there before its clock started. It was
 * not where
 *
 *   - the pool of pages was empty when one was to come from it; or
 *   - it took more faults than WARMTH_FAULTS_MOST of those that its cold twin takes, and more than
 *     WARMTH_FAULTS_LEAST. Where it has no twin, the pages that were made present stand for them.
 *
 * Such a process paid for fresh pages in part, so it says neither what a collector takes without them nor with
 * them. It is kept and counts, and whoever shows its figure marks it.
 */
#ifndef HARNESS_RESULTS_WARMTH_H
#define HARNESS_RESULTS_WARMTH_H

#include <stdbool.h>

#include "harness/results/store.h"

/* The share of the cold twin's faults that a warm process may have. */
#define WARMTH_FAULTS_MOST 0.01

/*
 * So many faults make no process cold: at 13 to 50 microseconds for each they take 3 milliseconds at most. A
 * process of few pages has such a number from the first use of its stack and of the C library.
 */
enum { WARMTH_FAULTS_LEAST = 64 };

/* The faults of the workload, minor and major; NaN where the row does not say. */
double warmth_faults(const struct store_row *row);

/*
 * Whether the row is of a warm process that was not warm. `cold_faults` are those of its cold twin; NaN where it
 * has none. False where the row does not say.
 */
bool warmth_is_lacking(const struct store_row *row, double cold_faults);

#endif
