/* SPDX-License-Identifier: MIT */
/* Draws what an overview comes to as bars: the trade that each collector makes. */
#ifndef HARNESS_REPORT_OVERVIEW_BARS_H
#define HARNESS_REPORT_OVERVIEW_BARS_H

#include <stdio.h>

#include "harness/analysis/run.h"

/*
 * Prints geometric means over the shared workloads (trade.h), as ratios to the least of a collector that did the whole
 * job: a bar for each collector, the least first. There are bars of wall time, peak memory and the longest pause where
 * `metric` is RUN_METRICS, and else of that metric alone. Prints nothing where no workload is shared, or the metric is
 * another one.
 */
void overview_bars_print(const struct run *run, enum run_metric metric, FILE *stream);

#endif
