/* SPDX-License-Identifier: MIT */
/* Charts: gnuplot runs the scripts of plots/ on the tables. */
#ifndef HARNESS_REPORT_PLOT_H
#define HARNESS_REPORT_PLOT_H

#include <stdbool.h>

#include "harness/report/tables.h"

/* A figure, drawn by plots/<name>.gp. */
struct plot_figure {
    const char *name;
    const char *heading; /* on the page */
    const char *title;   /* a sentence that says what is drawn */
    const char *label;   /* for who cannot see it */
    const char *table;   /* without rows in this table there is nothing to draw */
    int normalised;      /* nor without a ratio in this one of the normalised tables, where not 0 */
};

/* THE list of figures, in the order of the report. */
extern const struct plot_figure plot_figures[];
extern const size_t plot_figure_count;

/* The figure of that name, or NULL. */
const struct plot_figure *plot_find(const char *name);

/* Whether there is anything to draw. */
bool plot_has_data(const struct plot_figure *figure, const struct run *run, const struct tables *tables);

/* Returns 0 when gnuplot can be run; or MESSAGE_BAD_INPUT after one line that names the package. */
int plot_check_gnuplot(void);

/*
 * Draws <folder>/charts/<name>.svg and .png from <folder>/tables/, which must have been written. Returns 0;
 * or MESSAGE_BAD_INPUT or MESSAGE_STORAGE after one line.
 */
int plot_draw(const struct plot_figure *figure, const struct run *run, const struct tables *tables);

#endif
