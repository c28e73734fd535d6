/* SPDX-License-Identifier: MIT */
#include "harness/analysis/trade.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/analysis/claims.h"
#include "harness/statistics/paired.h"

const enum run_metric trade_metrics[TRADE_METRICS] = {
    [TRADE_WALL] = RUN_WALL, [TRADE_PEAK] = RUN_PEAK, [TRADE_PAUSE] = RUN_PAUSE_MAX};

#define TRADE_LEVEL 0.95

/* Returns the cell that has the figure of a work and config; NULL where there is none. */
static const struct run_cell *trade_cell(const struct run *run, const struct trade *trade, int metric,
                                         size_t work, size_t config)
{
    size_t setting = trade->settings[metric];
    if (setting >= run->settings.count)
        return NULL;
    const struct run_cell *cell = run_cell_at(run, work, config, setting);
    bool whole = run_cell_is_whole(cell) && !run_cell_is_aside(cell) &&
                 !claims_stops_as_warm(cell, trade_metrics[metric]) &&
                 run_cell_measures(run, cell, trade_metrics[metric]) &&
                 !isnan(run_cell_median(run, cell, trade_metrics[metric]));
    return whole ? cell : NULL;
}

/* Whether the config has all figures of the work. */
static bool trade_has_all(const struct run *run, const struct trade *trade, size_t work, size_t config)
{
    for (int metric = 0; metric < TRADE_METRICS; metric++)
        if (!trade_cell(run, trade, metric, work, config))
            return false;
    return true;
}

static void trade_choose_members(const struct run *run, const bool *has, struct trade *trade)
{
    size_t works = run->works.measured, configs = run->configs.measured;
    for (size_t work = 0; work < works; work++) {
        bool any = false;
        for (size_t config = 0; config < configs; config++)
            any |= has[work * configs + config];
        trade->measured += any;
    }
    for (size_t config = 0; config < configs; config++) {
        size_t own = 0;
        for (size_t work = 0; work < works; work++)
            own += has[work * configs + config];
        if (own > 0 && 3 * own >= 2 * trade->measured)
            trade->members[trade->count++] = config;
    }
}

static void trade_choose_works(const struct run *run, const bool *has, struct trade *trade)
{
    for (size_t work = 0; work < run->works.measured; work++) {
        bool all = trade->count > 0;
        for (size_t i = 0; i < trade->count; i++)
            all &= has[work * run->configs.measured + trade->members[i]];
        if (all)
            trade->works[trade->shared++] = work;
    }
}

/* Returns a value as the means take it. */
static double trade_value(double value, int metric)
{
    return metric == TRADE_PAUSE && value < TRADE_PAUSE_LEAST_NS ? TRADE_PAUSE_LEAST_NS : value;
}

/*
 * Fills a row of logarithms for each shared work, one for each block, or one for each of several machines. They are
 * of a member over another one, or of its own values on the machine that is shown.
 */
static void trade_fill_logs(const struct run *run, const struct trade *trade, int metric, size_t member,
                            size_t base, double *ret_logs)
{
    double *logs = memory_new(run->blocks, sizeof(*logs));
    for (size_t i = 0; i < trade->shared; i++) {
        size_t work = trade->works[i];
        const struct run_cell *cell = trade_cell(run, trade, metric, work, trade->members[member]), *under;
        under = base < trade->count ? trade_cell(run, trade, metric, work, trade->members[base]) : NULL;
        const double *values = run_cell_values(run, cell, trade_metrics[metric]);
        for (size_t block = 0; block < run->blocks; block++) {
            double divisor = under ? run_cell_values(run, under, trade_metrics[metric])[block] : 1;
            bool left_out = !under && !run_block_is_shown(run, block);
            logs[block] = left_out ? NAN
                                   : paired_log(trade_value(values[block], metric),
                                                under ? trade_value(divisor, metric) : 1);
        }
        machines_average(&run->machines, logs, run->blocks, ret_logs + i * run_units(run));
    }
    free(logs);
}

static void trade_compute(const struct run *run, struct trade *trade)
{
    double *logs = memory_new(trade->shared * run_units(run) + 1, sizeof(*logs));
    for (int metric = 0; metric < TRADE_METRICS; metric++)
        for (size_t member = 0; member < trade->count; member++)
            for (size_t base = 0; base <= trade->count; base++) {
                trade_fill_logs(run, trade, metric, member, base, logs);
                struct paired pair = paired_of_groups(logs, trade->shared, run_units(run), TRADE_LEVEL);
                size_t place = ((size_t)metric * trade->count + member) * (trade->count + 1) + base;
                trade->ratios[place] =
                    (struct normalise_ratio){trade->shared ? pair.ratio : NAN, {pair.low, pair.high}};
            }
    free(logs);
}

void trade_make(const struct run *run, const size_t settings[static TRADE_METRICS], struct trade *ret_trade)
{
    size_t works = run->works.measured, configs = run->configs.measured;
    struct trade trade = {0};
    bool *has = memory_new(works * configs + 1, sizeof(*has));
    trade.members = memory_new(configs + 1, sizeof(*trade.members));
    trade.works = memory_new(works + 1, sizeof(*trade.works));
    for (int metric = 0; metric < TRADE_METRICS; metric++)
        trade.settings[metric] = settings[metric];
    for (size_t work = 0; work < works; work++)
        for (size_t config = 0; config < configs; config++)
            has[work * configs + config] = trade_has_all(run, &trade, work, config);
    trade_choose_members(run, has, &trade);
    trade_choose_works(run, has, &trade);
    trade.ratios = memory_new(TRADE_METRICS * trade.count * (trade.count + 1) + 1, sizeof(*trade.ratios));
    trade_compute(run, &trade);
    free(has);
    *ret_trade = trade;
}

void trade_fini(struct trade *trade)
{
    free(trade->members);
    free(trade->works);
    free(trade->ratios);
    *trade = (struct trade){0};
}
