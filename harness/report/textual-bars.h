/* SPDX-License-Identifier: MIT */
/*
 * Bars in a table of text. A column holds bars, and above them the labels of their scale:
 *
 *     collector  x rc   0.5           1           2
 *     rc        1.000                 |
 *     semispace 0.612      ---==######|
 *
 * A column may hold several scales, one below the other. Each begins with its axis.
 */
#ifndef HARNESS_REPORT_TEXTUAL_BARS_H
#define HARNESS_REPORT_TEXTUAL_BARS_H

#include "harness/report/textual.h"

/* Adds the axis of the bars that follow in this column, up to the next axis. */
void textual_add_axis(struct textual *table, double origin, bool of_ratios);

/* Adds a bar. One without a value is an empty one. */
void textual_add_bar(struct textual *table, struct bar bar);

/*
 * Makes texts of all axes and bars, once all fields of the table are there. They take what the other columns leave
 * of the stream's line, which has 80 columns where there is no terminal: 20 at least, and 60 at most. O(fields).
 */
void textual_draw_bars(struct textual *table, FILE *stream);

/* Prints a sentence that says what the signs of a bar mean: where the interval is, and where the `figure` is. */
void textual_print_key(const char *figure, FILE *stream);

#endif
