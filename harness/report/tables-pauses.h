/* SPDX-License-Identifier: MIT */
/*
 * Makes the tables of pauses. Quantiles come from records/. The curve of pause time over percentile and the
 * mutator's utilisation come from events/.
 */
#ifndef HARNESS_REPORT_TABLES_PAUSES_H
#define HARNESS_REPORT_TABLES_PAUSES_H

#include "harness/report/tables-cell.h"
#include "harness/report/tables-records.h"

extern const struct dictionary_file tables_pauses_file, tables_pause_curve_file, tables_utilisation_file;

/* The tables `pauses`, `pause_curve` and `utilisation`. */
struct tables_pauses {
    struct table *quantiles, *curve, *utilisation;
};

/*
 * Reads the estimate of the time in cascades that no clock saw, in ns: from the row, or from the record where
 * the row is of a schema without it. NaN where neither says it. Returns 0, or MESSAGE_BAD_INPUT after one line.
 */
int tables_pauses_untimed(const struct run *run, const struct store_row *row, double *ret_ns);

/* What no clock saw of a setting. */
struct tables_untimed {
    bool known;                   /* some process has the estimate */
    double most;                  /* the largest share of a cell's wall time; a median over its processes */
    const struct run_cell *where; /* the cell of that share; NULL where all are 0 */
    size_t noticeable;            /* cells with a share of 1% or more */
};

/* Returns 0, or MESSAGE_BAD_INPUT after one line. O(rows). */
int tables_pauses_untimed_most(const struct run *run, size_t setting, struct tables_untimed *ret_untimed);

/*
 * Adds the rows of cell `index`, of which these are the records. Returns 0, or MESSAGE_BAD_INPUT after one line when a file
 * is damaged.
 */
int tables_pauses_add(const struct run *run, size_t index, const struct tables_records *records,
                      struct tables_pauses *tables);

#endif
