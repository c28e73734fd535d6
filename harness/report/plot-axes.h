/* SPDX-License-Identifier: MIT */
/*
 * What a figure of lines has to know of them before it draws any: the ranges that its charts share, and how large each
 * panel is. gnuplot would read every line once more for it, in each chart.
 */
#ifndef HARNESS_REPORT_PLOT_AXES_H
#define HARNESS_REPORT_PLOT_AXES_H

#include "harness/report/plot-parts.h"

/*
 * Makes what the lines of a figure need that their table has not: the envelopes of utilisation; and where a curve of one
 * figure stands, which is at the median. O(rows of the figure's first table).
 */
void plot_axes_make(struct plot_data *data);

/*
 * Write variables of plots/style.gp as commands of gnuplot: those of a figure, and those of one of its charts. They
 * write nothing of a figure that has none. O(rows of the figure's first table); O(rows of the chart's works).
 */
void plot_axes_write(FILE *stream, const struct plot_figure *figure, const struct plot_data *data);
void plot_axes_write_part(FILE *stream, const struct plot_figure *figure, const struct plot_data *data,
                          const struct plot_part *part);

#endif
