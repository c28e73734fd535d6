/* SPDX-License-Identifier: MIT */
#include "harness/analysis/normalise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/analysis/claims.h"
#include "harness/statistics/best.h"
#include "harness/statistics/paired.h"
#include "harness/statistics/sequential.h"

const struct normalise_rule normalise_to_best[NORMALISE_METRICS] = {
    {.metric = RUN_WALL, .base = RUN_WALL},
    {.metric = RUN_CPU, .base = RUN_CPU},
    {.metric = RUN_PEAK, .base = RUN_PEAK},
};
const struct normalise_rule normalise_lower_bounds[NORMALISE_BOUNDS] = {
    {.metric = RUN_WALL, .base = RUN_DISTILLED, .any_role = true},
    {.metric = RUN_CPU, .base = RUN_DISTILLED_CPU, .any_role = true},
    {.metric = RUN_INSTRUCTIONS, .base = RUN_INSTRUCTIONS, .any_role = true},
};

static const double NORMALISE_ALPHA = SEQUENTIAL_ALPHA;

/* The log ratios of a table's shared works, to be averaged. A unit is a block, or one of several machines. */
struct normalise_logs {
    size_t units;
    double *work;   /* configs x units: of the work at hand */
    double *shared; /* configs x works x units: of the first table->shared works that are shared */
};

static bool normalise_may_be_best(const struct run_cell *cell, const struct normalise_rule *rule)
{
    return run_cell_is_whole(cell) && (rule->any_role || cell->role == RUN_RECLAIMS);
}

/* Finds the cells of a work, and what is known of each without the others. */
static void normalise_find_cells(const struct run *run, struct normalise_entry *entries, size_t work,
                                 size_t setting, enum run_metric metric, enum run_metric base)
{
    for (size_t config = 0; config < run->configs.count; config++) {
        struct normalise_entry *entry = &entries[config];
        const struct run_cell *cell = run_cell_at(run, work, config, setting);
        entry->cell = cell && cell->observer ? NULL : cell;
        entry->as_warm = entry->cell && claims_stops_as_warm(entry->cell, metric);
        entry->median = run_cell_median(run, entry->cell, metric);
        entry->base = run_cell_median(run, entry->cell, base);
        entry->ratio = entry->interval.low = entry->interval.high = NAN;
    }
}

/* Whether the best of a work is not known, as a cell that could be it stopped as warm. */
static bool normalise_best_is_unknown(const struct run *run, const struct normalise_entry *entries,
                                      const struct normalise_rule *rule)
{
    for (size_t config = 0; config < run->configs.count; config++)
        if (entries[config].as_warm && normalise_may_be_best(entries[config].cell, rule))
            return true;
    return false;
}

/* Takes what the comparison with the best needs of the cells of a work. */
static void normalise_take_cells(const struct run *run, const struct normalise_entry *entries,
                                 const struct normalise_rule *rule, struct best_cell *cells)
{
    bool unknown = normalise_best_is_unknown(run, entries, rule);
    for (size_t config = 0; config < run->configs.count; config++) {
        const struct run_cell *cell = entries[config].cell;
        if (!run_cell_is_whole(cell) || entries[config].as_warm)
            continue;
        cells[config].values = run_cell_values(run, cell, rule->metric);
        cells[config].bases = run_cell_values(run, cell, rule->base);
        cells[config].candidate = !unknown && normalise_may_be_best(cell, rule);
    }
}

/* Sets the blocks in which every cell that takes part has a value; every block where there is none such. */
static void normalise_common_blocks(const struct run *run, const struct best_cell *cells, bool *ret_common)
{
    size_t count = 0;
    for (size_t block = 0; block < run->blocks; block++) {
        ret_common[block] = true;
        for (size_t config = 0; config < run->configs.count; config++)
            if (cells[config].values)
                ret_common[block] &= cells[config].values[block] > 0 && cells[config].bases[block] > 0;
        count += ret_common[block];
    }
    for (size_t block = 0; count == 0 && block < run->blocks; block++)
        ret_common[block] = true;
}

/* Writes the geometric mean of a cell's values on each machine, over the blocks that are set. */
static void normalise_by_machine(const struct run *run, const double *values, const bool *blocks,
                                 double *ret_units)
{
    double *logs = memory_new(run->blocks, sizeof(*logs));
    for (size_t block = 0; block < run->blocks; block++)
        logs[block] = blocks[block] && values[block] > 0 ? log(values[block]) : NAN;
    machines_average(&run->machines, logs, run->blocks, ret_units);
    for (size_t unit = 0; unit < run_units(run); unit++)
        ret_units[unit] = exp(ret_units[unit]);
    free(logs);
}

/*
 * Puts the values of machines in place of those of blocks, where there are several machines. `room` has 2 x configs x
 * units places.
 */
static void normalise_take_machines(const struct run *run, struct best_cell *cells, double *room)
{
    bool *common = memory_new(run->blocks, sizeof(*common));
    normalise_common_blocks(run, cells, common);
    for (size_t config = 0; config < run->configs.count; config++) {
        struct best_cell *cell = &cells[config];
        double *values = room + 2 * config * run_units(run), *bases = values;
        if (!cell->values)
            continue;
        normalise_by_machine(run, cell->values, common, values);
        if (cell->bases != cell->values) {
            bases += run_units(run);
            normalise_by_machine(run, cell->bases, common, bases);
        }
        cell->values = values;
        cell->bases = bases;
    }
    free(common);
}

/* Divides the cells of a work by the best of them. Returns whether there is one. */
static bool normalise_work_by_best(const struct run *run, struct normalise_entry *entries,
                                   struct best_cell *cells, const struct prior *prior, double *logs)
{
    bool any = false;
    best_compare(cells, run->configs.count, run_units(run), NORMALISE_ALPHA, prior, logs);
    for (size_t config = 0; config < run->configs.count; config++) {
        struct normalise_entry *entry = &entries[config];
        entry->best = cells[config].best;
        entry->may_be_best = cells[config].may_be_best;
        any = any || entry->best;
        if (!cells[config].values)
            continue;
        entry->ratio = cells[config].ratio;
        entry->interval = (struct bootstrap_interval){cells[config].low, cells[config].high};
    }
    return any;
}

/* Whether every config that is measured at all in this setting finished the work, and has the ratio. */
static bool normalise_is_shared(const struct normalise_table *table, const struct normalise_entry *entries)
{
    for (size_t config = 0; config < table->configs; config++)
        if (table->means[config].measured && (isnan(entries[config].median) || entries[config].as_warm))
            return false;
    return true;
}

static void normalise_find_measured(const struct run *run, size_t setting, struct normalise_table *table)
{
    for (size_t work = 0; work < table->works; work++) {
        bool any = false;
        for (size_t config = 0; work < run->works.measured && config < table->configs; config++)
            if (config < run->configs.measured && run_cell_at(run, work, config, setting))
                any = table->means[config].measured = true;
        table->measured += any;
    }
}

/* Adds a work that is shared to what the means are taken of. */
static void normalise_share(struct normalise_table *table, const struct normalise_entry *entries,
                            const struct normalise_logs *logs)
{
    for (size_t config = 0; config < table->configs; config++) {
        struct normalise_mean *mean = &table->means[config];
        memcpy(logs->shared + (config * table->works + table->shared) * logs->units,
               logs->work + config * logs->units, logs->units * sizeof(double));
        if (entries[config].cell && entries[config].cell->role > mean->role)
            mean->role = entries[config].cell->role;
    }
    table->shared++;
}

static void normalise_compute_means(struct normalise_table *table, const struct normalise_logs *logs)
{
    for (size_t config = 0; config < table->configs; config++) {
        struct normalise_mean *mean = &table->means[config];
        const double *own = logs->shared + config * table->works * logs->units;
        struct paired pair = paired_of_groups(own, table->shared, logs->units, 1 - NORMALISE_ALPHA);
        mean->ratio = mean->measured ? pair.ratio : NAN;
        mean->interval.low = mean->measured ? pair.low : NAN;
        mean->interval.high = mean->measured ? pair.high : NAN;
    }
}

/* Adds the work to the means if it has a divisor, is no baseline's, and is finished by all. */
static void normalise_add(const struct run *run, struct normalise_table *table, size_t work, bool divided,
                          const struct normalise_logs *logs)
{
    const struct normalise_entry *entries = table->entries + work * table->configs;
    if (divided && work < run->works.measured && normalise_is_shared(table, entries))
        normalise_share(table, entries, logs);
}

static void normalise_init(const struct run *run, size_t setting, enum run_metric metric,
                           enum run_metric base, struct normalise_table *table, struct normalise_logs *logs)
{
    *table = (struct normalise_table){.works = run->works.count, .configs = run->configs.count};
    table->entries = memory_new(table->works * table->configs, sizeof(*table->entries));
    table->means = memory_new(table->configs, sizeof(*table->means));
    logs->units = run_units(run);
    logs->work = memory_new(table->configs * logs->units, sizeof(*logs->work));
    logs->shared = memory_new(table->configs * table->works * logs->units, sizeof(*logs->shared));
    normalise_find_measured(run, setting, table);
    for (size_t work = 0; work < table->works; work++)
        normalise_find_cells(run, table->entries + work * table->configs, work, setting, metric, base);
}

/* Returns the room that the values of several machines take; for free(). */
static double *normalise_room(const struct run *run, const struct normalise_table *table)
{
    bool several = machines_are_several(&run->machines);
    return memory_new(several ? 2 * table->works * table->configs * run_units(run) : 0, sizeof(double));
}

static void normalise_end(struct normalise_table *table, struct normalise_logs *logs)
{
    normalise_compute_means(table, logs);
    free(logs->work);
    free(logs->shared);
}

void normalise_setting(const struct run *run, size_t setting, const struct normalise_rule *rule,
                       struct normalise_table *ret_table)
{
    struct normalise_table table;
    struct normalise_logs logs;
    normalise_init(run, setting, rule->metric, rule->base, &table, &logs);
    struct best_cell *cells = memory_new(table.works * table.configs, sizeof(*cells));
    double *room = normalise_room(run, &table);
    for (size_t work = 0; work < table.works; work++) {
        size_t first = work * table.configs;
        normalise_take_cells(run, table.entries + first, rule, cells + first);
        if (machines_are_several(&run->machines))
            normalise_take_machines(run, cells + first, room + 2 * first * run_units(run));
    }
    struct prior prior = best_borrow(cells, run->works.measured, table.configs, run_units(run));
    machines_limit_prior(&run->machines, &prior);
    for (size_t work = 0; work < table.works; work++) {
        size_t first = work * table.configs;
        bool divided = normalise_work_by_best(run, table.entries + first, cells + first, &prior, logs.work);
        normalise_add(run, &table, work, divided, &logs);
    }
    free(cells);
    free(room);
    normalise_end(&table, &logs);
    *ret_table = table;
}

void normalise_fini(struct normalise_table *table)
{
    free(table->entries);
    free(table->means);
    *table = (struct normalise_table){0};
}

struct paired normalise_paired(const struct run *run, const struct run_cell *cell,
                               const struct run_cell *base, enum run_metric metric)
{
    const double level = 1 - NORMALISE_ALPHA;
    if (!run_cell_is_whole(cell) || !run_cell_is_whole(base))
        return (struct paired){NAN, NAN, NAN, NAN, 0};
    const double *values = run_cell_values(run, cell, metric), *bases = run_cell_values(run, base, metric);
    if (!machines_are_several(&run->machines))
        return paired_compare(values, bases, run->blocks, level);
    double *logs = memory_new(run->blocks, sizeof(*logs)),
           *units = memory_new(run_units(run), sizeof(*units));
    for (size_t block = 0; block < run->blocks; block++)
        logs[block] = paired_log(values[block], bases[block]);
    machines_average(&run->machines, logs, run->blocks, units);
    struct paired pair = paired_of_groups(units, 1, run_units(run), level);
    free(logs);
    free(units);
    return pair;
}

struct normalise_ratio normalise_pair(const struct run *run, const struct run_cell *cell,
                                      const struct run_cell *base, enum run_metric metric)
{
    struct paired pair = normalise_paired(run, cell, base, metric);
    return (struct normalise_ratio){pair.ratio, {pair.low, pair.high}};
}
