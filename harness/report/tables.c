/* SPDX-License-Identifier: MIT */
#include "harness/report/tables.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/report/tables-heap.h"
#include "harness/report/tables-kept.h"
#include "harness/report/tables-layout.h"
#include "harness/report/tables-memory.h"
#include "harness/report/tables-parts.h"
#include "harness/report/tables-pauses.h"
#include "harness/report/tables-time-space.h"

static const struct normalise_rule *tables_rule(int table)
{
    return table >= TABLES_OVERHEAD ? &normalise_lower_bounds[table - TABLES_OVERHEAD]
                                    : &normalise_to_best[table];
}

static const char *tables_rule_name(int table)
{
    static const char *const overheads[NORMALISE_BOUNDS] = {"overhead", "overhead_cpu",
                                                            "overhead_instructions"};
    return table >= TABLES_OVERHEAD ? overheads[table - TABLES_OVERHEAD]
                                    : run_metric_names[tables_rule(table)->metric].name;
}

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
    struct table *table =
        table_add(set, "cells",
                  TABLES_GROUPED_CELL_HEADER
                  ",baseline,metric,unit,median,low,high,processes,failed,status,reason,note");
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
            table_count(table, (int64_t)cell->processes);
            table_count(table, (int64_t)cell->failed);
            table_text(table, cell->status);
            table_text(table, cell->reason);
            table_text(table, tables_note(run, cell, (enum run_metric)metric));
            table_end(table);
        }
}

/* Returns the claims of the metric that a normalised table divides; NULL where none are made. */
static const struct claims *tables_claims_of(const struct tables *tables, int rule)
{
    return rule == TABLES_WALL   ? &tables->claims[TABLES_CLAIMS_WALL]
           : rule == TABLES_PEAK ? &tables->claims[TABLES_CLAIMS_PEAK]
                                 : NULL;
}

static void tables_normalised_row(struct table *table, const struct run *run, const struct tables *tables,
                                  const struct normalise_table *normalised,
                                  const struct normalise_entry *entry, int rule)
{
    const struct claims *claims = tables_claims_of(tables, rule);
    const struct normalise_entry *best = tables_best(normalised, entry->cell->work);
    tables_grouped_cell(table, run, entry->cell);
    table_text(table, tables_rule_name(rule));
    table_text(table, run_metric_names[tables_rule(rule)->metric].unit);
    table_number(table, entry->median);
    table_number(table, entry->ratio);
    table_interval(table, entry->interval);
    table_count(table, (int64_t)entry->cell->processes);
    table_count(table, entry->best);
    table_text(table, claims && best ? tables_claims_verdict(claims, entry->cell, best->cell) : "");
    table_count(table, entry->may_be_best);
    table_text(table, entry->as_warm ? "as_warm" : entry->cell->status);
    table_text(table, entry->cell->reason);
    table_end(table);
}

/* Whether a normalised table is written: not where nothing was counted, or warm processes have no such figure. */
static bool tables_writes(const struct run *run, const struct tables *tables, int metric, size_t setting)
{
    return run_setting_measures(run, setting, tables_rule(metric)->metric) &&
           (metric != TABLES_OVERHEAD_INSTRUCTIONS ||
            tables_has_ratio(tables_normalised(tables, metric, setting)));
}

static void tables_make_normalised(const struct run *run, struct tables *tables)
{
    struct table *table =
        table_add(&tables->set, "normalised",
                  TABLES_GROUPED_CELL_HEADER
                  ",metric,unit,median,ratio,low,high,processes,best,verdict,may_be_best,status,reason");
    for (int metric = 0; metric < TABLES_NORMALISED; metric++)
        for (size_t setting = 0; setting < tables->settings; setting++) {
            const struct normalise_table *normalised = tables_normalised(tables, metric, setting);
            if (!tables_writes(run, tables, metric, setting))
                continue;
            for (size_t i = 0; i < normalised->works * normalised->configs; i++)
                if (normalised->entries[i].cell && !run_cell_is_aside(normalised->entries[i].cell))
                    tables_normalised_row(table, run, tables, normalised, &normalised->entries[i], metric);
        }
}

static void tables_make_means(const struct run *run, struct tables *tables)
{
    struct table *table =
        table_add(&tables->set, "means",
                  "setting,config,series,role,metric,ratio,low,high,works_shared,works_measured");
    for (int metric = 0; metric < TABLES_NORMALISED; metric++)
        for (size_t setting = 0; setting < tables->settings; setting++) {
            const struct normalise_table *normalised = tables_normalised(tables, metric, setting);
            if (!tables_writes(run, tables, metric, setting))
                continue;
            for (size_t config = 0; config < normalised->configs; config++) {
                if (!normalised->means[config].measured)
                    continue;
                table_text(table, run->settings.names[setting]);
                table_text(table, run->configs.names[config]);
                table_count(table, (int64_t)config);
                table_text(table, tables_role_names[normalised->means[config].role]);
                table_text(table, tables_rule_name(metric));
                table_number(table, normalised->means[config].ratio);
                table_interval(table, normalised->means[config].interval);
                table_count(table, (int64_t)normalised->shared);
                table_count(table, (int64_t)normalised->measured);
                table_end(table);
            }
        }
}

static void tables_make_failures(const struct run *run, struct table_set *set)
{
    struct table *table =
        table_add(set, "failures", TABLES_GROUPED_CELL_HEADER ",status,failed,processes,reason");
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
    struct table *table =
        table_add(set, "settings",
                  TABLES_GROUPED_CELL_HEADER ",place,base,metric,ratio,low,high,processes,status,reason");
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

/* Makes the tables of pauses and of heaps over time, in the order in which the page lists them. */
static int tables_make_recorded(const struct run *run, struct table_set *set)
{
    struct tables_pauses pauses;
    struct tables_heap heaps;
    int status = 0;
    pauses.quantiles = table_add(set, "pauses", TABLES_PAUSES_HEADER);
    pauses.curve = table_add(set, "pause_curve", TABLES_PAUSE_CURVE_HEADER);
    heaps.heap = table_add(set, "heap", TABLES_HEAP_HEADER);
    heaps.collections = table_add(set, "collections", TABLES_COLLECTIONS_HEADER);
    heaps.window = table_add(set, "heap_window", TABLES_HEAP_WINDOW_HEADER);
    heaps.least = table_add(set, "heap_least", TABLES_HEAP_LEAST_HEADER);
    pauses.utilisation = table_add(set, "utilisation", TABLES_UTILISATION_HEADER);
    for (size_t i = 0; i < run->cell_count && status == 0; i++)
        if (run_cell_is_whole(&run->cells[i]) && !run_cell_is_aside(&run->cells[i]))
            status = tables_pauses_add(run, i, &pauses);
    for (size_t work = 0; work < run->works.measured && status == 0; work++)
        for (size_t setting = 0; setting < run->settings.count && status == 0; setting++)
            status = tables_heap_add(run, work, setting, &heaps);
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
    tables->latencies = memory_new(run->cell_count, sizeof(*tables->latencies));
    int status = tables_pauses_untimed_most(run, tables->front, &tables->untimed);
    status = status ? status : tables_make_recorded(run, &tables->set);
    return status ? status : tables_make_latency(run, &tables->set, tables->latencies);
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
    tables_make_cells(run, &tables->set);
    tables_make_normalised(run, tables);
    tables_make_means(run, tables);
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
    free(tables->latencies);
    tables->normalised = NULL;
    tables->latencies = NULL;
    table_set_free(&tables->set);
}
