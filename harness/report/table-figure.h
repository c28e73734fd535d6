/* SPDX-License-Identifier: MIT */
/* Writes a field of a CSV file as people read it: three or four digits, with a unit where it has one. */
#ifndef HARNESS_REPORT_TABLE_FIGURE_H
#define HARNESS_REPORT_TABLE_FIGURE_H

#include "harness/results/dictionary.h"

/*
 * Returns the field `text` of a column, whose unit in this row is `unit`; `about` is NULL of a column that
 * the dictionary does not know. The caller frees it.
 */
char *table_figure(const struct dictionary_column *about, const char *unit, const char *text);

/*
 * Returns the name of a column as a heading: without the unit in it, as each figure has one. The caller frees
 * it.
 */
char *table_figure_heading(const char *name, const struct dictionary_column *about);

#endif
