/* SPDX-License-Identifier: MIT */
/*
 * CSV files of counts from 0: events, phases, timelines, latencies and reference. A column may hold words instead,
 * such as the kind of a pause. One description of the columns serves the writer and the reader. Only this folder's
 * files use this.
 */
#ifndef HARNESS_RESULTS_INTEGER_ROWS_H
#define HARNESS_RESULTS_INTEGER_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { INTEGER_ROWS_COLUMNS = 7 }; /* at most */

enum { INTEGER_ROWS_MISSING = -1 }; /* the value of a column that the file has not */

/* The words of a column, whose places are its values. */
struct integer_rows_words {
    const char *const *words; /* NULL: the column holds counts */
    size_t count;
};

struct integer_rows_schema {
    const char *columns[INTEGER_ROWS_COLUMNS];
    size_t column_count;
    size_t earlier_count; /* columns of the files of earlier versions, which are read too; 0: all of them */
    struct integer_rows_words words[INTEGER_ROWS_COLUMNS];
    size_t row_bytes; /* of the struct that `take` fills */
    bool appended;    /* row by row while a run goes on: a torn last row is left out, and is no error */
    /* Fills a row from its values. Returns NULL, or in words what is wrong with them. */
    const char *(*take)(const int64_t *values, void *ret_row);
};

/*
 * Reads a whole file, of whose path the last `own` names are a results folder's (input_open_own()). Returns 1
 * and rows that the caller frees; 0 when there is no such file; or MESSAGE_BAD_INPUT after one line that
 * names file and line. O(size).
 */
int integer_rows_read(const struct integer_rows_schema *schema, const char *path, unsigned own,
                      void **ret_rows, size_t *ret_count);

/* Makes the file, with its header line. NULL with errno set when it cannot be made. */
FILE *integer_rows_create(const struct integer_rows_schema *schema, const char *path);

/* Adds a row. An error shows when the file is finished. */
void integer_rows_add(const struct integer_rows_schema *schema, FILE *file, const int64_t *values);

/* Closes the file. Returns 0, or -1 when any of what was written did not reach the file. */
int integer_rows_finish(FILE *file);

#endif
