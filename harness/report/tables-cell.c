/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-cell.h"

#include <string.h>

void tables_cell(struct table *table, const struct run *run, const struct run_cell *cell)
{
    table_text(table, run->settings.names[cell->setting]);
    table_text(table, run->works.names[cell->work]);
    table_text(table, run->configs.names[cell->config]);
    table_count(table, (int64_t)cell->work);
    table_count(table, (int64_t)cell->config);
}

void tables_grouped_cell(struct table *table, const struct run *run, const struct run_cell *cell)
{
    table_text(table, run->settings.names[cell->setting]);
    table_text(table, run->works.names[cell->work]);
    table_text(table, run->works.groups[cell->work]);
    table_text(table, run->configs.names[cell->config]);
    table_count(table, (int64_t)cell->work);
    table_count(table, (int64_t)cell->config);
}

const char *tables_collector(const struct run *run, size_t config)
{
    for (size_t i = 0; i < run->cell_count; i++)
        if (run->cells[i].config == config)
            return run_cell_text(run, &run->cells[i], "collector");
    return "";
}

size_t tables_curve(const struct run *run, size_t config)
{
    const char *collector = tables_collector(run, config);
    size_t curve = 0;
    for (size_t before = 0; before < run->configs.measured; before++) {
        const char *other = tables_collector(run, before);
        bool first = true;
        if (strcmp(other, collector) == 0)
            return curve;
        for (size_t i = 0; i < before && first; i++)
            first = strcmp(tables_collector(run, i), other) != 0;
        curve += first;
    }
    return curve;
}

const char *tables_role_name(const struct run_cell *cell, bool best)
{
    static const char *const names[] = {
        [RUN_RECLAIMS] = "reclaims", [RUN_LEAKS] = "leaks", [RUN_FLOOR] = "floor"};
    bool marked = cell->role != RUN_RECLAIMS; /* a lower bound may divide by such a cell: it keeps its mark */
    return cell->observer ? "observes" : best && !marked ? "best" : names[cell->role];
}
