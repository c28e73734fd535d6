/* SPDX-License-Identifier: MIT */
/* The run itself as the page has it: its lists, the processes behind each cell, and the trades of its collectors. */
#ifndef HARNESS_REPORT_PAGE_RUN_H
#define HARNESS_REPORT_PAGE_RUN_H

#include <jansson.h>

#include "harness/report/tables.h"

/*
 * Returns an object with the name, the dates, the lists of workloads, collectors and settings, the front setting,
 * the baseline, the warnings, the machine and the versions. A new reference. O(cells).
 */
json_t *page_run_json(const struct run *run, const struct tables *tables);

/*
 * Returns a list of the cells that take part in comparisons: the places of each in the run's lists, and the ids
 * of the processes that count. A new reference. O(cells x blocks).
 */
json_t *page_cells_json(const struct run *run);

/*
 * Returns the trades (harness/analysis/trade.h): members, works, what was measured, and for each of wall time,
 * peak memory and longest pause the ratios [ratio, low, high] of each member, last its own value. A new reference.
 */
json_t *page_trade_json(const struct trade *trade);

/*
 * Returns a list of the trades of each setting; null for the front, whose trades the tables hold, and for one in which
 * nothing is shared. A metric that the setting has not comes from the setting that stands for it. A new reference.
 * O(settings x configs² x works x blocks).
 */
json_t *page_trades_json(const struct run *run, const struct tables *tables);

#endif
