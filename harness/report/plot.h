/* SPDX-License-Identifier: MIT */
/* Draws the charts: gnuplot runs the scripts of plots/ on the tables. */
#ifndef HARNESS_REPORT_PLOT_H
#define HARNESS_REPORT_PLOT_H

#include <stdbool.h>

#include "harness/report/plot-choice.h"
#include "harness/report/tables.h"
#include "harness/results/files.h"

/* The settings of which the table must have rows. */
enum plot_settings {
    PLOT_FRONT,  /* the one that is drawn */
    PLOT_MEMORY, /* that one, or the same allocator with the other memory */
    PLOT_ALL,    /* any */
};

/* What the panels of a figure are of. */
enum plot_panels {
    PLOT_OF_WORKS,   /* workloads, side by side; or rows of one plot */
    PLOT_OF_CELLS,   /* cells: those of a workload in rows, and workloads one below the other */
    PLOT_OF_CONFIGS, /* configs, in each of which a workload has a row */
    PLOT_OF_FAMILIES /* workloads that ran at several sizes, side by side: they take the place of works */
};

/* The room that a figure takes, in px. A figure of which all is 0 is one chart, however many workloads it has. */
struct plot_shape {
    int room;  /* that a panel needs across; as many as fit stand side by side */
    int most;  /* but so many at most */
    int fixed; /* that a workload, or a row of panels, takes down */
    int each; /* and for each config; or for each row of panels of cells; or in each panel of a config for each
                  workload and setting */
    int lines; /* that a panel has in colour at most; of more a workload has several panels. 0: any number */
    enum plot_panels panels;
    bool keyed; /* it has the key of the configs */
    bool means; /* below the last workload is a row of means */
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
    const char *columns;           /* of their columns those that are read, with blanks between, the last of
                                      them empty in no row; NULL: all */
    const char *key;               /* their column that tells lines apart: "series" or "curve"; NULL: none */
    const char *kinds; /* what their column `kind` tells apart, with blanks between: rows of others
                                      are not read; NULL: nothing */
    const char *whole[PLOT_WHOLE]; /* tables of which each chart reads all workloads, in its setting */
    const char *of;                /* of all these rows those with this in the column `metric`; NULL: any */
    enum files_kind raw;           /* the raw files that the figure shows; FILES_RECORD: none */
    struct plot_shape shape;
    /* Whether the figure shows the work in the setting that is drawn; NULL: it shows all that have rows. */
    bool (*draws)(const struct run *run, size_t setting, size_t work);
    const char *
        absent; /* why a run may have nothing to draw, beside that its table has no rows; NULL: no other reason */
    bool grows; /* it shows workloads at several sizes (harness/analysis/growth.h): only if the run has one */
    bool shown; /* Markdown shows it (picture.h), so it is drawn as PNG, whatever is asked for */
};

/* What charts are made for. */
struct plot_medium {
    const char *folder;     /* of the run, where they go that show all of it */
    int width;              /* px; on paper 4 px are 1 mm */
    int height;             /* px of a page: a chart is no taller */
    int frame;              /* px of a chart that title, axis and caption take */
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

/* The folder of a run where charts go that do not show all of it. */
#define PLOT_CHOSEN_FOLDER "chosen"

/* Removes the charts of an earlier choice. Returns 0, or a status after one line. O(charts). */
int plot_chosen_clear(const struct run *run);

/*
 * Makes the folder where the user wants charts. Returns 0; or a status after one line, also where it is the run's own or
 * has the charts that the page shows. O(1).
 */
int plot_output_check(const struct run *run, const char *output);

/* By what, for what, and of what charts are drawn. */
struct plot_way {
    const char *gnuplot; /* the program's path, from gnuplot_find() */
    const struct plot_medium *medium;
    const struct plot_choice *choice;
    const char
        *output; /* the folder where they go, which is made where it is missing; NULL: one of the run */
    bool png;    /* as PNG, too */
};

/* Whether the figure shows the work, by its place in the run. O(configs), or what figure->draws() takes. */
bool plot_draws(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
                size_t work);

/* Whether the run has anything to draw of what is chosen, but that its cells may have kept no rows of raw files. */
bool plot_has_data(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
                   const struct plot_choice *choice);

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
