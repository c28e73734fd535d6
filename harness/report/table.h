/* SPDX-License-Identifier: MIT */
/*
 * Writes tables as CSV. They stay in memory until all of them are made, so a damaged input leaves no half
 * of a set behind. A NaN is an empty field.
 */
#ifndef HARNESS_REPORT_TABLE_H
#define HARNESS_REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/results/dictionary.h"
#include "harness/statistics/bootstrap.h"

enum { TABLE_MOST = 30 };

struct table {
    const char *name;                   /* file name without ".csv" */
    const struct dictionary_file *file; /* its columns; NULL of a table that is never written */
    FILE *stream;                       /* writes into `text`; NULL once the table is kept */
    char *text;
    size_t size;
    size_t rows;
    int fields;   /* written of the current row */
    bool kept;    /* the rows are those of the file in the folder, and `text` holds them */
    bool renewed; /* of a kept table: the file lacks columns, and is written with them */
};

struct table_set {
    struct table tables[TABLE_MOST];
    size_t count;
};

/* Starts a table with its header line: one that is written, by its columns; or any other. */
struct table *table_add_file(struct table_set *set, const struct dictionary_file *file);
struct table *table_add(struct table_set *set, const char *name, const char *header);

/*
 * Add the next field of the current row. Times and sizes are whole or end in .5 and are written exactly.
 * Other numbers are rounded to 9 digits. A text is plain (base/escape.h), of at most TABLE_TEXT_MOST characters,
 * and has "'" for '"': gnuplot does not read a quote within a field.
 */
enum { TABLE_TEXT_MOST = 400 };
void table_text(struct table *table, const char *text);
void table_number(struct table *table, double number);
void table_count(struct table *table, int64_t number);
void table_interval(struct table *table, struct bootstrap_interval interval); /* two fields */
void table_end(struct table *table); /* the row has a field for each column of the file */

/* Whether the file of the table is as it was: nothing is to be written. */
static inline bool table_stays(const struct table *table)
{
    return table->kept && !table->renewed;
}

/* Returns the table called `name`, or NULL. */
struct table *table_find(struct table_set *set, const char *name);

/* Returns the number of rows of the table called `name`; 0 where there is none. */
size_t table_rows(const struct table_set *set, const char *name);

/* Whether a row of the table called `name` begins with the field `first`. O(size of the table). */
bool table_has(const struct table_set *set, const char *name, const char *first);

/*
 * Takes the rows of <folder>/tables/<name>.csv in place of those made. A file of an earlier version may lack
 * columns: then its rows get them, empty. Returns false, and changes nothing, where the file is not there,
 * has a column that the table has not, holds no row, or is no plain text. O(size).
 */
bool table_keep(struct table *table, const char *folder);

/*
 * Writes every table that is not kept, or is renewed, to <folder>/tables/<name>.csv. Returns 0, or
 * MESSAGE_STORAGE after one line.
 */
int table_set_write(struct table_set *set, const char *folder);
void table_set_free(struct table_set *set);

#endif
