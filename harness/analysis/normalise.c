/* SPDX-License-Identifier: MIT */
#include "harness/analysis/normalise.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

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

static const struct bootstrap_interval NO_INTERVAL = {NAN, NAN};

/* What the resamples of one work give, and the sums over the works. */
struct normalise_replicates {
    double *medians; /* configs x resamples */
    double *best;    /* resamples: the smallest base of the candidates */
    double *sums;    /* configs x resamples: sums of log ratios over the shared works */
    double *scratch; /* resamples */
    size_t resamples;
};

static void normalise_replicates_fini(struct normalise_replicates *replicates)
{
    free(replicates->medians);
    free(replicates->best);
    free(replicates->sums);
    free(replicates->scratch);
}

static void normalise_replicates_init(struct normalise_replicates *replicates, size_t configs,
                                      size_t resamples)
{
    replicates->resamples = resamples;
    replicates->medians = memory_new(configs * resamples, sizeof(double));
    replicates->sums = memory_new(configs * resamples, sizeof(double));
    replicates->best = memory_new(resamples, sizeof(double));
    replicates->scratch = memory_new(resamples, sizeof(double));
}

static bool normalise_may_be_best(const struct run_cell *cell, const struct normalise_rule *rule)
{
    return run_cell_is_whole(cell) && (rule->any_role || cell->role == RUN_RECLAIMS);
}

/*
 * Computes the medians of each config of a work. Returns the best of them, or NULL where none may be the
 * best.
 */
static struct normalise_entry *normalise_find_best(const struct run *run, struct normalise_entry *entries,
                                                   size_t work, size_t setting,
                                                   const struct normalise_rule *rule)
{
    struct normalise_entry *best = NULL;
    for (size_t config = 0; config < run->configs.count; config++) {
        struct normalise_entry *entry = &entries[config];
        const struct run_cell *cell = run_cell_at(run, work, config, setting);
        entry->cell = cell && cell->observer ? NULL : cell;
        entry->median = run_cell_median(run, entry->cell, rule->metric);
        entry->base = run_cell_median(run, entry->cell, rule->base);
        if (normalise_may_be_best(entry->cell, rule) && !isnan(entry->base) &&
            (!best || entry->base < best->base))
            best = entry;
    }
    if (best)
        best->best = true;
    return best;
}

/*
 * Lowers the best of each resample to `bases`, where their cell may be the best. A run that was stopped
 * within a block leaves cells of a work without a process in some resamples. Such a resample says nothing
 * about the ratios of the work, so its best is NaN.
 */
static void normalise_lower(double *best, const double *bases, size_t count, bool may_be_best)
{
    for (size_t i = 0; i < count; i++) {
        if (isnan(bases[i]))
            best[i] = NAN;
        else if (may_be_best && bases[i] < best[i])
            best[i] = bases[i];
    }
}

static void normalise_resample(const struct run *run, const struct normalise_entry *entries,
                               const struct normalise_rule *rule, struct normalise_replicates *replicates)
{
    size_t resamples = replicates->resamples;
    for (size_t i = 0; i < resamples; i++)
        replicates->best[i] = INFINITY;
    for (size_t config = 0; config < run->configs.count; config++) {
        double *medians = replicates->medians + config * resamples, *bases = medians;
        const struct run_cell *cell = entries[config].cell;
        if (!run_cell_is_whole(cell))
            continue;
        bootstrap_medians(&run->bootstrap, run_cell_values(run, cell, rule->metric), medians);
        if (normalise_may_be_best(cell, rule) && rule->base != rule->metric) {
            bases = replicates->scratch;
            bootstrap_medians(&run->bootstrap, run_cell_values(run, cell, rule->base), bases);
        }
        normalise_lower(replicates->best, bases, resamples, normalise_may_be_best(cell, rule));
    }
}

/*
 * Computes ratios and intervals of one work whose best is known. Adds the log ratios to the sums if the
 * work is shared.
 */
static void normalise_work(const struct run *run, struct normalise_entry *entries,
                           const struct normalise_entry *best, bool shared,
                           struct normalise_replicates *replicates)
{
    size_t resamples = replicates->resamples;
    for (size_t config = 0; config < run->configs.count; config++) {
        struct normalise_entry *entry = &entries[config];
        const double *medians = replicates->medians + config * resamples;
        entry->ratio = best && run_cell_is_whole(entry->cell) ? entry->median / best->base : NAN;
        entry->interval = NO_INTERVAL;
        if (isnan(entry->ratio) || run->blocks < 2)
            continue;
        for (size_t i = 0; i < resamples; i++) {
            replicates->scratch[i] = medians[i] / replicates->best[i];
            if (shared)
                replicates->sums[config * resamples + i] += log(replicates->scratch[i]);
        }
        entry->interval = bootstrap_interval_of(replicates->scratch, resamples, 0.95);
    }
}

/* Whether every config that is measured at all in this setting finished the work. */
static bool normalise_is_shared(const struct normalise_table *table, const struct normalise_entry *entries)
{
    for (size_t config = 0; config < table->configs; config++)
        if (table->means[config].measured && !run_cell_is_whole(entries[config].cell))
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

static void normalise_compute_means(const struct run *run, struct normalise_table *table,
                                    struct normalise_replicates *replicates, const double *sums)
{
    size_t resamples = replicates->resamples;
    for (size_t config = 0; config < table->configs; config++) {
        struct normalise_mean *mean = &table->means[config];
        mean->ratio = mean->measured && table->shared ? exp(sums[config] / (double)table->shared) : NAN;
        mean->interval = NO_INTERVAL;
        if (isnan(mean->ratio) || run->blocks < 2)
            continue;
        for (size_t i = 0; i < resamples; i++)
            replicates->scratch[i] = exp(replicates->sums[config * resamples + i] / (double)table->shared);
        mean->interval = bootstrap_interval_of(replicates->scratch, resamples, 0.95);
    }
}

static void normalise_fill(const struct run *run, size_t setting, const struct normalise_rule *rule,
                           struct normalise_table *table, struct normalise_replicates *replicates,
                           double *sums)
{
    normalise_find_measured(run, setting, table);
    for (size_t work = 0; work < table->works; work++) {
        struct normalise_entry *entries = table->entries + work * table->configs;
        struct normalise_entry *best = normalise_find_best(run, entries, work, setting, rule);
        bool shared = best && work < run->works.measured && normalise_is_shared(table, entries);
        if (run->blocks >= 2)
            normalise_resample(run, entries, rule, replicates);
        normalise_work(run, entries, best, shared, replicates);
        table->shared += shared;
        for (size_t config = 0; shared && config < table->configs; config++) {
            if (!entries[config].cell)
                continue;
            sums[config] += log(entries[config].ratio);
            if (entries[config].cell->role > table->means[config].role)
                table->means[config].role = entries[config].cell->role;
        }
    }
    normalise_compute_means(run, table, replicates, sums);
}

void normalise_setting(const struct run *run, size_t setting, const struct normalise_rule *rule,
                       struct normalise_table *ret_table)
{
    struct normalise_table table = {.works = run->works.count, .configs = run->configs.count};
    struct normalise_replicates replicates = {0};
    double *sums = memory_new(table.configs, sizeof(*sums));
    table.entries = memory_new(table.works * table.configs, sizeof(*table.entries));
    table.means = memory_new(table.configs, sizeof(*table.means));
    normalise_replicates_init(&replicates, table.configs, run->bootstrap.resamples);
    normalise_fill(run, setting, rule, &table, &replicates, sums);
    normalise_replicates_fini(&replicates);
    free(sums);
    *ret_table = table;
}

void normalise_fini(struct normalise_table *table)
{
    free(table->entries);
    free(table->means);
    *table = (struct normalise_table){0};
}

struct normalise_ratio normalise_pair(const struct run *run, const struct run_cell *cell,
                                      const struct run_cell *base, enum run_metric metric)
{
    size_t resamples = run->bootstrap.resamples;
    struct normalise_ratio result = {run_cell_median(run, cell, metric) / run_cell_median(run, base, metric),
                                     NO_INTERVAL};
    double *ratios = memory_new(2 * resamples, sizeof(*ratios));
    if (!isnan(result.ratio) && run->blocks >= 2) {
        bootstrap_medians(&run->bootstrap, run_cell_values(run, cell, metric), ratios);
        bootstrap_medians(&run->bootstrap, run_cell_values(run, base, metric), ratios + resamples);
        for (size_t i = 0; i < resamples; i++)
            ratios[i] /= ratios[resamples + i];
        result.interval = bootstrap_interval_of(ratios, resamples, 0.95);
    }
    free(ratios);
    return result;
}
