/* SPDX-License-Identifier: MIT */
/*
 * A metric of a history, as one series for each cell of a machine, with its changes.
 *
 * A point of a series is a commit: all runs of it on the machine. Points compare by the rule of `gcmatrix compare A
 * B` (harness/analysis/compare.h). A time is divided by the reference program's in its block. Something lies between
 * runs that no block shows, and its standard deviation is stated. Where the history shows more than is stated, more
 * counts (changes_widen()). What does not vary, such as instructions, is compared exactly: each difference is a
 * change. Times of two machines are never in one series.
 *
 * Not each change of a figure is one of the code:
 *
 *   machine    the reference program's own time moved at the same commit, by half as much as the cell or more. A cell
 *              that a machine moves by more or by less than that program has a change that is none of the code
 *   program    the executable is the same, byte for byte, before and after
 *   code       neither is known
 */
#ifndef HARNESS_HISTORY_SERIES_H
#define HARNESS_HISTORY_SERIES_H

#include "harness/history/history.h"
#include "harness/statistics/changes.h"

struct history_point {
    size_t entry;        /* of the commit's last run on the machine */
    size_t runs;         /* that the point is of */
    double value;        /* geometric mean, comparable within the series */
    double median;       /* of the last run, in the metric's unit */
    double error;        /* standard error of ln(value), with what lies between runs; 0: it does not vary */
    const char *program; /* of the last run */
    bool constant;       /* it does not vary in any run */
};

enum history_cause { HISTORY_CODE, HISTORY_MACHINE, HISTORY_PROGRAM };

struct history_change {
    struct change change;    /* places are points of the series */
    double ratio, low, high; /* after / before, with its 95% interval; a point where exact */
    bool exact;
    enum history_cause cause;
};

struct history_series {
    const struct history_cell *cell; /* of the last entry that has it; NULL: the reference program */
    struct history_point *points;
    size_t count;
    bool exact;
    struct history_change *changes;
    size_t change_count;
};

struct history_view {
    const struct history *history;
    enum history_metric metric;
    size_t machine;
    struct history_series *series; /* one for each cell that has a point */
    size_t count;
    size_t family;                   /* series of which changes are looked for together */
    double widened;                  /* what standard deviations were widened by: 1 or more */
    struct history_series reference; /* the machine's own time; only with a metric that is a time */
};

/*
 * Makes the series of a metric on one machine, for history_view_free(). `between` is the standard deviation of a run's
 * offset, of ln(value). The view points into the history. O(entries x cells² + series x points²).
 */
void history_view_make(const struct history *history, enum history_metric metric, size_t machine,
                       double between, struct history_view *ret_view);
void history_view_free(struct history_view *view);

/* Returns the entry of a point of a series. O(1). */
static inline const struct history_entry *history_point_entry(const struct history_view *view,
                                                              const struct history_point *point)
{
    return &view->history->entries[point->entry];
}

/* Returns the factor by which a point's value may be off either way, at 95%: 1 where it does not vary. O(1). */
double history_point_reach(const struct history_point *point);

#endif
