/* SPDX-License-Identifier: MIT */
/* Finds the collectors of a run that only observe, as `census` does: their times mean nothing. */
#ifndef HARNESS_ANALYSIS_OBSERVERS_H
#define HARNESS_ANALYSIS_OBSERVERS_H

#include "harness/results/store.h"

/*
 * Whether the collector called `collector` only observes. Its first record says so. In a run handed on
 * without records the table cells.csv says so. False where neither is there. O(rows).
 */
bool observers_include(const struct store *store, const char *collector);

#endif
