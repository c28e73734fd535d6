/* SPDX-License-Identifier: MIT */
/*
 * A CSV file of a run's folder, cut down to some rows and columns and written for a reader: a person, a
 * paper, a page, or another program. Its life:
 *
 *      table_view_read()       all rows and columns
 *      table_view_where()      leaves the rows that fit; as often as one likes
 *      table_view_choose()     leaves some columns, in another order
 *      table_view_print()
 *      table_view_free()       in any case
 *
 * CSV and JSON have the figures as the file has them. The other forms are for people: three or four digits
 * with their unit, places in charts left out, and a column that is the same in all rows said once above.
 */
#ifndef HARNESS_REPORT_TABLE_VIEW_H
#define HARNESS_REPORT_TABLE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "harness/results/dictionary.h"

enum table_form { TABLE_TEXT, TABLE_MARKDOWN, TABLE_LATEX, TABLE_CSV, TABLE_JSON };

/* A column of the file. */
struct table_view_column {
    const char *name;
    const struct dictionary_column *about; /* NULL: the dictionary does not know it */
    size_t place;                          /* in the file */
};

struct table_view {
    const struct dictionary_file *file;
    char *text;          /* that the fields point into */
    const char **fields; /* rows x width; plain texts (base/escape.h) */
    size_t rows, width;
    size_t unit;                       /* place of the column `unit`; `width` where there is none */
    struct table_view_column *columns; /* those that are left, in their order */
    size_t count;
    bool chosen; /* by table_view_choose() */
};

/*
 * Reads a file of the run's folder. Returns 0, or MESSAGE_BAD_INPUT after one line: where it is not there the
 * line says what writes it. What is damaged in a file that measuring wrote is said in one line, and damaged rows
 * of runs.csv are left out. O(size).
 */
int table_view_read(const char *folder, const struct dictionary_file *file, struct table_view *ret_view);

/*
 * Leaves the rows that a condition fits, as in "metric=wall". Returns 0, or MESSAGE_BAD_INPUT after one line.
 * O(rows).
 */
int table_view_where(struct table_view *view, const char *condition);

/* Leaves the columns that `names` lists, with commas. Returns 0, or MESSAGE_BAD_INPUT after one line. */
int table_view_choose(struct table_view *view, const char *names);

/* Prints what is left. O(rows x columns). */
void table_view_print(const struct table_view *view, enum table_form form, FILE *stream);

void table_view_free(struct table_view *view);

#endif
