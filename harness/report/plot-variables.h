/* SPDX-License-Identifier: MIT */
#ifndef HARNESS_REPORT_PLOT_VARIABLES_H
#define HARNESS_REPORT_PLOT_VARIABLES_H

#include "harness/report/plot-parts.h"

/*
 * Returns the definitions of all variables of a chart's script, which plots/style.gp lists, and its data blocks, as
 * commands of gnuplot. The width is in px. The caller frees them. O(works x configs x cells + rows of the blocks).
 */
char *plot_variables(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
                     const struct plot_data *data, const struct plot_part *part, int width,
                     const char *format);

#endif
