/* SPDX-License-Identifier: MIT */
/*
 * CSV files whose fields are counts from 0, but for a first column that may name a kind: events, timelines and
 * latencies. A description of the columns serves the writer and the reader. For the files of this folder only.
 */
#ifndef HARNESS_RESULTS_INTEGER_ROWS_H
#define HARNESS_RESULTS_INTEGER_ROWS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { INTEGER_ROWS_COLUMNS = 6 }; /* at most */

struct integer_rows_schema {
    const char *columns[INTEGER_ROWS_COLUMNS];
    size_t column_count;
    const char *const *kinds; /* what the first column may say, its place is its value; NULL: it is a count */
    size_t kind_count;
    size_t row_bytes; /* of the struct that `take` fills */
    /* Fills a row. Returns NULL, or in words what is wrong with the values. */
    const char *(*take)(const int64_t *values, void *ret_row);
};

/*
 * Reads a whole file. Returns 1 and rows that the caller frees; 0 when there is no such file; or
 * MESSAGE_BAD_INPUT after one line that names file and line. O(size).
 */
int integer_rows_read(const struct integer_rows_schema *schema, const char *path, void **ret_rows,
                      size_t *ret_count);

/* Makes the file, with its header line. NULL with errno set when it cannot be made. */
FILE *integer_rows_create(const struct integer_rows_schema *schema, const char *path);

/* Adds a row. An error shows when the file is finished. */
void integer_rows_add(const struct integer_rows_schema *schema, FILE *file, const int64_t *values);

/* Closes the file. Returns 0, or -1 when any of what was written did not reach the file. */
int integer_rows_finish(FILE *file);

#endif
