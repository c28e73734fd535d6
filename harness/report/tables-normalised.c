/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-normalised.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"

static const struct dictionary_column normalised_columns[] = {
    TABLES_GROUPED_CELL_COLUMNS,
    TABLES_METRIC,
    TABLES_UNIT,
    COLUMN_NUMBER("median", DICTIONARY_UNIT_OF_ROW, "median over the processes", TABLES_NO_FIGURE),
    COLUMN_NUMBER("ratio", "ratio", "over the best of the workload: geometric mean over blocks",
                  "where the cell has no figure or stopped as warm, or the workload has no best"),
    COLUMN_NUMBER("low", "ratio", "lower end of its 95% interval", TABLES_NO_INTERVAL),
    COLUMN_NUMBER("high", "ratio", "upper end of its 95% interval", TABLES_NO_INTERVAL),
    TABLES_PROCESSES,
    COLUMN_FLAG("best", "whether the cell is the best of its workload"),
    COLUMN_WORD("verdict", TABLES_VERDICTS, "what is claimed of the cell over the best",
                "of the best, and where nothing is claimed of the metric"),
    COLUMN_FLAG("may_be_best", "whether no cell is shown to be better"),
    COLUMN_WORD(
        "status", TABLES_STATUSES " as_warm",
        "ok; how the first process that failed ended; missing: none has run yet; or `as_warm`: the cold cell "
        "stopped, as it takes the time of the warm one",
        NULL),
    TABLES_REASON,
};

const struct dictionary_file tables_normalised_file = {
    .name = "normalised",
    .path = "tables/normalised.csv",
    .row = "a cell and a metric over the best of its workload",
    .key = TABLES_CELL_KEY " metric",
    DICTIONARY_COLUMNS(normalised_columns)};

static const struct dictionary_column means_columns[] = {
    TABLES_SETTING,
    TABLES_CONFIG,
    TABLES_SERIES,
    TABLES_ROLE,
    TABLES_METRIC,
    COLUMN_NUMBER("ratio", "ratio",
                  "geometric mean of the ratios to the best over the workloads that are shared",
                  "where none is shared"),
    COLUMN_NUMBER("low", "ratio", "lower end of its 95% interval", TABLES_NO_INTERVAL),
    COLUMN_NUMBER("high", "ratio", "upper end of its 95% interval", TABLES_NO_INTERVAL),
    COLUMN_COUNT("works_shared", "count", "workloads of which every collector has a ratio", NULL),
    COLUMN_COUNT("works_measured", "count", "workloads with any cell in the setting", NULL),
    COLUMN_TEXT("reason", "why there is no mean", "where there is one"),
};

const struct dictionary_file tables_means_file = {.name = "means",
                                                  .path = "tables/means.csv",
                                                  .row = "a collector and a metric: the mean over workloads",
                                                  .key = "setting config metric",
                                                  DICTIONARY_COLUMNS(means_columns)};

/* ---- rules ---- */

const struct normalise_rule *tables_rule(int table)
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

/* ---- cells ---- */

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

/*
 * Whether a normalised table is written: not where nothing was counted, or warm processes have no such
 * figure.
 */
static bool tables_writes(const struct run *run, const struct tables *tables, int metric, size_t setting)
{
    return run_setting_measures(run, setting, tables_rule(metric)->metric) &&
           (metric != TABLES_OVERHEAD_INSTRUCTIONS ||
            tables_has_ratio(tables_normalised(tables, metric, setting)));
}

void tables_make_normalised(const struct run *run, struct tables *tables)
{
    struct table *table = table_add_file(&tables->set, &tables_normalised_file);
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

/* ---- means ---- */

/* Returns on how many works the config has a ratio. */
static size_t means_works(const struct run *run, const struct normalise_table *normalised, size_t config)
{
    size_t works = 0;
    for (size_t work = 0; work < run->works.measured; work++)
        works += !isnan(normalise_at(normalised, work, config)->ratio);
    return works;
}

/* Says why a table has no means, and which config has the fewest ratios. NULL where it has means. */
static char *means_reason(const struct run *run, const struct normalise_table *normalised)
{
    size_t fewest = SIZE_MAX, where = 0;
    if (normalised->shared > 0)
        return NULL;
    for (size_t config = 0; config < run->configs.measured; config++) {
        if (!normalised->means[config].measured || means_works(run, normalised, config) >= fewest)
            continue;
        fewest = means_works(run, normalised, config);
        where = config;
    }
    if (fewest == SIZE_MAX)
        return NULL;
    return text_format("no workload has a ratio of every collector: %s has one on %zu of %zu",
                       run->configs.names[where], fewest, normalised->measured);
}

static void means_write(struct table *table, const struct run *run, int metric, size_t setting,
                        const struct normalise_table *normalised)
{
    char *reason = means_reason(run, normalised);
    for (size_t config = 0; config < normalised->configs; config++) {
        const struct normalise_mean *mean = &normalised->means[config];
        if (!mean->measured)
            continue;
        table_text(table, run->settings.names[setting]);
        table_text(table, run->configs.names[config]);
        table_count(table, (int64_t)config);
        table_text(table, tables_role_names[mean->role]);
        table_text(table, tables_rule_name(metric));
        table_number(table, mean->ratio);
        table_interval(table, mean->interval);
        table_count(table, (int64_t)normalised->shared);
        table_count(table, (int64_t)normalised->measured);
        table_text(table, reason);
        table_end(table);
    }
    free(reason);
}

void tables_make_means(const struct run *run, struct tables *tables)
{
    struct table *table = table_add_file(&tables->set, &tables_means_file);
    for (int metric = 0; metric < TABLES_NORMALISED; metric++)
        for (size_t setting = 0; setting < tables->settings; setting++)
            if (tables_writes(run, tables, metric, setting))
                means_write(table, run, metric, setting, tables_normalised(tables, metric, setting));
}
