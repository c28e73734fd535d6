/* SPDX-License-Identifier: MIT */
/* The list of the CSV files of a run's folder: its tables, and what measuring writes. */
#ifndef HARNESS_REPORT_TABLES_DICTIONARY_H
#define HARNESS_REPORT_TABLES_DICTIONARY_H

#include <stdio.h>

#include "harness/report/form.h"
#include "harness/results/dictionary.h"

/* THE list of files, in the order in which they are explained. */
extern const struct dictionary_file *const tables_dictionary[];
extern const size_t tables_dictionary_count;

/* Returns the file called `name`, such as "claims"; or NULL. O(files). */
const struct dictionary_file *tables_dictionary_find(const char *name);

/*
 * Prints what the columns of a file are, or with NULL the units and those of all files. In Markdown a column
 * that is as in an earlier file is only named. O(columns^2).
 */
void tables_dictionary_print(const struct dictionary_file *only, enum report_form form, FILE *stream);

#endif
