/* SPDX-License-Identifier: MIT */
/*
 * An entry in the formats of services that follow benchmarks over commits.
 *
 *      bencher                     Bencher Metric Format: an object of benchmarks, each an object of measures
 *                                  (bencher.dev/docs/reference/bencher-metric-format)
 *      github-action-benchmark     the tool "customSmallerIsBetter": an array of entries
 *                                  (github.com/benchmark-action/github-action-benchmark)
 *
 * In both a benchmark is a cell, by history_cell_name(). Times are there as measured, and over the reference program's,
 * which holds from one machine of a kind to the next. Instructions are whole. A figure that is missing is left out.
 */
#ifndef HARNESS_HISTORY_EXPORT_H
#define HARNESS_HISTORY_EXPORT_H

#include <jansson.h>

#include "harness/history/entry.h"

/* Return the entry in a format. New references. O(cells). */
json_t *export_bencher(const struct history_entry *entry);
json_t *export_github_action_benchmark(const struct history_entry *entry);

#endif
