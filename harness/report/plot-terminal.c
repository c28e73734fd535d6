/* SPDX-License-Identifier: MIT */
#include "harness/report/plot-terminal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "harness/analysis/normalise.h"
#include "harness/report/figure.h"
#include "harness/report/machines-text.h"
#include "harness/report/tables-cell.h"
#include "harness/report/tables.h"
#include "harness/report/textual-bars.h"

const struct plot_terminal_figure plot_terminal_figures[] = {
    {"time", "Wall time", RUN_WALL},
    {"memory", "Peak memory", RUN_PEAK},
    {"leaked", "Bytes left unreachable at the end", RUN_LEAKED},
    {"pauses", "Longest pause", RUN_PAUSE_MAX},
};
const size_t plot_terminal_figure_count = sizeof(plot_terminal_figures) / sizeof(plot_terminal_figures[0]);

const struct plot_terminal_figure *plot_terminal_find(const char *name)
{
    for (size_t i = 0; i < plot_terminal_figure_count; i++)
        if (strcmp(plot_terminal_figures[i].name, name) == 0)
            return &plot_terminal_figures[i];
    return NULL;
}

/* The least median first, and what has none last. */
static int entries_compare(const void *left, const void *right)
{
    const struct normalise_entry *a = *(const struct normalise_entry *const *)left,
                                 *b = *(const struct normalise_entry *const *)right;
    if (isnan(a->median) || isnan(b->median))
        return isnan(a->median) - isnan(b->median);
    return (a->median > b->median) - (a->median < b->median);
}

/* Lists what a work has in the setting, in the order in which it is shown. Returns how many. */
static size_t entries_list(const struct plot_chosen *configs, const struct normalise_table *table,
                           size_t work, const struct normalise_entry **ret_entries)
{
    size_t count = 0;
    for (size_t i = 0; i < configs->count; i++) {
        const struct normalise_entry *entry = normalise_at(table, work, configs->places[i]);
        if (entry->cell && !run_cell_is_aside(entry->cell))
            ret_entries[count++] = entry;
    }
    qsort(ret_entries, count, sizeof(*ret_entries), entries_compare);
    return count;
}

static struct figure_unit entries_unit(const struct normalise_entry *const *entries, size_t count,
                                       enum run_metric metric)
{
    double *medians = memory_new(count, sizeof(*medians));
    for (size_t i = 0; i < count; i++)
        medians[i] = entries[i]->median > 0 ? entries[i]->median : NAN;
    struct figure_unit unit = figure_unit_of(metric, medians, count);
    free(medians);
    return unit;
}

static void entry_add(const struct run *run, const struct normalise_entry *entry, enum run_metric metric,
                      struct figure_unit unit, struct textual *table)
{
    const struct run_cell *cell = entry->cell;
    struct bootstrap_interval interval = run_cell_interval(run, cell, metric);
    char text[FIGURE_TEXT];
    figure_in_unit(entry->median, metric, unit, text);
    textual_add(table, TEXTUAL_PLAIN, "  %s", run->configs.names[cell->config]);
    if (run_cell_is_whole(cell))
        textual_add(table, entry->best ? TEXTUAL_BOLD : TEXTUAL_PLAIN, "%s%s", text,
                    entry->may_be_best        ? FIGURE_MAY_BE_BEST
                    : *figure_cell_mark(cell) ? figure_cell_mark(cell)
                                              : " ");
    else
        textual_add(table, TEXTUAL_BAD, "%s", cell->status);
    textual_add_bar(
        table, (struct bar){interval.low / unit.step, entry->median / unit.step, interval.high / unit.step});
}

/* Adds the rows of a work: its name, its unit and its axis, and then a bar for each collector. */
static void work_add(const struct run *run, const struct plot_chosen *configs,
                     const struct normalise_table *normalised, size_t work, enum run_metric metric,
                     struct textual *table)
{
    const struct normalise_entry **entries = memory_new(configs->count + 1, sizeof(*entries));
    size_t count = entries_list(configs, normalised, work, entries);
    if (count) {
        struct figure_unit unit = entries_unit(entries, count, metric);
        textual_add(table, TEXTUAL_BOLD, "%s", run->works.names[work]);
        textual_add(table, TEXTUAL_FAINT, "%s", unit.name);
        textual_add_axis(table, 0, false);
        for (size_t i = 0; i < count; i++)
            entry_add(run, entries[i], metric, unit, table);
    }
    free(entries);
}

static void title_print(const struct run *run, const struct plot_terminal_figure *figure, size_t setting,
                        FILE *stream)
{
    char shown[MACHINES_TEXT];
    char *title =
        text_format("%s, %s: the median of a workload's processes, the least first. * may be the best.",
                    figure->title, run->settings.names[setting]);
    textual_print_sentence(title, REPORT_TEXT, stream);
    machines_text_shown(run, shown);
    if (shown[0])
        textual_print_sentence(shown, REPORT_TEXT, stream);
    if (run->blocks > 1)
        textual_print_key("median", stream);
    putc('\n', stream);
    free(title);
}

static void setting_print(const struct run *run, const struct plot_terminal_figure *figure,
                          const struct plot_choice *choice, size_t setting, FILE *stream)
{
    const struct normalise_rule rule = {figure->metric, figure->metric, false};
    struct normalise_table normalised;
    struct textual table;
    normalise_setting(run, setting, &rule, &normalised);
    textual_init(&table, 3, 1);
    for (size_t i = 0; i < choice->works.count; i++)
        work_add(run, &choice->configs, &normalised, choice->works.places[i], figure->metric, &table);
    title_print(run, figure, setting, stream);
    textual_draw_bars(&table, stream);
    textual_print(&table, stream);
    textual_fini(&table);
    normalise_fini(&normalised);
}

void plot_terminal_print(const struct run *run, const struct plot_terminal_figure *figure,
                         const struct plot_choice *choice, FILE *stream)
{
    const struct tables tables = {.front = tables_front(run)};
    size_t setting = tables_front_of(run, &tables, figure->metric);
    if (setting < run->settings.count)
        setting_print(run, figure, choice, setting, stream);
    else
        fputs("No process of the run has this figure.\n", stream);
}
