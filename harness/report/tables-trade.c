/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-trade.h"

#include <math.h>

#include "harness/report/tables-cell.h"

static const struct dictionary_column trade_columns[] = {
    TABLES_METRIC,
    TABLES_SETTING,
    TABLES_CONFIG,
    TABLES_SERIES,
    COLUMN_TEXT("base", "the collector that the value is over, as in `config`",
                "where the value stands alone"),
    COLUMN_WORD("unit", "ns bytes ratio", "unit of the value", NULL),
    COLUMN_NUMBER("value", DICTIONARY_UNIT_OF_ROW,
                  "geometric mean over the workloads that are shared. A pause counts as 1 µs at least",
                  "where there is a reason"),
    COLUMN_NUMBER("low", DICTIONARY_UNIT_OF_ROW, "lower end of its 95% interval", TABLES_NO_INTERVAL),
    COLUMN_NUMBER("high", DICTIONARY_UNIT_OF_ROW, "upper end of its 95% interval", TABLES_NO_INTERVAL),
    COLUMN_COUNT("works_shared", "count", "workloads of which every collector here has all three metrics",
                 NULL),
    COLUMN_COUNT("works_measured", "count", "workloads of which any collector has all three metrics", NULL),
    COLUMN_TEXT("reason", "why there is no value", "where there is one"),
};

const struct dictionary_file tables_trade_file = {
    .name = "trade",
    .path = "tables/trade.csv",
    .row = "a collector and a metric, alone or over another collector: means over workloads",
    DICTIONARY_COLUMNS(trade_columns)};

/* A row: a config, alone or over another one. */
struct trade_row {
    int metric;
    size_t config;
    const char *base; /* NULL: alone */
    struct normalise_ratio value;
    const char *reason;
};

static void trade_write(struct table *table, const struct run *run, const struct trade *trade,
                        const struct trade_row *row)
{
    const struct run_metric_name *metric = &run_metric_names[trade_metrics[row->metric]];
    table_text(table, metric->name);
    table_text(table, run->settings.names[trade->settings[row->metric]]);
    table_text(table, run->configs.names[row->config]);
    table_count(table, (int64_t)row->config);
    table_text(table, row->base);
    table_text(table, row->base ? "ratio" : metric->unit);
    table_number(table, row->value.ratio);
    table_interval(table, row->value.interval);
    table_count(table, (int64_t)trade->shared);
    table_count(table, (int64_t)trade->measured);
    table_text(table, row->reason);
    table_end(table);
}

/* Writes a member: its own value first, then that over each of the others. */
static void trade_write_member(struct table *table, const struct run *run, const struct trade *trade,
                               int metric, size_t member)
{
    const char *reason =
        trade->shared ? NULL
                      : "no workload has the time, the peak memory and the longest pause of every collector";
    struct trade_row row = {.metric = metric, .config = trade->members[member], .reason = reason};
    row.value = *trade_at(trade, metric, member, trade->count);
    trade_write(table, run, trade, &row);
    for (size_t base = 0; base < trade->count; base++) {
        if (base == member)
            continue;
        row.base = run->configs.names[trade->members[base]];
        row.value = *trade_at(trade, metric, member, base);
        trade_write(table, run, trade, &row);
    }
}

/* Returns the place of the config among the members, or trade->count. */
static size_t trade_member(const struct trade *trade, size_t config)
{
    size_t member = 0;
    while (member < trade->count && trade->members[member] != config)
        member++;
    return member;
}

static bool trade_has_cells(const struct run *run, size_t config, size_t setting)
{
    for (size_t work = 0; work < run->works.measured; work++)
        if (run_cell_at(run, work, config, setting))
            return true;
    return false;
}

static void trade_write_metric(struct table *table, const struct run *run, const struct trade *trade,
                               int metric)
{
    const struct normalise_ratio none = {NAN, {NAN, NAN}};
    for (size_t config = 0; config < run->configs.measured; config++) {
        struct trade_row left_out = {.metric = metric,
                                     .config = config,
                                     .value = none,
                                     .reason =
                                         "has all three metrics on fewer than two thirds of the workloads"};
        size_t member = trade_member(trade, config);
        if (member < trade->count)
            trade_write_member(table, run, trade, metric, member);
        else if (trade_has_cells(run, config, trade->settings[metric]))
            trade_write(table, run, trade, &left_out);
    }
}

void tables_make_trade(const struct run *run, struct tables *tables)
{
    struct table *table = table_add_file(&tables->set, &tables_trade_file);
    size_t settings[TRADE_METRICS];
    for (int metric = 0; metric < TRADE_METRICS; metric++)
        settings[metric] = tables_front_of(run, tables, trade_metrics[metric]);
    trade_make(run, settings, &tables->trade);
    for (int metric = 0; metric < TRADE_METRICS; metric++)
        if (settings[metric] < run->settings.count)
            trade_write_metric(table, run, &tables->trade, metric);
}
