/* SPDX-License-Identifier: MIT */
/* Coverage and bias of ratios to the best, of lower bounds of overhead, and of means over works. */
#include "harness/statistics/best.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantile.h"
#include "harness/statistics/paired.h"
#include "tests/measuring/simulations/noise.h"
#include "tests/measuring/simulations/simulate.h"

enum { CELLS = 6, BLOCKS = 20, WORKS = 17, LENDERS = 10 };

struct truth {
    const char *name;
    size_t cells;
    double ratios[CELLS];
};

static const struct truth truths[] = {
    {"2 equal", 2, {1, 1}},
    {"6 equal", 6, {1, 1, 1, 1, 1, 1}},
    {"6 near ties", 6, {1, 1.01, 1.02, 1.03, 1.05, 1.1}},
};

static const enum noise kinds[] = {NOISE_QUIET, NOISE_BUSY, NOISE_UNEQUAL, NOISE_SHOCKS, NOISE_TAILS};
static const size_t block_counts[] = {5, 10, 20};

enum { TRUTHS = 3, KINDS = 5, COUNTS = 3 };

/* What came of the works of a row. */
struct tally {
    size_t works;          /* that were drawn */
    size_t all;            /* in which all intervals hold their truth */
    size_t named;          /* in which the truly best may be the best */
    double each;           /* share of the intervals that hold their truth */
    double bias, old_bias; /* mean of ratio / true ratio - 1; the old: of medians to the least median */
    double width;          /* mean of high / low - 1 */
};

static void campaign_draw(const struct truth *truth, enum noise kind, size_t blocks,
                          struct random_state *random, double *ret_values)
{
    double logs[CELLS];
    for (size_t cell = 0; cell < truth->cells; cell++)
        logs[cell] = log(truth->ratios[cell]);
    noise_fill(kind, logs, truth->cells, blocks, random, ret_values);
}

static double least_median(const double *values, size_t cells, size_t blocks)
{
    double least = INFINITY;
    for (size_t cell = 0; cell < cells; cell++)
        least = fmin(least, quantile_median(values + cell * blocks, blocks));
    return least;
}

/* A campaign of several works, which lend each other what they know of scatter. */
struct campaign {
    double bases[LENDERS][CELLS * BLOCKS], costs[LENDERS][CELLS * BLOCKS];
    struct best_cell cells[LENDERS * CELLS];
};

/*
 * `pauses` is the share of the cost of the first cell that its bases lack; each further cell lacks as much
 * more.
 */
static void campaign_fill(const struct truth *truth, enum noise kind, size_t blocks, double pauses,
                          struct random_state *random, struct campaign *campaign)
{
    for (size_t work = 0; work < LENDERS; work++) {
        double *bases = campaign->bases[work], *costs = campaign->costs[work];
        campaign_draw(truth, kind, blocks, random, bases);
        for (size_t i = 0; i < truth->cells * blocks; i++)
            costs[i] = bases[i] * (1 + pauses * (double)(1 + i / blocks));
        for (size_t cell = 0; cell < truth->cells; cell++)
            campaign->cells[work * truth->cells + cell] =
                (struct best_cell){.values = (pauses > 0 ? costs : bases) + cell * blocks,
                                   .bases = bases + cell * blocks,
                                   .candidate = true};
    }
}

/* Adds what a work says; `truly` has the true ratio of each cell, `share` is the weight of one. */
static void work_tally(const struct truth *truth, const struct best_cell *cells, const double *bases,
                       const double *truly, size_t blocks, double share, struct tally *tally)
{
    double least = least_median(bases, truth->cells, blocks);
    bool all = true;
    for (size_t cell = 0; cell < truth->cells; cell++) {
        bool held =
            cells[cell].low <= truly[cell] * (1 + 1e-12) && truly[cell] * (1 - 1e-12) <= cells[cell].high;
        all = all && held;
        tally->each += held * share;
        tally->bias += (cells[cell].ratio / truly[cell] - 1) * share;
        tally->old_bias += (quantile_median(cells[cell].values, blocks) / least / truly[cell] - 1) * share;
        tally->width += (cells[cell].high / cells[cell].low - 1) * share;
    }
    tally->all += all;
    tally->named += cells[0].may_be_best; /* the first is the best, or one of them */
}

static struct tally row_tally(const struct simulate *simulate, const struct truth *truth, enum noise kind,
                              size_t blocks, double pauses)
{
    static struct campaign campaign;
    struct tally tally = {.works = simulate->campaigns / LENDERS * LENDERS};
    struct random_state random;
    double share = 1 / (double)(tally.works * truth->cells), truly[CELLS];
    random_seed(&random, simulate->seed + 1000 * (uint64_t)kind + blocks);
    for (size_t cell = 0; cell < truth->cells; cell++)
        truly[cell] = truth->ratios[cell] * (1 + pauses * (double)(1 + cell));
    for (size_t i = 0; i < tally.works / LENDERS; i++) {
        campaign_fill(truth, kind, blocks, pauses, &random, &campaign);
        struct prior prior = best_borrow(campaign.cells, LENDERS, truth->cells, blocks);
        for (size_t work = 0; work < LENDERS; work++) {
            struct best_cell *cells = campaign.cells + work * truth->cells;
            best_compare(cells, truth->cells, blocks, 0.05, &prior, NULL);
            work_tally(truth, cells, campaign.bases[work], truly, blocks, share, &tally);
        }
    }
    return tally;
}

static void ratio_table(const struct simulate *simulate, const char *title, double pauses)
{
    simulate_say(simulate, "\n%s", title);
    simulate_say(simulate, "%-12s %-20s %6s %8s %8s %8s %8s %12s %8s", "cells", "noise", "blocks", "all hold",
                 "each", "best in", "bias", "of medians", "width");
    for (size_t i = 0; i < TRUTHS; i++)
        for (size_t kind = 0; kind < KINDS; kind++)
            for (size_t count = 0; count < COUNTS; count++) {
                size_t blocks = block_counts[count];
                if (simulate->brief && (i == 0 || kinds[kind] == NOISE_TAILS || blocks == 20))
                    continue;
                struct tally tally = row_tally(simulate, &truths[i], kinds[kind], blocks, pauses);
                double percent = 100 / (double)tally.works;
                simulate_say(simulate, "%-12s %-20s %6zu %7.1f%% %7.1f%% %7.1f%% %+7.1f%% %+11.1f%% %7.1f%%",
                             truths[i].name, noise_names[kinds[kind]], blocks, percent * (double)tally.all,
                             100 * tally.each, percent * (double)tally.named, 100 * tally.bias,
                             100 * tally.old_bias, 100 * tally.width);
                simulate_at_most(simulate, tally.works - tally.all, tally.works, 0.05,
                                 "all intervals hold in 95%%: %s, %s, %zu blocks", truths[i].name,
                                 noise_names[kinds[kind]], blocks);
                simulate_holds(simulate, fabs(tally.bias) < 0.03,
                               "ratios are off by less than 3%% in the mean: %s, %s, %zu blocks",
                               truths[i].name, noise_names[kinds[kind]], blocks);
            }
}

/* The geometric mean over works of a collector's ratio to the best, of six that are equal everywhere. */
static void mean_table(const struct simulate *simulate)
{
    simulate_say(simulate, "\nGeometric means over %d works, of six equal collectors", WORKS);
    simulate_say(simulate, "%-20s %6s %12s %8s %8s", "noise", "blocks", "intervals off", "bias", "width");
    for (size_t kind = 0; kind < KINDS; kind++)
        for (size_t count = 0; count < (simulate->brief ? 1 : COUNTS); count++) {
            static double logs[CELLS * BLOCKS], firsts[WORKS * BLOCKS], values[CELLS * BLOCKS];
            size_t blocks = block_counts[count], off = 0, campaigns = simulate->campaigns / 2;
            double bias = 0, width = 0;
            struct random_state random;
            random_seed(&random, simulate->seed + 5000 + kind);
            for (size_t campaign = 0; campaign < campaigns; campaign++) {
                for (size_t work = 0; work < WORKS; work++) {
                    struct best_cell cells[CELLS];
                    campaign_draw(&truths[1], kinds[kind], blocks, &random, values);
                    for (size_t cell = 0; cell < CELLS; cell++)
                        cells[cell] = (struct best_cell){
                            values + cell * blocks, values + cell * blocks, true, 0, 0, 0, false, false};
                    best_compare(cells, CELLS, blocks, 0.05, NULL, logs);
                    memcpy(firsts + work * blocks, logs, blocks * sizeof(double));
                }
                struct paired mean = paired_of_groups(firsts, WORKS, blocks, 0.95);
                off += mean.low > 1 || mean.high < 1;
                bias += (mean.ratio - 1) / (double)campaigns;
                width += (mean.high / mean.low - 1) / (double)campaigns;
            }
            simulate_say(simulate, "%-20s %6zu %12.1f%% %+7.1f%% %7.1f%%", noise_names[kinds[kind]], blocks,
                         100 * (double)off / (double)campaigns, 100 * bias, 100 * width);
            simulate_at_most(simulate, off, campaigns, 0.05,
                             "intervals of means hold in 95%%: %s, %zu blocks", noise_names[kinds[kind]],
                             blocks);
        }
}

void simulate_best(const struct simulate *simulate)
{
    ratio_table(simulate, "Ratios to the best", 0);
    ratio_table(simulate, "Lower bounds of overhead: pauses of 10% to 60%", 0.1);
    mean_table(simulate);
}
