/* SPDX-License-Identifier: MIT */
/*
 * What stopping does to the figures that are no claims: a cell runs until all its pairs are decided and its own
 * median is known to the precision, and its intervals of 95% come from the blocks that it has by then.
 */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/statistics/best.h"
#include "harness/statistics/bootstrap.h"
#include "harness/statistics/paired.h"
#include "harness/statistics/sequential.h"
#include "tests/measuring/simulations/noise.h"
#include "tests/measuring/simulations/simulate.h"

enum {
    COLLECTORS = 6,
    WORKS = 17,
    CELLS = WORKS * COLLECTORS,
    PAIRS = WORKS * COLLECTORS * (COLLECTORS - 1) / 2,
    BLOCKS = SEQUENTIAL_MOST,
    RESAMPLES = 1000
};

/* The collectors' true ratios on each work; 0: drawn anew in each campaign, some 35% apart. */
static const struct truth {
    const char *name;
    double ratios[COLLECTORS];
} truths[] = {
    {"equal", {1, 1, 1, 1, 1, 1}},
    {"near ties", {1, 1.01, 1.02, 1.03, 1.05, 1.1}},
    {"35% apart", {0}},
};

struct campaign {
    double logs[CELLS];           /* the truth */
    double values[CELLS][BLOCKS]; /* NaN from where the cell stopped */
    struct sequential_pair pairs[PAIRS];
};

struct tally {
    double blocks; /* of a cell, in the mean */
    double medians, ratios, to_best,
        works; /* shares that hold: intervals, and works whose intervals all do */
};

static void campaign_draw(const struct truth *truth, enum noise kind, struct random_state *random,
                          struct campaign *campaign)
{
    size_t count = 0;
    for (size_t cell = 0; cell < CELLS; cell++) {
        double ratio = truth->ratios[cell % COLLECTORS];
        campaign->logs[cell] = ratio > 0 ? log(ratio) : 0.3 * noise_normal(random);
    }
    noise_fill(kind, campaign->logs, CELLS, BLOCKS, random, campaign->values[0]);
    for (size_t a = 0; a < CELLS; a++)
        for (size_t b = a + 1; b < (a / COLLECTORS + 1) * COLLECTORS; b++)
            campaign->pairs[count++] = (struct sequential_pair){campaign->values[a], campaign->values[b]};
}

/* The blocks of the first look, of those from `least` blocks on, at which a cell's figure is precise. */
static size_t figure_blocks(const struct sequential_design *design, const double *values, size_t least)
{
    size_t looks[SEQUENTIAL_LOOKS], count = sequential_looks(design, looks);
    for (size_t i = 0; i < count; i++)
        if (looks[i] >= least && sequential_figure_is_precise(design, values, looks[i]))
            return looks[i];
    return BLOCKS;
}

/* Takes away what a cell would not have run, as all its pairs are decided and its figure is precise. */
static void campaign_stop(struct campaign *campaign)
{
    struct sequential_design design = sequential_usual(SEQUENTIAL_FIRST, BLOCKS, PAIRS);
    size_t blocks[CELLS] = {0};
    design.figures = design.precision;
    sequential_borrow(&design, campaign->pairs, PAIRS, BLOCKS);
    for (size_t i = 0; i < PAIRS; i++) {
        const struct sequential_pair *pair = &campaign->pairs[i];
        size_t needed = sequential_decide(&design, pair->a, pair->b, BLOCKS).blocks;
        size_t *of_a = &blocks[(size_t)(pair->a - campaign->values[0]) / BLOCKS],
               *of_b = &blocks[(size_t)(pair->b - campaign->values[0]) / BLOCKS];
        *of_a = needed > *of_a ? needed : *of_a;
        *of_b = needed > *of_b ? needed : *of_b;
    }
    for (size_t cell = 0; cell < CELLS; cell++)
        blocks[cell] = figure_blocks(&design, campaign->values[cell], blocks[cell]);
    for (size_t cell = 0; cell < CELLS; cell++)
        for (size_t block = blocks[cell]; block < BLOCKS; block++)
            campaign->values[cell][block] = NAN;
}

static bool holds(double low, double high, double truth)
{
    return low <= truth * (1 + 1e-12) && truth * (1 - 1e-12) <= high;
}

/* The shares of the paired intervals of ratios that hold. */
static double ratios_hold(const struct campaign *campaign)
{
    size_t held = 0;
    for (size_t i = 0; i < PAIRS; i++) {
        const struct sequential_pair *pair = &campaign->pairs[i];
        size_t a = (size_t)(pair->a - campaign->values[0]) / BLOCKS,
               b = (size_t)(pair->b - campaign->values[0]) / BLOCKS;
        struct paired found = paired_compare(pair->a, pair->b, BLOCKS, 0.95);
        held += holds(found.low, found.high, exp(campaign->logs[a] - campaign->logs[b]));
    }
    return (double)held / PAIRS;
}

/* The share of the intervals of medians that hold `middle` times the truth, the median of all processes. */
static double medians_hold(const struct campaign *campaign, double middle, uint64_t seed)
{
    struct bootstrap bootstrap;
    double medians[RESAMPLES];
    size_t held = 0;
    bootstrap_init(&bootstrap, RESAMPLES, BLOCKS, seed);
    for (size_t cell = 0; cell < CELLS; cell++) {
        bootstrap_medians(&bootstrap, campaign->values[cell], medians);
        struct bootstrap_interval interval = bootstrap_interval_of(medians, RESAMPLES, 0.95);
        held += holds(interval.low, interval.high, middle * exp(campaign->logs[cell]));
    }
    bootstrap_fini(&bootstrap);
    return (double)held / CELLS;
}

/* Adds the shares of the ratios to the best that hold, and of the works in which all do. */
static void best_tally(const struct campaign *campaign, struct tally *tally)
{
    struct best_cell cells[CELLS];
    for (size_t i = 0; i < CELLS; i++)
        cells[i] = (struct best_cell){
            .values = campaign->values[i], .bases = campaign->values[i], .candidate = true};
    struct prior prior = best_borrow(cells, WORKS, COLLECTORS, BLOCKS);
    for (size_t work = 0; work < WORKS; work++) {
        struct best_cell *own = cells + work * COLLECTORS;
        const double *logs = campaign->logs + work * COLLECTORS;
        double least = INFINITY;
        bool all = true;
        best_compare(own, COLLECTORS, BLOCKS, 0.05, &prior, NULL);
        for (size_t i = 0; i < COLLECTORS; i++)
            least = fmin(least, logs[i]);
        for (size_t i = 0; i < COLLECTORS; i++) {
            bool held = holds(own[i].low, own[i].high, exp(logs[i] - least));
            tally->to_best += (double)held / CELLS;
            all = all && held;
        }
        tally->works += (double)all / WORKS;
    }
}

/* The median of a process over its truth, from many blocks. */
static double noise_middle(enum noise kind, struct random_state *random)
{
    enum { MANY = 20000 };
    double truth = 0, *values = memory_new(MANY, sizeof(*values));
    noise_fill(kind, &truth, 1, MANY, random, values);
    double middle = quantile_median(values, MANY);
    free(values);
    return middle;
}

static struct tally row_tally(const struct simulate *simulate, const struct truth *truth, enum noise kind)
{
    static struct campaign campaign;
    struct tally sum = {0};
    struct random_state random;
    size_t campaigns = simulate->campaigns / 10;
    random_seed(&random, simulate->seed + 50 * (uint64_t)kind);
    double middle = noise_middle(kind, &random);
    for (size_t i = 0; i < campaigns; i++) {
        campaign_draw(truth, kind, &random, &campaign);
        campaign_stop(&campaign);
        for (size_t value = 0; value < CELLS * BLOCKS; value++)
            sum.blocks += !isnan(campaign.values[value / BLOCKS][value % BLOCKS]) / (double)CELLS;
        sum.medians += medians_hold(&campaign, middle, simulate->seed + i);
        sum.ratios += ratios_hold(&campaign);
        best_tally(&campaign, &sum);
    }
    double share = 1 / (double)campaigns;
    return (struct tally){sum.blocks * share, sum.medians * share, sum.ratios * share, sum.to_best * share,
                          sum.works * share};
}

void simulate_stopping(const struct simulate *simulate)
{
    static const enum noise kinds[] = {NOISE_QUIET, NOISE_UNEQUAL, NOISE_TAILS, NOISE_BUSY};
    simulate_say(simulate,
                 "\nIntervals of 95%% of cells that stop when their pairs are decided: how many hold");
    simulate_say(simulate, "%-20s %-10s %8s %9s %9s %9s %10s", "noise", "cells", "blocks", "medians",
                 "ratios", "to best", "all of it");
    for (size_t kind = 0; kind < (simulate->brief ? 1 : 4); kind++)
        for (size_t i = 0; i < 3; i++) {
            struct tally tally = row_tally(simulate, &truths[i], kinds[kind]);
            simulate_say(simulate, "%-20s %-10s %8.1f %8.1f%% %8.1f%% %8.1f%% %9.1f%%",
                         noise_names[kinds[kind]], truths[i].name, tally.blocks, 100 * tally.medians,
                         100 * tally.ratios, 100 * tally.to_best, 100 * tally.works);
            simulate_holds(simulate, tally.medians > 0.92 && tally.ratios > 0.93 && tally.works > 0.93,
                           "stopping takes little from intervals: %s, %s", noise_names[kinds[kind]],
                           truths[i].name);
        }
}
