/* SPDX-License-Identifier: MIT */
/* Writes figures as people read them: the terminal and the page use the same words. */
#ifndef HARNESS_REPORT_FIGURE_H
#define HARNESS_REPORT_FIGURE_H

#include <jansson.h>

#include "harness/analysis/normalise.h"

enum { FIGURE_TEXT = 64 }; /* room for any of the texts */

/*
 * Writes a ratio in three digits, as in "1.34", "12.9" and "354"; "n/a" for NaN, and "n/a (over 0)" where it is
 * infinite, because what it is over is 0.
 */
void figure_ratio(double ratio, char ret_text[FIGURE_TEXT]);

/* Write three digits and a unit, as in "812 kB" and "1.2 ms"; "n/a" for NaN. A kB is 1000 bytes. */
void figure_bytes(double bytes, char ret_text[FIGURE_TEXT]);
void figure_time(double ns, char ret_text[FIGURE_TEXT]);

/* Writes a value of a metric in its unit: a time, a size, a count or a share. */
void figure_of_metric(double value, enum run_metric metric, char ret_text[FIGURE_TEXT]);

/* A unit that many figures share, so that it is written once. All zeros: each figure has a unit of its own. */
struct figure_unit {
    double step; /* ns, bytes, or whatever the metric counts in */
    const char *name;
};

/*
 * Returns the unit in which the middle one of the values has one to three digits before its point. NaN among
 * them is left out. The values are of the metric. O(count log count).
 */
struct figure_unit figure_unit_of(enum run_metric metric, const double *values, size_t count);

/* Writes a value of the metric, in three digits and without the name of the unit; with it where the unit is none. */
void figure_in_unit(double value, enum run_metric metric, struct figure_unit unit,
                    char ret_text[FIGURE_TEXT]);

/* Write three decimals below 10, as in "1.003", for comparisons in which a percent counts. */
void figure_fine_ratio(double ratio, char ret_text[FIGURE_TEXT]);
void figure_fine_interval(struct bootstrap_interval interval, char ret_text[FIGURE_TEXT]);

/*
 * Writes an interval, as in "1.31–1.38" and "1.31–no end"; "" without an interval, where both ends are
 * infinite, and for one that is the point 1.
 */
void figure_interval(struct bootstrap_interval interval, char ret_text[FIGURE_TEXT]);

/* Returns the figure as JSON: a number, or null where it is not finite. A new reference. */
json_t *figure_json(double value);

/* The mark after the figure of one that may be the best: none is shown to be better. */
#define FIGURE_MAY_BE_BEST "*"

/* The mark after a quantile of fewer pauses than it needs (tables_is_longest()), and what it means, a line. */
#define FIGURE_LONGEST "^"
#define FIGURE_LONGEST_MEANS "^ of fewer pauses than the quantile needs: the longest of them.\n"

/* Returns the mark of a cell's figure: that of its role, and "°" where a process of a warm cell was not warm. */
const char *figure_cell_mark(const struct run_cell *cell);

/* Returns the mark after a figure that cannot be the best: "†" leaves garbage, "‡" frees nothing; else "". */
const char *figure_mark(enum run_role role);

#endif
