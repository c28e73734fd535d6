/* SPDX-License-Identifier: MIT */
/* A series, commit by commit. */
#include <math.h>
#include <stdlib.h>

#include "harness/history/show.h"
#include "harness/report/textual-bars.h"

/* The change at a point; NULL: there is none. */
static const struct history_change *change_at(const struct history_series *series, size_t point)
{
    for (size_t i = 0; i < series->change_count; i++)
        if (series->changes[i].change.at == point)
            return &series->changes[i];
    return NULL;
}

/* A value over the first one, with its interval. */
static struct bar bar_of(const struct history_series *series, size_t point)
{
    double first = series->points[0].value, ratio = series->points[point].value / first;
    double reach = history_point_reach(&series->points[point]);
    return series->points[point].error > 0 ? (struct bar){ratio / reach, ratio, ratio * reach}
                                           : BAR_OF(ratio);
}

static void point_row(const struct history_view *view, const struct history_series *series, size_t point,
                      bool bars, struct textual *table)
{
    const struct history_point *shown = &series->points[point];
    const struct history_entry *entry = history_point_entry(view, shown);
    const struct history_change *change = change_at(series, point);
    char median[FIGURE_TEXT], ratio[FIGURE_TEXT], percent[FIGURE_TEXT] = "", *date = history_date(entry);
    figure_of_metric(shown->median, history_metrics[view->metric], median);
    figure_fine_ratio(shown->value / series->points[0].value, ratio);
    if (change)
        history_percent(change->ratio, percent);
    textual_add(table, change ? TEXTUAL_BOLD : TEXTUAL_PLAIN, "%.*s", HISTORY_COMMIT_DIGITS, entry->commit);
    textual_add(table, TEXTUAL_FAINT, "%s", date);
    textual_add(table, TEXTUAL_PLAIN, "%s", median);
    textual_add(table, TEXTUAL_PLAIN, "%s", ratio);
    textual_add(table, TEXTUAL_BOLD, "%s", percent);
    if (bars)
        textual_add_bar(table, bar_of(series, point));
    free(date);
}

void history_print_series(const struct history_view *view, const struct history_series *series,
                          enum report_form form, FILE *stream)
{
    static const char *const header[] = {"commit", "date", "median", "x first", "change"};
    enum { COLUMNS = sizeof(header) / sizeof(header[0]), LEFT = 2 };
    struct textual table;
    bool bars = form == REPORT_TEXT;
    char *name = history_cell_name(series->cell);
    textual_init(&table, COLUMNS + bars, LEFT);
    for (size_t i = 0; i < COLUMNS; i++)
        textual_add(&table, TEXTUAL_BOLD, "%s", header[i]);
    if (bars)
        textual_add_axis(&table, 1, true);
    for (size_t i = 0; i < series->count; i++)
        point_row(view, series, i, bars, &table);
    putc('\n', stream);
    textual_print_title(name, form, stream);
    putc('\n', stream);
    textual_draw_bars(&table, stream);
    textual_print_form(&table, form, stream);
    textual_fini(&table);
    free(name);
}
