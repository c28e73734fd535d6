/* SPDX-License-Identifier: MIT */
/*
 * Draws series of a history over their commits: a panel for each, by plots/history.gp. A time's panels begin with the
 * reference program's, which shows the machine alone.
 *
 * A point is what series.h makes of a commit, over the first one of its panel. A change is an upright line before its
 * commit, which names it; a band where a neighbouring commit may be meant.
 */
#ifndef HARNESS_HISTORY_CHART_H
#define HARNESS_HISTORY_CHART_H

#include "harness/history/series.h"

/* Cells that a chart has at most. Those that changed come first, where there are more. */
enum { HISTORY_CHART_MOST = 36 };

/* Returns the format that the file's ending asks for: "svg", "png" or "pdf"; NULL: none of them. O(length). */
const char *history_chart_format(const char *path);

/*
 * Draws the series of `count` views, of one metric, whose cells have `part` in their names; all where it is NULL. Returns
 * 0; or, after one line, MESSAGE_BAD_INPUT where the path or a missing gnuplot is to blame, MESSAGE_STORAGE where the disk
 * or gnuplot is, or MESSAGE_INTERRUPTED. O(series x (entries + changes²)).
 */
int history_chart_draw(const struct history_view *views, size_t count, const char *part, const char *path);

#endif
