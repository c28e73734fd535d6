/* SPDX-License-Identifier: MIT */
/* Draws figures on a terminal: of each workload a bar for each collector. */
#ifndef HARNESS_REPORT_PLOT_TERMINAL_H
#define HARNESS_REPORT_PLOT_TERMINAL_H

#include <stdio.h>

#include "harness/report/plot-choice.h"

/* A figure, of the name that it has as a chart. */
struct plot_terminal_figure {
    const char *name, *title;
    enum run_metric metric;
};

/* THE list of figures that a terminal shows. The first is drawn where none is named. */
extern const struct plot_terminal_figure plot_terminal_figures[];
extern const size_t plot_terminal_figure_count;

/* Returns the figure of that name, or NULL. */
const struct plot_terminal_figure *plot_terminal_find(const char *name);

/*
 * Prints the figure of what is chosen: medians with their intervals of 95%, from 0 up, the least first. Each workload has a scale and a
 * unit of its own, and the cells of it that have no figure come last. The setting is
 * the one that the charts show. Says in one line where there is none. O(works x (configs^2 x blocks + configs x blocks^2)).
 */
void plot_terminal_print(const struct run *run, const struct plot_terminal_figure *figure,
                         const struct plot_choice *choice, FILE *stream);

#endif
