/* SPDX-License-Identifier: MIT */
/*
 * Makes the tables of what a run has to say. `claims` has a row for each pair of cells and metric. `baseline` has
 * each cell beside that of the collector that the user named.
 */
#ifndef HARNESS_REPORT_TABLES_CLAIMS_H
#define HARNESS_REPORT_TABLES_CLAIMS_H

#include "harness/analysis/claims.h"
#include "harness/analysis/normalise.h"
#include "harness/report/table.h"

extern const struct dictionary_file tables_claims_file, tables_baseline_file;

/* The metrics of which a run makes claims. */
enum { TABLES_CLAIMS_WALL, TABLES_CLAIMS_PEAK, TABLES_CLAIMS_PAUSE, TABLES_CLAIMS };
extern const enum run_metric tables_claims_metrics[TABLES_CLAIMS];

/* No config is the baseline. */
static const size_t TABLES_NO_BASELINE = (size_t)-1;

/*
 * Finds the config that `name` names, as charts and tables write it; with NULL the manifest's `baseline`. Sets
 * `ret_config`, to TABLES_NO_BASELINE where neither names one. Returns 0, or MESSAGE_BAD_INPUT after one line.
 */
int tables_baseline_find(const struct run *run, const char *name, size_t *ret_config);

/* Makes both tables from the claims of each metric, in the order of tables_claims_metrics. */
void tables_make_claims(const struct run *run, const struct claims claims[TABLES_CLAIMS], size_t baseline,
                        struct table_set *set);

/*
 * Returns how `cell` stands to the best of its work, or "" for the best itself and where there is no such
 * comparison. `best` is the cell of the best, or NULL.
 */
const char *tables_claims_verdict(const struct claims *claims, const struct run_cell *cell,
                                  const struct run_cell *best);

/* Returns the word for a verdict (claims-text.h), as the tables write it: "" where it is blank. */
const char *tables_claims_word(enum sequential_verdict verdict);

/* Returns the entry of the table that is the best of its work, or NULL. */
const struct normalise_entry *tables_best(const struct normalise_table *table, size_t work);

#endif
