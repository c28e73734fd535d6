/* SPDX-License-Identifier: MIT */
/*
 * The rows that a figure is drawn from, as data blocks of gnuplot. A panel reads its block and no more: gnuplot has
 * no index of a file, and would read all of a table for each panel, and each line of it.
 *
 *      $heap_7_3 << ROWS
 *      other,row,series,role,time_ns,...
 *      0,7,3,reclaims,343,...
 *      ROWS
 *
 * A name has the table and the row, and the series (or curve) where the figure draws lines; and, where these lines are
 * of several kinds, the kind: $pause_curve_7_3_all. A block of a whole table, such as $means, has the table's name
 * alone: the rows of all workloads, of which charts take their common axis. A block has the columns of its table from
 * `row` on, or from `series` where it has no row, or those that its figure names. So no name of a workload or a collector
 * stands in it. `other` is 1 where the row is of the same allocator with the other memory: each line begins with a digit,
 * and none can end the block. Rows, series and curves are those of the choice (plot-choice.h), and so are all places here.
 */
#ifndef HARNESS_REPORT_PLOT_DATA_H
#define HARNESS_REPORT_PLOT_DATA_H

#include <stdio.h>

#include "harness/report/page-tables.h"
#include "harness/report/plot-choice.h"
#include "harness/report/plot.h"

/* A row of a table that is drawn: where it goes. */
struct plot_row {
    size_t work, key, kind; /* key: the series or the curve; 0 where blocks have none, and so of kinds */
    size_t series, curve;   /* 0 where the table has none */
    size_t row;             /* of the table */
    bool other;
};

/* Columns that say where a row goes; fields.columns for one that the table lacks. */
struct plot_columns {
    size_t row, series, curve, kind, metric;
};

/* The rows of one table that are drawn, by work, key and kind; of a whole table in its order. */
struct plot_rows {
    const char *table;
    struct page_fields fields;
    struct plot_columns at;
    size_t *columns; /* that blocks have */
    size_t column_count;
    bool keyed;        /* blocks are of a key each */
    const char *kinds; /* and of one of these kinds, with blanks between; NULL: of all together */
    struct plot_row *rows;
    size_t count;
    double *
        least; /* of each row that is drawn, in a column after the others (plot-axes.h); NULL: there is no such */
};

struct plot_data {
    struct plot_rows tables[PLOT_LINES], whole[PLOT_WHOLE];
    size_t count;                 /* of the tables of lines: 0 where the figure's panels read no blocks */
    size_t whole_count;           /* of the whole tables */
    size_t works, keys, settings; /* works and configs that are shown; settings of the run */
    char **configs;               /* the names of the configs, or of curves, as the key has them: NULL after
                                     the last where these are fewer; NULL: none is known */
    bool *left_out;               /* of each work; NULL: none is */
    size_t families;              /* of a figure that grows */
    bool is_part;                 /* not all of the run is shown, and captions say so */
};

/* Returns how many workloads ran at several sizes, in the setting that is drawn. Of each, all sizes are chosen. O(works² x cells). */
size_t plot_data_families(const struct plot_figure *figure, const struct run *run,
                          const struct tables *tables, const struct plot_choice *choice);

/* Cuts the tables that the figure reads, for plot_data_free(). O(rows x log rows). */
void plot_data_make(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
                    const struct plot_choice *choice, struct plot_data *ret_data);
void plot_data_free(struct plot_data *data);

/*
 * Returns how many rows the first table has of a work; of one key, or of all where it is data->keys. Of one key they are
 * those of the first kind. O(log rows).
 */
size_t plot_data_count(const struct plot_data *data, size_t work, size_t key);

/* Returns the first of a table's rows that is not before this work, key and kind. O(log rows). */
size_t plot_rows_from(const struct plot_rows *rows, size_t work, size_t key, size_t kind);

/* Writes a block for each whole table. O(their rows). */
void plot_data_write_whole(FILE *stream, const struct plot_data *data);

/*
 * Writes a block for each table of lines and work, for each key where it has any, and for each of its kinds. One without
 * rows has its header alone. O(rows of these works + blocks x log rows).
 */
void plot_data_write(FILE *stream, const struct plot_data *data, const size_t *works, size_t count);

#endif
