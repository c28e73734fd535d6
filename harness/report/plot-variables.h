/* SPDX-License-Identifier: MIT */
#ifndef HARNESS_REPORT_PLOT_VARIABLES_H
#define HARNESS_REPORT_PLOT_VARIABLES_H

#include "harness/report/plot.h"

/*
 * Returns the definitions of all variables of a figure's script, which plots/style.gp lists, as commands of
 * gnuplot. The caller frees them. O(works x configs x cells).
 */
char *plot_variables(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
                     const char *format);

#endif
