/* SPDX-License-Identifier: MIT */
/*
 * The data dictionary: of each CSV file of a run's folder what a row is, and of each column the type, the
 * unit, the meaning, and when the field is empty. It is made once and read often:
 *
 *      tables/              the header line of each table
 *      datapackage.json     the schema of each file (harness/report/datapackage.h)
 *      docs/data.md         the columns of each file, for people (gcmatrix table --describe)
 *
 * This file has what measuring writes. Each table stands beside the code that makes it, and the list of all
 * is in harness/report/tables-dictionary.c.
 */
#ifndef HARNESS_RESULTS_DICTIONARY_H
#define HARNESS_RESULTS_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>

enum dictionary_type {
    DICTIONARY_TEXT,
    DICTIONARY_COUNT,  /* a whole number */
    DICTIONARY_NUMBER, /* one that may have a fraction, or be infinite */
    DICTIONARY_ID,     /* a whole number that names something, such as a block */
    DICTIONARY_PLACE,  /* a whole number: where charts have something */
    DICTIONARY_FLAG,   /* 1 or 0 */
    DICTIONARY_TYPES
};

struct dictionary_column {
    const char *name;
    enum dictionary_type type;
    const char *unit; /* of a number: one of dictionary_units, or DICTIONARY_UNIT_OF_ROW; else "" */
    const char *meaning;
    const char *empty; /* when the field is empty: "where ..."; NULL: never */
    const char *words; /* all texts that there are, with a blank between two; NULL: any text */
};

/* Each row says the unit of such a column in its column `unit`. */
#define DICTIONARY_UNIT_OF_ROW "see unit"

struct dictionary_file {
    const char *name; /* as datapackage.json and commands call it */
    const char *path; /* in the run's folder; "<id>" stands for the six digits of a process's id */
    const char *row;  /* what a row is */
    const char *key;  /* the columns that tell two rows apart, never empty, a blank between; NULL: none do */
    const struct dictionary_column *columns;
    size_t count;
};

/* Entries of an array of columns: name `n`, words `w`, unit `u`, meaning `m`, when it is empty `e`. */
#define COLUMN_TEXT(n, m, e)                                                                                 \
    {                                                                                                        \
        .name = n, .type = DICTIONARY_TEXT, .unit = "", .meaning = m, .empty = e                             \
    }
#define COLUMN_WORD(n, w, m, e)                                                                              \
    {                                                                                                        \
        .name = n, .type = DICTIONARY_TEXT, .unit = "", .meaning = m, .empty = e, .words = w                 \
    }
#define COLUMN_COUNT(n, u, m, e)                                                                             \
    {                                                                                                        \
        .name = n, .type = DICTIONARY_COUNT, .unit = u, .meaning = m, .empty = e                             \
    }
#define COLUMN_NUMBER(n, u, m, e)                                                                            \
    {                                                                                                        \
        .name = n, .type = DICTIONARY_NUMBER, .unit = u, .meaning = m, .empty = e                            \
    }
#define COLUMN_ID(n, m, e)                                                                                   \
    {                                                                                                        \
        .name = n, .type = DICTIONARY_ID, .unit = "", .meaning = m, .empty = e                               \
    }
#define COLUMN_FLAG(n, m)                                                                                    \
    {                                                                                                        \
        .name = n, .type = DICTIONARY_FLAG, .unit = "", .meaning = m                                         \
    }
#define COLUMN_PLACE(n, m)                                                                                   \
    {                                                                                                        \
        .name = n, .type = DICTIONARY_PLACE, .unit = "", .meaning = m                                        \
    }

/* The columns of a file, which are the array `c`. */
#define DICTIONARY_COLUMNS(c) .columns = c, .count = sizeof(c) / sizeof((c)[0])

/* THE list of units, each with its meaning. */
struct dictionary_unit {
    const char *unit, *meaning;
};
enum { DICTIONARY_UNITS = 7 };
extern const struct dictionary_unit dictionary_units[DICTIONARY_UNITS];

extern const struct dictionary_file dictionary_runs, dictionary_reference;
/* Of each process that kept its raw data. */
extern const struct dictionary_file dictionary_events, dictionary_phases, dictionary_timelines,
    dictionary_latencies;

/* Whether each process has such a file of its own. */
bool dictionary_is_of_process(const struct dictionary_file *file);

/* Returns the column called `name`, or NULL. O(columns). */
const struct dictionary_column *dictionary_find(const struct dictionary_file *file, const char *name);

/* Returns the header line of the file, without its line feed. The caller frees it. */
char *dictionary_header(const struct dictionary_file *file);

#endif
