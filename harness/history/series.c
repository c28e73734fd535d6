/* SPDX-License-Identifier: MIT */
#include "harness/history/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/analysis/compare.h"
#include "harness/statistics/distributions.h"
#include "harness/statistics/sequential.h"

/* The quantile of normal values that 2.5% lie above. */
static const double SERIES_NORMAL = 1.959964;

/* The machine is to blame where it moved by this share of a change, as the mean of so many runs on either side has it. */
static const double MACHINE_SHARE = 0.5;
enum { MACHINE_RUNS = 3 };

/* What a series is made with. */
struct making {
    struct history_view *view;
    double between;
    struct changes_series *points; /* of each series, in their order */
};

/* ---- points ---- */

/* A point of one run's figure. */
static struct changes_point point_of(const struct history_figure *figure, double between)
{
    double count = (double)figure->count;
    return (struct changes_point){.level = log(figure->mean),
                                  .known = between * between,
                                  .within = figure->scatter * figure->scatter / count,
                                  .freedom = fmax(count - 1, 1)};
}

/* The mean of `runs` runs of a commit: `mean` is that of all but the last, which is `other`. */
static struct changes_point point_join(const struct changes_point *mean, const struct changes_point *other,
                                       double runs)
{
    double kept = (runs - 1) / runs, added = 1 / runs;
    double left = kept * kept * mean->within, right = added * added * other->within;
    double spent = left * left / mean->freedom + right * right / other->freedom;
    return (struct changes_point){.level = kept * mean->level + added * other->level,
                                  .known = kept * kept * mean->known + added * added * other->known,
                                  .within = left + right,
                                  .freedom = spent > 0 ? (left + right) * (left + right) / spent : 1};
}

/* Whether a figure is 0 in all processes, which has no logarithm: no pause, say. */
static bool figure_is_zero(const struct history_figure *figure)
{
    return figure->median == 0 && figure->scatter == 0;
}

/*
 * Whether a figure can be a point. One process of a metric that varies says nothing of its scatter, as in a comparison of
 * two runs. A time without the reference program does not compare.
 */
static bool figure_counts(const struct history_figure *figure, const struct history_entry *entry,
                          enum run_metric metric)
{
    bool has_level = figure->median > 0 && !isnan(figure->mean) && !isnan(figure->scatter);
    if (figure->count == 0 || (figure->count == 1 && !compare_cannot_vary(metric)))
        return false;
    if (compare_is_time(metric) && entry->reference.count == 0)
        return false;
    return has_level || figure_is_zero(figure);
}

/* Whether the figure does not vary. Times do, unless they are 0. */
static bool figure_is_constant(const struct history_figure *figure, enum run_metric metric)
{
    return figure_is_zero(figure) || (figure->scatter == 0 && !compare_is_time(metric));
}

/* Adds a run to a series: to its last point where that is of the same commit. */
static void series_take(const struct making *making, struct history_series *series,
                        struct changes_series *points, size_t entry, const struct history_figure *figure,
                        const char *program)
{
    const struct history_entry *entries = making->view->history->entries;
    enum run_metric metric = history_metrics[making->view->metric];
    struct changes_point taken = point_of(figure, making->between);
    bool constant = figure_is_constant(figure, metric);
    struct history_point *last = series->count ? &series->points[series->count - 1] : NULL;
    if (last && strcmp(entries[last->entry].commit, entries[entry].commit) == 0) {
        struct changes_point *mean = &points->points[series->count - 1];
        *mean = point_join(mean, &taken, (double)++last->runs);
        last->constant = last->constant && constant && last->median == figure->median;
    } else {
        points->points[series->count] = taken;
        last = &series->points[series->count++];
        *last = (struct history_point){.runs = 1, .constant = constant};
    }
    points->count = series->count;
    last->entry = entry;
    last->median = figure->median;
    last->program = program;
}

/* Sets what is shown of the points, and whether the series is exact. */
static void series_finish(struct history_series *series, const struct changes_series *points)
{
    series->exact = series->count > 0;
    for (size_t i = 0; i < series->count; i++) {
        struct history_point *point = &series->points[i];
        series->exact = series->exact && point->constant;
        point->value = point->constant ? point->median : exp(points->points[i].level);
        point->error = point->constant ? 0 : sqrt(points->points[i].known + points->points[i].within);
    }
}

/* ---- changes ---- */

/* The change of an exact series before the point `at`. */
static struct history_change exact_change(const struct history_series *series, size_t at)
{
    double before = series->points[at - 1].median, after = series->points[at].median;
    double ratio = before > 0 ? after / before : INFINITY;
    return (struct history_change){.change = {.at = at,
                                              .first = at,
                                              .last = at,
                                              .found = at,
                                              .shift = log(ratio),
                                              .error = 0,
                                              .freedom = INFINITY},
                                   .ratio = ratio,
                                   .low = ratio,
                                   .high = ratio,
                                   .exact = true};
}

static struct history_change found_change(const struct change *change)
{
    double reach = distributions_t_quantile(0.025, change->freedom) * change->error;
    return (struct history_change){.change = *change,
                                   .ratio = exp(change->shift),
                                   .low = exp(change->shift - reach),
                                   .high = exp(change->shift + reach)};
}

static bool point_is_zero(const struct history_series *series, size_t at)
{
    return series->points[at].median == 0;
}

/* Adds the changes of the points from `from` to before `until`, of which none is 0. */
static void stretch_find_changes(struct history_series *series, const struct changes_series *points,
                                 size_t from, size_t until, const struct changes_design *design)
{
    struct change *found = memory_new(until - from, sizeof(*found));
    size_t count = changes_find(design, points->points + from, until - from, found);
    for (size_t i = 0; i < count; i++) {
        found[i].at += from;
        found[i].first += from;
        found[i].last += from;
        found[i].found += from;
        series->changes[series->change_count++] = found_change(&found[i]);
    }
    free(found);
}

/* From nothing to something, and back, is a change as it is; between lie stretches of points with levels. */
static void series_find_stretches(struct history_series *series, const struct changes_series *points,
                                  const struct changes_design *design)
{
    for (size_t from = 0, until; from < series->count; from = until) {
        bool zero = point_is_zero(series, from);
        for (until = from + 1; until < series->count && point_is_zero(series, until) == zero;)
            until++;
        if (from > 0)
            series->changes[series->change_count++] = exact_change(series, from);
        if (!zero)
            stretch_find_changes(series, points, from, until, design);
    }
}

static void series_find_changes(struct history_series *series, const struct changes_series *points,
                                const struct changes_design *design)
{
    series->changes = memory_new(series->count, sizeof(*series->changes));
    if (!series->exact)
        series_find_stretches(series, points, design);
    for (size_t at = 1; series->exact && at < series->count; at++)
        if (series->points[at].median != series->points[at - 1].median)
            series->changes[series->change_count++] = exact_change(series, at);
}

/* Whether the executable is the same at each point that the change may lie at. */
static bool program_is_same(const struct history_series *series, const struct change *change)
{
    const char *program = series->points[change->first - 1].program;
    for (size_t i = change->first; i <= change->last; i++)
        if (strcmp(series->points[i].program, program) != 0)
            return false;
    return *program != '\0';
}

/* By how much the reference program's time moved before the run `entry`, of ln(time): of a few runs on either side. */
static double reference_shift(const struct history_series *reference, size_t entry)
{
    size_t at = 0, behind = 0, before = 0;
    double after = 0, until = 0;
    while (at < reference->count && reference->points[at].entry < entry)
        at++;
    for (; behind < MACHINE_RUNS && at + behind < reference->count; behind++)
        after += log(reference->points[at + behind].value);
    for (; before < MACHINE_RUNS && before < at; before++)
        until += log(reference->points[at - 1 - before].value);
    return behind && before ? after / (double)behind - until / (double)before : 0;
}

/* Whether the machine moved by so much where the change may lie that the change may be the machine's. */
static bool machine_moved(const struct history_series *series, const struct change *change,
                          const struct history_series *reference)
{
    for (size_t at = change->first; at <= change->last; at++)
        if (fabs(reference_shift(reference, series->points[at].entry)) >= MACHINE_SHARE * fabs(change->shift))
            return reference->count > 1;
    return false;
}

static void series_find_causes(struct history_series *series, const struct history_series *reference)
{
    for (size_t i = 0; i < series->change_count; i++) {
        struct history_change *change = &series->changes[i];
        change->cause = program_is_same(series, &change->change)            ? HISTORY_PROGRAM
                        : machine_moved(series, &change->change, reference) ? HISTORY_MACHINE
                                                                            : HISTORY_CODE;
    }
}

/* ---- all series ---- */

/* Returns the series of a cell, which it begins where there is none. O(series). */
static size_t series_of(struct making *making, const struct history_cell *cell)
{
    struct history_view *view = making->view;
    size_t place = 0, most = view->history->count;
    while (place < view->count && !history_cells_are_same(view->series[place].cell, cell))
        place++;
    if (place == view->count) {
        view->series[place] =
            (struct history_series){.points = memory_new(most, sizeof(struct history_point))};
        making->points[place] =
            (struct changes_series){.points = memory_new(most, sizeof(struct changes_point))};
        view->count++;
    }
    view->series[place].cell = cell;
    return place;
}

/* Takes all cells of an entry, and the time of its reference program. */
static void entry_take(struct making *making, size_t number, struct changes_series *reference)
{
    struct history_view *view = making->view;
    const struct history_entry *entry = &view->history->entries[number];
    enum run_metric metric = history_metrics[view->metric];
    for (size_t i = 0; i < entry->cell_count; i++) {
        const struct history_cell *cell = &entry->cells[i];
        const struct history_figure *figure = &cell->figures[view->metric];
        if (!figure_counts(figure, entry, metric))
            continue;
        size_t place = series_of(making, cell);
        series_take(making, &view->series[place], &making->points[place], number, figure, cell->program);
    }
    bool has_scatter = entry->reference.count > 1 && !isnan(entry->reference.mean);
    if (compare_is_time(metric) && has_scatter)
        series_take(making, &view->reference, reference, number, &entry->reference, entry->reference_program);
}

/* Most cells that the entries of the machine have together. */
static size_t cells_most(const struct history *history, size_t machine)
{
    size_t cells = 0;
    for (size_t i = 0; i < history->count; i++)
        cells += history->machines[i] == machine ? history->entries[i].cell_count : 0;
    return cells;
}

/* Widens the variances of the series that are watched together, which are the family. */
static void family_widen(struct making *making)
{
    struct history_view *view = making->view;
    struct changes_series *family = memory_new(view->count, sizeof(*family));
    for (size_t i = 0; i < view->count; i++)
        if (!view->series[i].exact && view->series[i].count > 1)
            family[view->family++] = making->points[i];
    view->widened = changes_widen(family, view->family);
    free(family);
}

/* Finds the changes of all series, once their points are there. */
static void changes_make(struct making *making, struct changes_series *reference)
{
    struct history_view *view = making->view;
    for (size_t i = 0; i < view->count; i++)
        series_finish(&view->series[i], &making->points[i]);
    family_widen(making);
    changes_widen(reference, 1);
    const struct changes_design design = {changes_alpha(view->family), SEQUENTIAL_MINIMUM},
                                alone = {changes_alpha(1), SEQUENTIAL_MINIMUM};
    series_finish(&view->reference, reference);
    series_find_changes(&view->reference, reference, &alone);
    for (size_t i = 0; i < view->count; i++) {
        series_finish(&view->series[i], &making->points[i]); /* with what was widened */
        series_find_changes(&view->series[i], &making->points[i], &design);
        series_find_causes(&view->series[i], &view->reference);
    }
}

void history_view_make(const struct history *history, enum history_metric metric, size_t machine,
                       double between, struct history_view *ret_view)
{
    size_t most = cells_most(history, machine);
    *ret_view = (struct history_view){.history = history,
                                      .metric = metric,
                                      .machine = machine,
                                      .series = memory_new(most, sizeof(struct history_series)),
                                      .widened = 1};
    struct making making = {
        .view = ret_view, .between = between, .points = memory_new(most, sizeof(struct changes_series))};
    struct changes_series reference = {.points = memory_new(history->count, sizeof(struct changes_point))};
    ret_view->reference.points = memory_new(history->count, sizeof(struct history_point));
    for (size_t i = 0; i < history->count; i++)
        if (history->machines[i] == machine)
            entry_take(&making, i, &reference);
    changes_make(&making, &reference);
    for (size_t i = 0; i < ret_view->count; i++)
        free(making.points[i].points);
    free(making.points);
    free(reference.points);
}

double history_point_reach(const struct history_point *point)
{
    return exp(SERIES_NORMAL * point->error);
}

static void series_free(struct history_series *series)
{
    free(series->points);
    free(series->changes);
}

void history_view_free(struct history_view *view)
{
    for (size_t i = 0; i < view->count; i++)
        series_free(&view->series[i]);
    series_free(&view->reference);
    free(view->series);
    *view = (struct history_view){0};
}
