/* SPDX-License-Identifier: MIT */
/* The same work has the same checksum, whatever collector and allocator did it: the first that did says which. */
#ifndef HARNESS_RESULTS_CHECKSUMS_H
#define HARNESS_RESULTS_CHECKSUMS_H

#include <jansson.h>

#include "harness/results/store.h"

/*
 * Compares the row's checksum with that of an earlier process with the same workload, options and seed; `known`
 * is an object that keeps them. Returns NULL when they agree. When they differ, the row's status becomes
 * "mismatch"; returns the reason, which the row names too and the caller frees. O(1).
 */
char *checksums_compare(json_t *known, struct store_row *row);

#endif
