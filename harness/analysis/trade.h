/* SPDX-License-Identifier: MIT */
/*
 * The trade that each collector makes: time against memory against the longest pause, one figure each for
 * many workloads.
 *
 * A figure is the geometric mean over the workloads that are shared: those in which every member has all three.
 * A collector that ran few of the workloads would leave few that are shared. So the members are the collectors
 * that have all three figures in two thirds of the workloads at least, and the others are not drawn.
 *
 * The interval comes from the blocks, as that of a mean of ratios to the best does (normalise.h). It does not say
 * what other workloads would show.
 */
#ifndef HARNESS_ANALYSIS_TRADE_H
#define HARNESS_ANALYSIS_TRADE_H

#include "harness/analysis/normalise.h"

enum { TRADE_WALL, TRADE_PEAK, TRADE_PAUSE, TRADE_METRICS };
extern const enum run_metric trade_metrics[TRADE_METRICS];

/*
 * A process without a pause, or with shorter ones, counts as one with a pause of a microsecond: a mean of
 * logarithms has no place for 0, and nobody feels the difference.
 */
#define TRADE_PAUSE_LEAST_NS 1000.0

struct trade {
    size_t *members; /* configs, in the order of the run */
    size_t count;
    size_t *works; /* that are shared, in the order of the run */
    size_t shared, measured;
    size_t settings[TRADE_METRICS]; /* where each figure comes from */
    /* TRADE_METRICS x count x (count + 1). A row is a member's: its ratios to each member, and last its own
     * value in the unit of the metric. NaN where nothing is shared. */
    struct normalise_ratio *ratios;
};

/*
 * Computes the trades, with each figure from the setting that `settings` names for it. A setting that is
 * run->settings.count has no such figure: then nothing is shared. For trade_fini(). O(configs² x works x
 * blocks).
 */
void trade_make(const struct run *run, const size_t settings[static TRADE_METRICS], struct trade *ret_trade);
void trade_fini(struct trade *trade);

/* Returns the ratio of one member to another, by their places; to `count`: the member's own value. O(1). */
static inline const struct normalise_ratio *trade_at(const struct trade *trade, int metric, size_t member,
                                                     size_t base)
{
    return &trade->ratios[((size_t)metric * trade->count + member) * (trade->count + 1) + base];
}

#endif
