/* SPDX-License-Identifier: MIT */
/* What run.c is made of: metrics and lists. For run*.c alone. */
#ifndef HARNESS_ANALYSIS_RUN_INTERNAL_H
#define HARNESS_ANALYSIS_RUN_INTERNAL_H

#include "harness/analysis/run.h"

/* Returns the metric of a process that is ok, in the metric's unit; NaN where its row does not say it. O(1). */
double run_value_of(const struct store_row *row, enum run_metric metric);

/*
 * Fills the run's lists with the distinct works, configs and settings of its cells, and gives each cell its
 * place in them. For run_lists_free(). O(cells²).
 */
void run_lists_build(struct run *run);
void run_lists_free(struct run *run);

#endif
