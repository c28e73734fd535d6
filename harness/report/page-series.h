/* SPDX-License-Identifier: MIT */
/*
 * The long tables of a run inside its page: lines that are drawn, such as the heap over time.
 *
 *      {"columns": ["allocated_bytes", "heap_bytes"],
 *       "lines": [{"setting": "glibc", "row": 0, "series": 2, "kind": "all",
 *                  "points": 500, "values": [[...], [...]]}]}
 *
 * A line is the rows that have the same setting, row, series and kind, one after the other. The page holds no
 * more points of a table than its budget, evenly over the lines. A line that has more is thinned: of each stretch
 * the lowest and the highest point stay, so no peak is lost. "points" are those of the table. Values are rounded
 * to five digits, or seven in the window, and a column that has a unit counts in it: its first value, and then the
 * steps from one to the next.
 */
#ifndef HARNESS_REPORT_PAGE_SERIES_H
#define HARNESS_REPORT_PAGE_SERIES_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/report/table.h"

/* Whether the table is one of lines. O(tables of lines). */
bool page_series_has(const char *name);

/* Writes a table of lines as `"name":{...}`. O(size). */
void page_series_write(FILE *page, const struct table *table);

#endif
