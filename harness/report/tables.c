/* SPDX-License-Identifier: MIT */
#include "harness/report/tables.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/report/tables-heap.h"
#include "harness/report/tables-kept.h"
#include "harness/report/tables-layout.h"
#include "harness/report/tables-machines.h"
#include "harness/report/tables-memory.h"
#include "harness/report/tables-normalised.h"
#include "harness/report/tables-parts.h"
#include "harness/report/tables-pause-times.h"
#include "harness/report/tables-pauses.h"
#include "harness/report/tables-steady.h"
#include "harness/report/tables-time-space.h"
#include "harness/report/tables-trade.h"

#define FAILED COLUMN_COUNT("failed", "count", "processes that failed", NULL)

static const struct dictionary_column cells_columns[] = {
    TABLES_GROUPED_CELL_COLUMNS,
    COLUMN_FLAG("baseline", "whether the cell is of the workload `null`, which the harness adds"),
    TABLES_METRIC,
    TABLES_UNIT,
    COLUMN_NUMBER("median", DICTIONARY_UNIT_OF_ROW, "median over the processes", TABLES_NO_FIGURE),
    COLUMN_NUMBER("low", DICTIONARY_UNIT_OF_ROW, "lower end of its 95% interval",
                  "where there is no interval, or none is made of the metric"),
    COLUMN_NUMBER("high", DICTIONARY_UNIT_OF_ROW, "upper end of its 95% interval",
                  "where there is no interval, or none is made of the metric"),
    TABLES_PROCESSES,
    FAILED,
    TABLES_STATUS,
    TABLES_REASON,
    COLUMN_TEXT("note",
                "what is to be said of the figure: that there are too few pauses, or that a process of a "
                "warm cell was not warm",
                "where there is nothing"),
};

const struct dictionary_file tables_cells_file = {.name = "cells",
                                                  .path = "tables/cells.csv",
                                                  .row = "a cell and a metric",
                                                  .key = TABLES_CELL_KEY " metric",
                                                  DICTIONARY_COLUMNS(cells_columns)};

static const struct dictionary_column failures_columns[] = {
    TABLES_GROUPED_CELL_COLUMNS,
    TABLES_STATUS,
    FAILED,
    TABLES_PROCESSES,
    COLUMN_TEXT("reason", "why the cell has no figure", NULL),
};

const struct dictionary_file tables_failures_file = {.name = "failures",
                                                     .path = "tables/failures.csv",
                                                     .row = "a cell without a figure",
                                                     .key = TABLES_CELL_KEY,
                                                     DICTIONARY_COLUMNS(failures_columns)};

static const struct dictionary_column settings_columns[] = {
    TABLES_GROUPED_CELL_COLUMNS,
    COLUMN_PLACE("place", "place of the setting in charts, from 0"),
    COLUMN_TEXT("base", "the setting that the cell is divided by: the first with the same memory", NULL),
    TABLES_METRIC,
    COLUMN_NUMBER("ratio", "ratio", "geometric mean over the blocks that both have",
                  "where one of the two has none"),
    COLUMN_NUMBER("low", "ratio", "lower end of its 95% interval", TABLES_NO_INTERVAL),
    COLUMN_NUMBER("high", "ratio", "upper end of its 95% interval", TABLES_NO_INTERVAL),
    TABLES_PROCESSES,
    TABLES_STATUS,
    TABLES_REASON,
};

const struct dictionary_file tables_settings_file = {
    .name = "settings",
    .path = "tables/settings.csv",
    .row = "a cell and a metric over the same in the first setting",
    .key = TABLES_CELL_KEY " metric",
    DICTIONARY_COLUMNS(settings_columns)};

bool tables_has_ratio(const struct normalise_table *table)
{
    for (size_t i = 0; i < table->works * table->configs; i++)
        if (!isnan(table->entries[i].ratio))
            return true;
    return false;
}

size_t tables_front_of(const struct run *run, const struct tables *tables, enum run_metric metric)
{
    return run_setting_measures(run, tables->front, metric) ? tables->front
                                                            : tables_memory_other(run, tables->front);
}

/*
 * Whether rows of this metric have an interval. An interval costs a bootstrap, so only the metrics that
 * readers compare have one.
 */
static bool tables_has_interval(enum run_metric metric)
{
    return metric <= RUN_SHARE || metric == RUN_PAUSE_P99 || metric == RUN_PAUSE_MAX;
}

static void tables_make_cells(const struct run *run, struct table_set *set)
{
    struct table *table = table_add_file(set, &tables_cells_file);
    for (size_t i = 0; i < run->cell_count; i++)
        for (int metric = 0; metric < RUN_METRICS; metric++) {
            const struct run_cell *cell = &run->cells[i];
            struct bootstrap_interval interval = {NAN, NAN};
            if (!run_cell_measures(run, cell, (enum run_metric)metric))
                continue;
            if (tables_has_interval((enum run_metric)metric))
                interval = run_cell_interval(run, cell, (enum run_metric)metric);
            tables_grouped_cell(table, run, cell);
            table_count(table, cell->baseline);
            table_text(table, run_metric_names[metric].name);
            table_text(table, run_metric_names[metric].unit);
            table_number(table, run_cell_median(run, cell, (enum run_metric)metric));
            table_interval(table, interval);
            table_count(table, (int64_t)run_cell_shown_processes(run, cell));
            table_count(table, (int64_t)cell->failed);
            table_text(table, cell->status);
            table_text(table, cell->reason);
            table_text(table, tables_note(run, cell, (enum run_metric)metric));
            table_end(table);
        }
}

static void tables_make_failures(const struct run *run, struct table_set *set)
{
    struct table *table = table_add_file(set, &tables_failures_file);
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (!cell->reason)
            continue;
        tables_grouped_cell(table, run, cell);
        table_text(table, cell->status);
        table_count(table, (int64_t)cell->failed);
        table_count(table, (int64_t)cell->processes);
        table_text(table, cell->reason);
        table_end(table);
    }
}

/* Whether both cells have cold memory, or both warm. Cold and warm are compared in a table of their own. */
static bool tables_same_memory(const struct run *run, const struct run_cell *a, const struct run_cell *b)
{
    return run_cell_is_warm(run, a) == run_cell_is_warm(run, b);
}

/* Returns the cell of the same work, config and memory in the first setting that has one. */
static const struct run_cell *tables_first_setting(const struct run *run, const struct run_cell *cell)
{
    for (size_t setting = 0; setting < run->settings.count; setting++) {
        const struct run_cell *found = run_cell_at(run, cell->work, cell->config, setting);
        if (found && tables_same_memory(run, found, cell))
            return found;
    }
    return cell;
}

/*
 * Compares time and memory of each cell with those of the same work and config in the plan's first setting.
 */
static void tables_make_settings(const struct run *run, struct table_set *set)
{
    struct table *table = table_add_file(set, &tables_settings_file);
    static const enum run_metric metrics[] = {RUN_WALL, RUN_PEAK};
    for (size_t i = 0; i < run->cell_count; i++)
        for (size_t which = 0; which < 2; which++) {
            const struct run_cell *cell = &run->cells[i], *base = tables_first_setting(run, cell);
            if (run_cell_is_aside(cell) || base == cell || !run_cell_measures(run, cell, metrics[which]))
                continue;
            struct normalise_ratio ratio = normalise_pair(run, cell, base, metrics[which]);
            tables_grouped_cell(table, run, cell);
            table_count(table, (int64_t)cell->setting);
            table_text(table, run->settings.names[base->setting]);
            table_text(table, run_metric_names[metrics[which]].name);
            table_number(table, ratio.ratio);
            table_interval(table, ratio.interval);
            table_count(table, (int64_t)cell->processes);
            table_text(table, cell->reason ? cell->status : base->status);
            table_text(table, cell->reason ? cell->reason : base->reason);
            table_end(table);
        }
}

/* The tables that are made cell by cell. */
struct tables_recorded {
    struct tables_pauses pauses;
    struct tables_heap heaps;
    struct tables_latencies latencies;
};

/* Begins them, in the order in which the page lists them. */
static void tables_begin_recorded(struct table_set *set, struct tables_recorded *recorded)
{
    recorded->pauses.quantiles = table_add_file(set, &tables_pauses_file);
    recorded->pauses.curve = table_add_file(set, &tables_pause_curve_file);
    recorded->heaps.heap = table_add_file(set, &tables_heap_file);
    recorded->heaps.collections = table_add_file(set, &tables_collections_file);
    recorded->heaps.window = table_add_file(set, &tables_heap_window_file);
    recorded->heaps.least = table_add_file(set, &tables_heap_least_file);
    recorded->heaps.steady = table_add_file(set, &tables_steady_file);
    recorded->heaps.pauses = table_add_file(set, &tables_pause_times_file);
    recorded->pauses.utilisation = table_add_file(set, &tables_utilisation_file);
    recorded->latencies.quantiles = table_add_file(set, &tables_latency_file);
    recorded->latencies.curve = table_add_file(set, &tables_latency_curve_file);
}

/* Adds a cell to the tables of pauses and latencies. Its records are read once for both. */
static int tables_add_recorded(const struct run *run, size_t index, struct tables_recorded *recorded,
                               struct tables_latency *ret_latency)
{
    struct tables_records records;
    int status = tables_records_read(run, &run->cells[index], &records);
    if (status == 0)
        status = tables_pauses_add(run, index, &records, &recorded->pauses);
    if (status == 0)
        status = tables_latency_add(run, index, &records, &recorded->latencies, ret_latency);
    tables_records_free(&records);
    return status;
}

/*
 * Keeps the tables of a run handed on without raw files. The page then shows the latencies of the table
 * that is kept.
 */
static void tables_keep_old(const struct run *run, struct tables *tables)
{
    tables_keep(run, &tables->set);
    const struct table *latency = table_find(&tables->set, "latency");
    if (latency->kept)
        tables_latency_take(run, latency, tables->latencies);
}

int tables_make_raw(const struct run *run, struct tables *tables)
{
    struct tables_recorded recorded;
    tables->latencies = memory_new(run->cell_count, sizeof(*tables->latencies));
    int status = tables_pauses_untimed_most(run, tables->front, &tables->untimed);
    tables_begin_recorded(&tables->set, &recorded);
    for (size_t i = 0; i < run->cell_count && status == 0; i++)
        if (run_cell_is_whole(&run->cells[i]) && !run_cell_is_aside(&run->cells[i]))
            status = tables_add_recorded(run, i, &recorded, &tables->latencies[i]);
    for (size_t work = 0; work < run->works.measured && status == 0; work++)
        for (size_t setting = 0; setting < run->settings.count && status == 0; setting++)
            status = tables_heap_add(run, work, setting, &recorded.heaps);
    return status;
}

/* Computes what several tables share. */
static void tables_compute(const struct run *run, struct tables *tables)
{
    tables->normalised = memory_new(TABLES_NORMALISED * tables->settings, sizeof(*tables->normalised));
    for (int metric = 0; metric < TABLES_NORMALISED; metric++)
        for (size_t setting = 0; setting < tables->settings; setting++)
            normalise_setting(run, setting, tables_rule(metric),
                              &tables->normalised[(size_t)metric * tables->settings + setting]);
    for (int metric = 0; metric < TABLES_CLAIMS; metric++)
        claims_make(run, tables_claims_metrics[metric], &tables->claims[metric]);
    tables->front = tables_front(run);
}

int tables_make(const struct run *run, const char *baseline, struct tables *tables)
{
    *tables = (struct tables){.settings = run->settings.count};
    int status = tables_baseline_find(run, baseline, &tables->baseline);
    if (status != 0)
        return status;
    tables_compute(run, tables);
    tables_make_claims(run, tables->claims, tables->baseline, &tables->set);
    tables_make_machines(run, tables->claims, &tables->set);
    tables_make_cells(run, &tables->set);
    tables_make_normalised(run, tables);
    tables_make_means(run, tables);
    tables_make_trade(run, tables);
    tables_make_settings(run, &tables->set);
    tables_make_failures(run, &tables->set);
    tables_make_layouts(run, tables_normalised(tables, TABLES_WALL, 0), &tables->set);
    tables_make_parts(run, &tables->set);
    tables_make_memory(run, &tables->set);
    status = tables_make_machine(run, &tables->set, &tables->machine);
    status = status ? status : tables_make_raw(run, tables);
    if (status == 0)
        status = tables_make_time_space(run, tables_normalised(tables, TABLES_WALL, 0), &tables->set);
    if (status == 0)
        tables_keep_old(run, tables);
    return status;
}

void tables_fini(struct tables *tables)
{
    for (size_t i = 0; tables->normalised && i < TABLES_NORMALISED * tables->settings; i++)
        normalise_fini(&tables->normalised[i]);
    free(tables->normalised);
    for (int metric = 0; metric < TABLES_CLAIMS; metric++)
        claims_fini(&tables->claims[metric]);
    tables_machine_fini(&tables->machine);
    trade_fini(&tables->trade);
    free(tables->latencies);
    tables->normalised = NULL;
    tables->latencies = NULL;
    table_set_free(&tables->set);
}
