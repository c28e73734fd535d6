/* SPDX-License-Identifier: MIT */
/* Draws the charts: gnuplot runs the scripts of plots/ on the tables. */
#ifndef HARNESS_REPORT_PLOT_H
#define HARNESS_REPORT_PLOT_H

#include <stdbool.h>

#include "harness/report/tables.h"
#include "harness/results/files.h"

/* The settings of which the table must have rows. */
enum plot_settings {
    PLOT_FRONT,  /* the one that is drawn */
    PLOT_MEMORY, /* that one, or the same allocator with the other memory */
    PLOT_ALL,    /* any */
};

/* The room that a figure takes, in px. A figure of which all is 0 is one chart, however many workloads it has. */
struct plot_shape {
    int room;  /* that a panel needs across; as many as fit stand side by side, three at most */
    int fixed; /* that a workload, or a row of panels, takes down */
    int each;  /* and for each config; or for each row of panels, where they are of configs */
    int lines; /* that a panel has in colour at most; of more a workload has several panels. 0: any number */
    bool by_config; /* panels are of configs, and workloads stand one below the other */
};

/* A figure has lines of so many tables at most, and reads so many whole. */
enum { PLOT_LINES = 4, PLOT_WHOLE = 2 };

/* A figure, drawn by plots/<name>.gp. */
struct plot_figure {
    const char *name;
    const char *heading; /* on the page */
    const char *title;   /* in the chart: says what is drawn */
    const char *label;   /* describes the chart to readers who cannot see it */
    const char *table;   /* a figure is drawn only if this table has rows */
    int ratios;          /* not 0: only if this one of the normalised tables has a ratio too */
    enum plot_settings settings;
    enum run_metric metric;        /* the setting that is drawn has it: tables_front_of() */
    const char *lines[PLOT_LINES]; /* tables of which each panel reads its own rows (plot-data.h); the first
                                      says which workloads there are. NULL: the figure has all workloads */
    const char *columns;           /* of their columns those that are read, with blanks between; NULL: all */
    const char *key;               /* their column that tells lines apart: "series" or "curve"; NULL: none */
    const char *whole[PLOT_WHOLE]; /* tables of which each chart reads all workloads, in its setting */
    const char *of;                /* of these rows those with this in the column `metric`; NULL: any */
    enum files_kind raw;           /* the raw files that the figure shows; FILES_RECORD: none */
    struct plot_shape shape;
    bool grows; /* it shows workloads at several sizes (harness/analysis/growth.h): only if the run has one */
    bool shown; /* Markdown shows it (picture.h), so it is drawn as PNG, whatever is asked for */
};

/* What charts are made for. */
struct plot_medium {
    const char *folder; /* of the run, where they go */
    int width;          /* px; on paper 4 px are 1 mm */
    int height;         /* px that the panels of a chart take down at most: head and caption come besides */
    const char *formats[4]; /* endings of the files; NULL after the last */
    bool png_is_asked;      /* a figure is drawn as PNG where that is asked for, or where it is shown */
};

/* A screen; and a paper, of which the text has the width of one column or of two. */
extern const struct plot_medium plot_screen;
enum { PLOT_COLUMNS = 2 };
extern const struct plot_medium plot_papers[PLOT_COLUMNS];

/* THE list of figures, in the order of the report. */
extern const struct plot_figure plot_figures[];
extern const size_t plot_figure_count;

/* Returns the figure of that name, or NULL. */
const struct plot_figure *plot_find(const char *name);

/* By what, and for what, charts are drawn. */
struct plot_way {
    const char *gnuplot; /* the program's path, from gnuplot_find() */
    const struct plot_medium *medium;
    bool png; /* as PNG, too */
};

/* Whether the run has anything to draw. */
bool plot_has_data(const struct plot_figure *figure, const struct run *run, const struct tables *tables);

/*
 * Draws the figure from <run>/tables/, as <name> in each format of the medium that is wanted; or, where it has more
 * workloads than fit on a page, as <name>-1, <name>-2 and so on. It prints their paths, and removes what an earlier
 * drawing of that figure for the medium left besides: charts of another division, and a PNG that is not drawn anew. The
 * tables must have been written. Returns 0, and the number of charts in `ret_charts`; 1 after one line where gnuplot
 * failed; or MESSAGE_STORAGE after one line.
 */
int plot_draw(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
              const struct plot_way *way, size_t *ret_charts);

/* Returns the name of a chart without its ending, by its place of `count`, from 0. The caller frees it. */
char *plot_chart_name(const struct plot_figure *figure, size_t place, size_t count);

#endif
