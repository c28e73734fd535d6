/* SPDX-License-Identifier: MIT */
/* How much of a difference is the layout of the process (harness/analysis/variance.h), for tables and words.
 */
#ifndef HARNESS_REPORT_TABLES_LAYOUT_H
#define HARNESS_REPORT_TABLES_LAYOUT_H

#include "harness/analysis/normalise.h"
#include "harness/analysis/variance.h"
#include "harness/report/tables-cell.h"

/*
 * The best cell of the cell's work in a table of wall times; NULL when there is none, or it is the cell
 * itself.
 */
const struct run_cell *tables_layout_base(const struct run *run, const struct normalise_table *normalised,
                                          const struct run_cell *cell);

/* The table `layouts`, from the tables of wall time of each setting. Without rows when a run has one layout.
 */
void tables_make_layouts(const struct run *run, const struct normalise_table *walls, struct table_set *set);

/* Writes what was varied, and what was not and why, into `text`. */
void tables_layout_words(const struct run *run, char *text, size_t size);

/* Over the cells of the first setting: how far layouts move ratios to the best, as standard deviations. */
struct tables_layout_sum {
    double median;                              /* NaN when there is no such ratio */
    double largest;                             /* the same */
    struct bootstrap_interval largest_interval; /* 95% */
    const struct run_cell *cell;                /* that of the largest; NULL when there is none */
};
struct tables_layout_sum tables_layout_sum(const struct run *run, const struct normalise_table *walls);

#endif
