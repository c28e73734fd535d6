/* SPDX-License-Identifier: MIT */
#include "harness/report/overview-bars.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "harness/analysis/trade.h"
#include "harness/report/figure.h"
#include "harness/report/tables-cell.h"
#include "harness/report/tables.h"
#include "harness/report/textual-bars.h"

static const char *const bars_titles[TRADE_METRICS] = {
    [TRADE_WALL] = "wall time", [TRADE_PEAK] = "peak memory", [TRADE_PAUSE] = "longest pause"};

struct bars_row {
    size_t member; /* a place in the trade's members */
    double value;  /* its own mean, in the unit of the metric */
    enum run_role role;
};

static int rows_compare(const void *left, const void *right)
{
    const struct bars_row *a = left, *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

/* Returns the role of a member that is furthest from doing the whole job, over the shared works. */
static enum run_role role_of(const struct run *run, const struct trade *trade, int metric, size_t member)
{
    enum run_role role = RUN_RECLAIMS;
    for (size_t i = 0; i < trade->shared; i++) {
        const struct run_cell *cell =
            run_cell_at(run, trade->works[i], trade->members[member], trade->settings[metric]);
        role = cell && cell->role > role ? cell->role : role;
    }
    return role;
}

/* Lists the members, the least first. */
static struct bars_row *rows_list(const struct run *run, const struct trade *trade, int metric)
{
    struct bars_row *rows = memory_new(trade->count, sizeof(*rows));
    for (size_t i = 0; i < trade->count; i++)
        rows[i] = (struct bars_row){i, trade_at(trade, metric, i, trade->count)->ratio,
                                    role_of(run, trade, metric, i)};
    qsort(rows, trade->count, sizeof(*rows), rows_compare);
    return rows;
}

static void row_add(const struct run *run, const struct trade *trade, const struct bars_row *row,
                    const struct normalise_ratio *ratio, bool best, struct textual *table)
{
    char text[FIGURE_TEXT];
    const char *mark = figure_mark(row->role);
    figure_ratio(ratio->ratio, text);
    textual_add(table, TEXTUAL_PLAIN, "  %s", run->configs.names[trade->members[row->member]]);
    textual_add(table, best ? TEXTUAL_BOLD : TEXTUAL_PLAIN, "%s%s", text, *mark ? mark : " ");
    textual_add_bar(table,
                    best ? BAR_OF(1) : (struct bar){ratio->interval.low, ratio->ratio, ratio->interval.high});
}

/* Adds the rows of a metric, under its axis. None where no member did the whole job. */
static void metric_add(const struct run *run, const struct trade *trade, int metric, struct textual *table)
{
    struct bars_row *rows = rows_list(run, trade, metric);
    size_t base = 0;
    while (base < trade->count && rows[base].role != RUN_RECLAIMS)
        base++;
    if (base < trade->count) {
        textual_add(table, TEXTUAL_BOLD, "%s, %s", bars_titles[metric],
                    run->settings.names[trade->settings[metric]]);
        textual_add(table, TEXTUAL_BOLD, "x ");
        textual_add_axis(table, 1, true);
    }
    for (size_t i = 0; i < trade->count && base < trade->count; i++)
        row_add(run, trade, &rows[i], trade_at(trade, metric, rows[i].member, rows[base].member), i == base,
                table);
    free(rows);
}

/* Whether any mean has an interval: one block gives none. */
static bool has_intervals(const struct trade *trade)
{
    size_t ratios = TRADE_METRICS * trade->count * (trade->count + 1);
    for (size_t i = 0; i < ratios; i++)
        if (isfinite(trade->ratios[i].interval.low) && isfinite(trade->ratios[i].interval.high))
            return true;
    return false;
}

static void title_print(const struct trade *trade, FILE *stream)
{
    char *title =
        text_format("Geometric means over the %zu of %zu workloads that these collectors share, over the "
                    "least of one that did the whole job",
                    trade->shared, trade->measured);
    textual_print_title(title, REPORT_TEXT, stream);
    if (has_intervals(trade))
        textual_print_key("mean", stream);
    putc('\n', stream);
    free(title);
}

static void trade_print(const struct run *run, const struct trade *trade, enum run_metric metric,
                        FILE *stream)
{
    struct textual table;
    textual_init(&table, 3, 1);
    for (int i = 0; i < TRADE_METRICS; i++)
        if (metric == RUN_METRICS || metric == trade_metrics[i])
            metric_add(run, trade, i, &table);
    if (table.count) {
        title_print(trade, stream);
        textual_draw_bars(&table, stream);
        textual_print(&table, stream);
        putc('\n', stream);
    }
    textual_fini(&table);
}

void overview_bars_print(const struct run *run, enum run_metric metric, FILE *stream)
{
    const struct tables tables = {.front = tables_front(run)};
    size_t settings[TRADE_METRICS];
    struct trade trade;
    for (int i = 0; i < TRADE_METRICS; i++)
        settings[i] = tables_front_of(run, &tables, trade_metrics[i]);
    trade_make(run, settings, &trade);
    if (trade.shared && trade.count > 1)
        trade_print(run, &trade, metric, stream);
    trade_fini(&trade);
}
