/* SPDX-License-Identifier: MIT */
/* Draws the charts: gnuplot runs the scripts of plots/ on the tables. */
#ifndef HARNESS_REPORT_PLOT_H
#define HARNESS_REPORT_PLOT_H

#include <stdbool.h>

#include "harness/report/tables.h"

/* A figure, drawn by plots/<name>.gp. */
/* The settings of which the table must have rows. */
enum plot_settings {
    PLOT_FRONT,  /* the one that is drawn */
    PLOT_MEMORY, /* that one, or the same allocator with the other memory */
    PLOT_ALL,    /* any */
};

struct plot_figure {
    const char *name;
    const char *heading; /* on the page */
    const char *title;   /* in the chart: says what is drawn */
    const char *label;   /* describes the chart to readers who cannot see it */
    const char *table;   /* a figure is drawn only if this table has rows */
    int ratios;          /* not 0: only if this one of the normalised tables has a ratio too */
    enum plot_settings settings;
    enum run_metric metric; /* the setting that is drawn has it: tables_front_of() */
};

/* THE list of figures, in the order of the report. */
extern const struct plot_figure plot_figures[];
extern const size_t plot_figure_count;

/* Returns the figure of that name, or NULL. */
const struct plot_figure *plot_find(const char *name);

/* Whether the run has anything to draw. */
bool plot_has_data(const struct plot_figure *figure, const struct run *run, const struct tables *tables);

/*
 * Draws <folder>/charts/<name>.svg and .png from <folder>/tables/ by the program at the path `gnuplot`
 * (gnuplot_find()). The tables must have been written. Returns 0; 1 after one line where gnuplot failed; or
 * MESSAGE_STORAGE after one line.
 */
int plot_draw(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
              const char *gnuplot);

#endif
