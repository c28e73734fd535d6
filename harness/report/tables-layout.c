/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-layout.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/quantile.h"

#define UNKNOWN "where it cannot be estimated"

static const struct dictionary_column layouts_columns[] = {
    TABLES_GROUPED_CELL_COLUMNS,
    TABLES_METRIC,
    COLUMN_TEXT("over", "what the cell is divided by in each block: the best of its workload, as in `config`",
                "where the cell stands alone"),
    COLUMN_COUNT("layouts", "count", "layouts with processes", NULL),
    COLUMN_COUNT("processes", "count", "processes that the figures are of", NULL),
    COLUMN_NUMBER("deviation", "ln", "standard deviation between layouts", UNKNOWN),
    COLUMN_NUMBER("low", "ln", "lower end of its 95% interval", UNKNOWN),
    COLUMN_NUMBER("high", "ln", "upper end of its 95% interval", UNKNOWN),
    COLUMN_NUMBER("within", "ln", "standard deviation within a layout", UNKNOWN),
    COLUMN_NUMBER("share", "share", "share of the variance that is between layouts", UNKNOWN),
    COLUMN_NUMBER("share_low", "share", "lower end of its 95% interval", UNKNOWN),
    COLUMN_NUMBER("share_high", "share", "upper end of its 95% interval", UNKNOWN),
    COLUMN_NUMBER("p", "share", "chance of such a deviation if layouts did not matter", UNKNOWN),
};

const struct dictionary_file tables_layouts_file = {
    .name = "layouts",
    .path = "tables/layouts.csv",
    .row = "a cell, alone or over the best of its workload: how much of its scatter is the layout",
    DICTIONARY_COLUMNS(layouts_columns)};

const struct run_cell *tables_layout_base(const struct run *run, const struct normalise_table *normalised,
                                          const struct run_cell *cell)
{
    for (size_t config = 0; config < normalised->configs; config++) {
        const struct normalise_entry *entry = normalise_at(normalised, cell->work, config);
        if (entry->best && entry->cell != cell)
            return entry->cell;
    }
    return NULL;
}

static void layout_write_row(struct table *table, const struct run *run, const struct run_cell *cell,
                             const struct run_cell *base)
{
    struct variance variance = variance_of_layouts(run, cell, base, RUN_WALL);
    tables_grouped_cell(table, run, cell);
    table_text(table, run_metric_names[RUN_WALL].name);
    table_text(table, base ? run->configs.names[base->config] : "");
    table_count(table, (int64_t)variance.groups);
    table_count(table, (int64_t)variance.values);
    table_number(table, variance.between);
    table_interval(table, variance.between_interval);
    table_number(table, variance.within);
    table_number(table, variance.share);
    table_interval(table, variance.share_interval);
    table_number(table, variance.p);
    table_end(table);
}

void tables_make_layouts(const struct run *run, const struct normalise_table *walls, struct table_set *set)
{
    struct table *table = table_add_file(set, &tables_layouts_file);
    for (size_t i = 0; run->layout_count > 1 && i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (run_cell_is_aside(cell) || !run_cell_is_whole(cell))
            continue;
        const struct run_cell *base = tables_layout_base(run, &walls[cell->setting], cell);
        layout_write_row(table, run, cell, NULL);
        if (base)
            layout_write_row(table, run, cell, base);
    }
}

/* Writes words such as "environment, addresses; not link order: ninja is not in PATH". */
void tables_layout_words(const struct run *run, char *text, size_t size)
{
    const json_t *layouts = json_object_get(run->store->manifest, "layouts"), *varied;
    json_t *not_varied = json_object_get(layouts, "not_varied"), *reason;
    const char *name;
    size_t index, length = 0;
    text[0] = '\0';
    json_array_foreach(json_object_get(layouts, "varied"), index, varied)
        if (length < size)
            length += (size_t)snprintf(text + length, size - length, "%s%s", index ? ", " : "",
                                       json_string_value(varied));
    json_object_foreach(not_varied, name, reason)
        if (length < size)
            length += (size_t)snprintf(text + length, size - length, "; not %s: %s", name,
                                       json_string_value(reason));
}

struct tables_layout_sum tables_layout_sum(const struct run *run, const struct normalise_table *walls)
{
    struct tables_layout_sum sum = {.median = NAN, .largest = NAN};
    double *deviations = memory_new(run->cell_count, sizeof(*deviations));
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        deviations[i] = NAN;
        const struct run_cell *base =
            cell->setting == 0 && !run_cell_is_aside(cell) ? tables_layout_base(run, &walls[0], cell) : NULL;
        if (!base)
            continue;
        struct variance variance = variance_of_layouts(run, cell, base, RUN_WALL);
        deviations[i] = variance.between;
        if (isnan(sum.largest) || deviations[i] > sum.largest) {
            sum.largest = deviations[i];
            sum.largest_interval = variance.between_interval;
            sum.cell = cell;
        }
    }
    if (deviations)
        sum.median = quantile_median(deviations, run->cell_count);
    free(deviations);
    return sum;
}
