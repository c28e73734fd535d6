/* SPDX-License-Identifier: MIT */
/* Shows a history: what changed, at which commit, and each series over commits. */
#ifndef HARNESS_HISTORY_SHOW_H
#define HARNESS_HISTORY_SHOW_H

#include <jansson.h>
#include <stdio.h>

#include "harness/history/series.h"
#include "harness/report/figure.h"
#include "harness/report/form.h"

struct history_show {
    enum history_metric metric;
    const char *cell;  /* part of a name: series that have it are drawn commit by commit; NULL: none */
    const char *chart; /* a file to draw the same series into, or all without `cell`; NULL: none */
    double between;    /* standard deviation of a run's offset, of ln(value) */
    enum report_form form;
};

/*
 * Prints the history, machine by machine: its own changes, those of the cells with their commits, claims that turned
 * round with the last run, and the series that were asked for. Before that it draws the chart. Returns 0; or a status
 * after one line: MESSAGE_BAD_INPUT where no cell has the name, or one of history_chart_draw(). O(machines x
 * history_view_make()).
 */
int history_print(const struct history *history, const struct history_show *show, FILE *stream);

/* ---- parts of it ---- */

/* Digits of a commit where a line has room for them. */
enum { HISTORY_COMMIT_DIGITS = 12 };

/* Whether the name of the series' cell has the part; NULL is one of every name. */
bool history_series_is(const struct history_series *series, const char *part);

/* What a cause is called: "code", "machine" or "same program". */
const char *history_cause_word(enum history_cause cause);

/* Returns the date of an entry's commit, as in "2026-11-28", for free(). */
char *history_date(const struct history_entry *entry);

/* Returns the values of a series as characters of rising height, `most` of them at most, the last ones. For free(). */
char *history_spark(const struct history_series *series, size_t most, bool utf8);

/* Writes a ratio as what it changes, as in "+5.1%". */
void history_percent(double ratio, char ret_text[FIGURE_TEXT]);

/* Prints a series as a table, a line for each commit: as Markdown, or as text with bars. */
void history_print_series(const struct history_view *view, const struct history_series *series,
                          enum report_form form, FILE *stream);

/* Prints the claims that the last run of the machine turned round, as Markdown or text; nothing where none did. */
void history_print_claims(const struct history_view *view, enum report_form form, FILE *stream);

/* Returns the view as JSON: commits, series and changes. A new reference. O(points). */
json_t *history_view_json(const struct history_view *view);

#endif
