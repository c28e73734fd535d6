/* SPDX-License-Identifier: MIT */
#ifndef HARNESS_REPORT_PLOT_VARIABLES_H
#define HARNESS_REPORT_PLOT_VARIABLES_H

#include "harness/report/plot-parts.h"

/*
 * Return the variables of a chart's script, which plots/style.gp lists, and its data blocks, as commands of gnuplot:
 * first what all charts of the figure share, and then what a chart for the medium in the format has besides. The
 * caller frees both. O(works x configs x cells + processes + rows of whole tables); O(works x configs + rows of the
 * chart's works).
 */
char *plot_variables_figure(const struct plot_figure *figure, const struct run *run,
                            const struct tables *tables, const struct plot_choice *choice,
                            const struct plot_data *data);
char *plot_variables_chart(const struct plot_figure *figure, const struct plot_data *data,
                           const struct plot_part *part, const struct plot_medium *medium,
                           const char *format);

#endif
