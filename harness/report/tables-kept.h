/* SPDX-License-Identifier: MIT */
/*
 * Keeps tables of a run that was handed on without its raw files. Its folder holds runs.csv, the manifest
 * and the tables, but not records/, events/, timelines/ or latencies/. The tables made of the missing files
 * are the only copy of those figures. They stay as they are, and charts are drawn from them.
 */
#ifndef HARNESS_REPORT_TABLES_KEPT_H
#define HARNESS_REPORT_TABLES_KEPT_H

#include "harness/analysis/run.h"
#include "harness/report/table.h"

/*
 * Keeps every table of the run whose raw files are missing (table_keep()), and says which in one line on
 * standard error. Says in one line what cannot be made where the tables are missing too. `set` holds all
 * tables of the run.
 */
void tables_keep(const struct run *run, struct table_set *set);

#endif
