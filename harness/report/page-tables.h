/* SPDX-License-Identifier: MIT */
/*
 * The tables of a run inside its page, as JSON. The page shows what the files under tables/ hold, figure for
 * figure: a number has the digits that it has there.
 *
 *      {"rows": 2, "columns": {"row": [0, 1], "verdict": {"names": ["less", "equal"], "at": [1, 0]},
 *                              "metric": {"all": "wall"}}}
 *
 * A column of numbers is an array, in which an empty field is null. A column of texts has each text once, and
 * which one each row has. In a column that is the same everywhere the value stands alone. The names of workloads
 * and collectors are left out: columns "row" and "series" are their places in the run's lists.
 */
#ifndef HARNESS_REPORT_PAGE_TABLES_H
#define HARNESS_REPORT_PAGE_TABLES_H

#include <stdio.h>

#include "harness/report/table.h"

/* A table whose text has been cut into fields. */
struct page_fields {
    char *text;
    const char **fields; /* rows x columns, the header apart */
    const char **header;
    size_t rows, columns;
};

/* Cuts a table, for page_fields_free(). O(size). */
void page_fields_make(const struct table *table, struct page_fields *ret_fields);
void page_fields_free(struct page_fields *fields);

/* Returns the place of a column, or fields->columns. O(columns). */
size_t page_fields_column(const struct page_fields *fields, const char *name);

/* Writes the table as `"name":{...}`. O(size x texts of a column). */
void page_table_write(FILE *page, const struct table *table);

#endif
