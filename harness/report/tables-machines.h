/* SPDX-License-Identifier: MIT */
/*
 * Makes the tables of a run of several machines: `machine_claims`, each pair of cells on each machine, and
 * `machine_cells`, each cell on each machine. A run of one machine has neither.
 */
#ifndef HARNESS_REPORT_TABLES_MACHINES_H
#define HARNESS_REPORT_TABLES_MACHINES_H

#include "harness/analysis/claims.h"
#include "harness/report/table.h"
#include "harness/report/tables-claims.h"

extern const struct dictionary_file tables_machine_claims_file, tables_machine_cells_file;

/* Adds both tables where the run is of several machines. O(pairs x (blocks x machines + machines^3)). */
void tables_make_machines(const struct run *run, const struct claims claims[TABLES_CLAIMS],
                          struct table_set *set);

#endif
