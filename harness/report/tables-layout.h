/* SPDX-License-Identifier: MIT */
/*
 * Says, in a table and in words, how much of a difference between cells comes from the layout of the
 * process (harness/analysis/variance.h).
 */
#ifndef HARNESS_REPORT_TABLES_LAYOUT_H
#define HARNESS_REPORT_TABLES_LAYOUT_H

#include "harness/analysis/normalise.h"
#include "harness/analysis/variance.h"
#include "harness/report/tables-cell.h"

extern const struct dictionary_file tables_layouts_file;

/*
 * Returns the best cell of the cell's work in a table of wall times. Returns NULL where no cell is the
 * best, or the cell itself is.
 */
const struct run_cell *tables_layout_base(const struct run *run, const struct normalise_table *normalised,
                                          const struct run_cell *cell);

/*
 * Makes the table `layouts`. `walls` holds the wall times of each setting. A run of one layout has no rows.
 */
void tables_make_layouts(const struct run *run, const struct normalise_table *walls, struct table_set *set);

/* Writes into `text` which parts of the layout were varied, which were not, and why not. */
void tables_layout_words(const struct run *run, char *text, size_t size);

/* Holds how far layouts move ratios to the best: standard deviations over the cells of the first setting. */
struct tables_layout_sum {
    double median, largest;                     /* NaN where there is no such ratio */
    struct bootstrap_interval largest_interval; /* 95% */
    const struct run_cell *cell;                /* the cell of the largest; NULL where there is none */
};
struct tables_layout_sum tables_layout_sum(const struct run *run, const struct normalise_table *walls);

#endif
