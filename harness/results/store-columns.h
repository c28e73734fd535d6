/* SPDX-License-Identifier: MIT */
/* The columns of runs.csv as a table. For the reader and the writer of its rows: store-read.c and store.c. */
#ifndef HARNESS_RESULTS_STORE_COLUMNS_H
#define HARNESS_RESULTS_STORE_COLUMNS_H

#include <string.h>

#include "harness/results/csv.h"
#include "harness/results/store.h"

struct store_column {
    const char *name;
    size_t offset; /* in struct store_row */
    bool is_text;
    int since; /* the version of the schema that brought it */
};

#define STORE_ONE(since, name) +1
enum { STORE_COLUMN_COUNT = STORE_COLUMNS(STORE_ONE, STORE_ONE) };
#undef STORE_ONE

extern const struct store_column store_columns[STORE_COLUMN_COUNT];

/* Digits of a row's check. */
enum { STORE_CHECK_DIGITS = 8 };

/* Writes the check of `size` bytes of a row, those before the comma of its check. */
void store_check_write(const char *line, size_t size, char ret_check[static STORE_CHECK_DIGITS + 1]);

/* The largest number of a column. A seed is any number that a specification takes. */
static inline int64_t store_column_most(const struct store_column *column)
{
    return strcmp(column->name, "seed") == 0 ? INT64_MAX : CSV_COUNT_MOST;
}

static inline int64_t *store_integer_at(const struct store_row *row, const struct store_column *column)
{
    return (int64_t *)((char *)row + column->offset);
}

static inline const char **store_text_at(const struct store_row *row, const struct store_column *column)
{
    return (const char **)((char *)row + column->offset);
}

#endif
