/* SPDX-License-Identifier: MIT */
#ifndef HARNESS_REPORT_PAGE_LATENCY_H
#define HARNESS_REPORT_PAGE_LATENCY_H

#include <stdio.h>

#include "harness/report/tables-latency.h"

/* Writes a table of the workloads that serve requests in a setting, or nothing where there is none. */
void page_latency(FILE *page, const struct run *run, size_t setting, const struct tables_latency *latencies);

#endif
