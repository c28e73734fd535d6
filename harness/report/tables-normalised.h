/* SPDX-License-Identifier: MIT */
/*
 * Makes the tables `normalised`, each cell over the best of its workload, and `means`, the geometric means of
 * these ratios over the workloads that every collector finished. Where there is no such workload a row of
 * `means` says why.
 */
#ifndef HARNESS_REPORT_TABLES_NORMALISED_H
#define HARNESS_REPORT_TABLES_NORMALISED_H

#include "harness/report/tables-cell.h"
#include "harness/report/tables.h"

extern const struct dictionary_file tables_normalised_file, tables_means_file;

/* Returns the rule of a normalised table, by its place below TABLES_NORMALISED. */
const struct normalise_rule *tables_rule(int table);

/* Make the tables of tables->normalised and tables->claims. O(cells x pairs). */
void tables_make_normalised(const struct run *run, struct tables *tables);
void tables_make_means(const struct run *run, struct tables *tables);

#endif
