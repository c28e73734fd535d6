/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-cell.h"

#include <string.h>

size_t tables_front(const struct run *run)
{
    size_t front = 0, most = 0;
    for (size_t setting = 0; setting < run->settings.count; setting++) {
        size_t processes = 0;
        for (size_t i = 0; i < run->cell_count; i++)
            if (run->cells[i].setting == setting && !run_cell_is_aside(&run->cells[i]) &&
                run_cell_is_whole(&run->cells[i]))
                processes += run->cells[i].processes;
        if (processes > most) {
            front = setting;
            most = processes;
        }
    }
    return front;
}

void tables_cell(struct table *table, const struct run *run, const struct run_cell *cell)
{
    table_text(table, run->settings.names[cell->setting]);
    table_text(table, run->works.names[cell->work]);
    table_text(table, run->configs.names[cell->config]);
    table_count(table, (int64_t)cell->work);
    table_count(table, (int64_t)cell->config);
    table_text(table, tables_role_name(cell));
}

void tables_grouped_cell(struct table *table, const struct run *run, const struct run_cell *cell)
{
    table_text(table, run->settings.names[cell->setting]);
    table_text(table, run->works.names[cell->work]);
    table_text(table, run->works.groups[cell->work]);
    table_text(table, run->configs.names[cell->config]);
    table_count(table, (int64_t)cell->work);
    table_count(table, (int64_t)cell->config);
    table_text(table, tables_role_name(cell));
}

void tables_too_few(struct table *table, double count)
{
    static const char *const names[] = {"p50", "p90", "p99", "p999"};
    char text[32] = "";
    for (int place = 0; place < 4 && count > 0; place++)
        if (count < tables_quantile_needs(place))
            strcat(strcat(text, text[0] ? " " : ""), names[place]);
    table_text(table, text);
}

bool tables_is_longest(const struct run *run, const struct run_cell *cell, enum run_metric metric)
{
    if (!tables_is_quantile(metric))
        return false;
    double pauses = run_cell_median(run, cell, RUN_PAUSES);
    return pauses > 0 && pauses < tables_quantile_needs((int)metric - RUN_PAUSE_P50);
}

const char *tables_note(const struct run *run, const struct run_cell *cell, enum run_metric metric)
{
    if (tables_is_longest(run, cell, metric))
        return "too few pauses: the longest";
    return cell->not_warm ? "not warm" : "";
}

const char *tables_collector(const struct run *run, size_t config)
{
    for (size_t i = 0; i < run->cell_count; i++)
        if (run->cells[i].config == config)
            return run_cell_text(run, &run->cells[i], "collector");
    return "";
}

const char *tables_workload(const struct run *run, size_t work)
{
    for (size_t i = 0; i < run->cell_count; i++)
        if (run->cells[i].work == work)
            return run_cell_text(run, &run->cells[i], "workload");
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

const char *const tables_role_names[] = {
    [RUN_RECLAIMS] = "reclaims", [RUN_LEAKS] = "leaks", [RUN_FLOOR] = "floor"};

const char *tables_role_name(const struct run_cell *cell)
{
    return cell->observer ? "observes" : tables_role_names[cell->role];
}
