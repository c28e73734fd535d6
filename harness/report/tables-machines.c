/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-machines.h"

#include "harness/analysis/by-machine.h"
#include "harness/report/tables-cell.h"
#include "harness/results/run-machines.h"

#define MACHINE                                                                                              \
    COLUMN_ID("machine", "number of the machine, from 1, in the order of the manifest's `machines`", NULL),  \
        COLUMN_TEXT("machine_name", "its number, and the first digits of its host's hash", NULL)
#define UNKNOWN "where it cannot be estimated"

static const struct dictionary_column machine_claims_columns[] = {
    TABLES_SETTING,
    TABLES_WORK,
    TABLES_METRIC,
    COLUMN_TEXT("a", "one collector, as in `config`", NULL),
    COLUMN_TEXT("b", "another one", NULL),
    MACHINE,
    COLUMN_COUNT("blocks", "count", "blocks of the machine that both cells have", NULL),
    COLUMN_NUMBER("ratio", "ratio", "geometric mean of a / b over these blocks",
                  "where one of the two has no figure"),
    COLUMN_NUMBER("low", "ratio", "lower end of its 95% interval", TABLES_NO_INTERVAL),
    COLUMN_NUMBER("high", "ratio", "upper end of its 95% interval", TABLES_NO_INTERVAL),
    COLUMN_FLAG("disagrees", "whether the machine is shown to have another ratio than the others"),
    COLUMN_NUMBER("tau", "ln", "of the pair: standard deviation between machines", UNKNOWN),
    COLUMN_NUMBER("share", "share", "of the pair: share of a block's variance that lies between machines",
                  UNKNOWN),
};

const struct dictionary_file tables_machine_claims_file = {
    .name = "machine_claims",
    .path = "tables/machine_claims.csv",
    .row = "a pair of cells and a metric on one of several machines: a / b",
    .key = "setting work metric a b machine",
    DICTIONARY_COLUMNS(machine_claims_columns)};

static const struct dictionary_column machine_cells_columns[] = {
    TABLES_CELL_COLUMNS,
    TABLES_METRIC,
    TABLES_UNIT,
    MACHINE,
    COLUMN_NUMBER("median", DICTIONARY_UNIT_OF_ROW, "median over the processes on the machine",
                  TABLES_NO_FIGURE),
};

const struct dictionary_file tables_machine_cells_file = {
    .name = "machine_cells",
    .path = "tables/machine_cells.csv",
    .row = "a cell and a metric on one of several machines",
    .key = TABLES_CELL_KEY " metric machine",
    DICTIONARY_COLUMNS(machine_cells_columns)};

static void machine_write(struct table *table, const struct run *run, size_t machine)
{
    char name[RUN_MACHINES_NAME];
    run_machines_name(run->store->manifest, machine, name);
    table_count(table, (int64_t)machine + 1);
    table_text(table, name);
}

static void machine_pair_write(struct table *table, const struct claims *claims,
                               const struct claims_pair *pair)
{
    const struct run *run = claims->run;
    struct by_machine found;
    by_machine_make(claims, pair, &found);
    for (size_t i = 0; i < found.count; i++) {
        const struct by_machine_one *one = &found.machines[i];
        table_text(table, run->settings.names[pair->a->setting]);
        table_text(table, run->works.names[pair->a->work]);
        table_text(table, run_metric_names[claims->metric].name);
        table_text(table, run->configs.names[pair->a->config]);
        table_text(table, run->configs.names[pair->b->config]);
        machine_write(table, run, i);
        table_count(table, (int64_t)one->blocks);
        table_number(table, one->ratio);
        table_number(table, one->low);
        table_number(table, one->high);
        table_count(table, one->disagrees);
        table_number(table, found.spread.between);
        table_number(table, found.spread.share);
        table_end(table);
    }
    by_machine_fini(&found);
}

static void machine_cell_write(struct table *table, const struct run *run, const struct run_cell *cell,
                               enum run_metric metric)
{
    for (size_t i = 0; i < run->machines.count; i++) {
        tables_cell(table, run, cell);
        table_text(table, run_metric_names[metric].name);
        table_text(table, run_metric_names[metric].unit);
        machine_write(table, run, i);
        table_number(table, run_cell_median_on(run, cell, metric, i));
        table_end(table);
    }
}

void tables_make_machines(const struct run *run, const struct claims claims[TABLES_CLAIMS],
                          struct table_set *set)
{
    static const enum run_metric metrics[] = {RUN_WALL, RUN_CPU, RUN_PEAK, RUN_PAUSE_MAX};
    if (!machines_are_several(&run->machines))
        return;
    struct table *pairs = table_add_file(set, &tables_machine_claims_file);
    struct table *cells = table_add_file(set, &tables_machine_cells_file);
    for (int metric = 0; metric < TABLES_CLAIMS; metric++)
        for (size_t i = 0; i < claims[metric].count; i++)
            machine_pair_write(pairs, &claims[metric], &claims[metric].pairs[i]);
    for (size_t i = 0; i < run->cell_count; i++)
        for (size_t metric = 0; metric < sizeof(metrics) / sizeof(metrics[0]); metric++)
            if (!run_cell_is_aside(&run->cells[i]) && run_cell_measures(run, &run->cells[i], metrics[metric]))
                machine_cell_write(cells, run, &run->cells[i], metrics[metric]);
}
