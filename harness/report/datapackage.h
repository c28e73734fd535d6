/* SPDX-License-Identifier: MIT */
/*
 * datapackage.json: what the CSV files of a run's folder hold, for programs that read data by a schema. It
 * follows version 1 of the Data Package and of the Table Schema (specs.frictionlessdata.io):
 *
 *      resources         a tabular resource for each table, and for runs.csv and reference.csv
 *      schema.fields     name, type, description and constraints of each column, as the dictionary has them
 *                        (harness/results/dictionary.h)
 *      missingValues     an empty field, and nothing else
 *
 * These are ours besides: `unit` of a field; `unitColumn`, the column that says the unit of each row;
 * `units`, what the units are; and `processFiles`, the schemas of the files that each process has, by a path
 * with <id>.
 */
#ifndef HARNESS_REPORT_DATAPACKAGE_H
#define HARNESS_REPORT_DATAPACKAGE_H

#include "harness/analysis/run.h"
#include "harness/report/table.h"

/*
 * Writes <folder>/datapackage.json of the run's folder, whose tables are `set` and have been written. Returns
 * 0; or MESSAGE_BAD_INPUT or MESSAGE_STORAGE after one line. O(columns).
 */
int datapackage_write(const struct run *run, const struct table_set *set);

#endif
