/* SPDX-License-Identifier: MIT */
/* False calls and power between two runs, and how often a second run finds a figure of the first. */
#include <math.h>

#include "harness/statistics/paired.h"
#include "harness/statistics/replication.h"
#include "harness/statistics/significance.h"
#include "harness/statistics/two-runs.h"
#include "tests/measuring/simulations/noise.h"
#include "tests/measuring/simulations/simulate.h"

enum { CELLS = 40, BLOCKS = 20 };

static const enum noise kinds[] = {NOISE_QUIET, NOISE_BUSY, NOISE_SHOCKS, NOISE_TAILS};
static const double offsets[] = {0, 0.01, 0.02};

enum { KINDS = 4, OFFSETS = 3 };

/* How the offset of a run falls on its cells. */
struct offset {
    double deviation;
    bool own; /* each cell has its own; else all share one */
};

static void run_draw(enum noise kind, struct offset offset, const double *truths, size_t cells, size_t blocks,
                     struct random_state *random, double *ret_values)
{
    double moved[CELLS], shared = offset.deviation * noise_normal(random);
    for (size_t cell = 0; cell < cells; cell++)
        moved[cell] = truths[cell] + (offset.own ? offset.deviation * noise_normal(random) : shared);
    noise_fill(kind, moved, cells, blocks, random, ret_values);
}

/* Counts the cells that are called different by Holm's correction: all, and the first. */
struct calls {
    size_t campaigns, cells, first;
};

static struct calls runs_calls(const struct simulate *simulate, enum noise kind, struct offset offset,
                               double between, size_t blocks, double effect)
{
    struct calls calls = {0, 0, 0};
    struct random_state random;
    const struct two_runs_design design = {between, 0.05, 0.01, CELLS, false};
    const double before[CELLS] = {0}, after[CELLS] = {log(effect)};
    static double a[CELLS * BLOCKS], b[CELLS * BLOCKS];
    random_seed(&random, simulate->seed + 40 * (uint64_t)kind + blocks);
    for (size_t campaign = 0; campaign < simulate->campaigns; campaign++) {
        double p[CELLS], ratios[CELLS];
        size_t called = 0;
        run_draw(kind, offset, before, CELLS, blocks, &random, a);
        run_draw(kind, offset, after, CELLS, blocks, &random, b);
        for (size_t cell = 0; cell < CELLS; cell++) {
            struct two_runs found =
                two_runs_compare(&design, a + cell * blocks, blocks, b + cell * blocks, blocks);
            p[cell] = found.p;
            ratios[cell] = fabs(log(found.ratio));
        }
        significance_holm(p, CELLS);
        for (size_t cell = 0; cell < CELLS; cell++) {
            bool is_called = p[cell] <= 0.05 && ratios[cell] >= log1p(design.minimum);
            called += is_called && (cell > 0 || effect == 1);
            calls.first += is_called && cell == 0;
        }
        calls.campaigns += called > 0;
        calls.cells += called;
    }
    return calls;
}

static void false_table(const struct simulate *simulate)
{
    simulate_say(simulate,
                 "\nTwo runs of %d cells without a difference; an offset of each run, shared by its cells or "
                 "their own",
                 CELLS);
    simulate_say(simulate, "%-20s %6s %7s %-7s | %20s | %20s", "noise", "blocks", "offset", "of",
                 "taken as 0: calls", "taken as 1%: calls");
    for (size_t kind = 0; kind < (simulate->brief ? 1 : KINDS); kind++)
        for (size_t blocks = 5; blocks <= 20; blocks *= 2)
            for (size_t which = 0; which < OFFSETS; which++)
                for (int own = 0; own < (offsets[which] > 0 ? 2 : 1); own++) {
                    struct offset offset = {offsets[which], own};
                    if (simulate->brief && blocks != 10)
                        continue;
                    struct calls naive = runs_calls(simulate, kinds[kind], offset, 0, blocks, 1),
                                 known =
                                     runs_calls(simulate, kinds[kind], offset, TWO_RUNS_BETWEEN, blocks, 1);
                    double percent = 100 / (double)simulate->campaigns,
                           mean = 1 / (double)simulate->campaigns;
                    simulate_say(
                        simulate, "%-20s %6zu %6.0f%% %-7s | %5.1f of 40 in %4.1f%% | %5.1f of 40 in %4.1f%%",
                        noise_names[kinds[kind]], blocks, 100 * offsets[which], own ? "cells" : "run",
                        mean * (double)naive.cells, percent * (double)naive.campaigns,
                        mean * (double)known.cells, percent * (double)known.campaigns);
                    if (offsets[which] <= TWO_RUNS_BETWEEN)
                        simulate_at_most(
                            simulate, known.campaigns, simulate->campaigns, 0.05,
                            "at most 5%% of pairs of runs have a false call: %s, %zu blocks, offset %.0f%%",
                            noise_names[kinds[kind]], blocks, 100 * offsets[which]);
                }
}

static void power_table(const struct simulate *simulate)
{
    static const double effects[] = {1.05, 1.1, 1.2, 10};
    simulate_say(simulate, "\nOne cell of %d is slower in the second run; offset 1%%, of each cell: found",
                 CELLS);
    simulate_say(simulate, "%-20s %6s %8s %8s %8s %8s", "noise", "blocks", "5%", "10%", "20%", "tenfold");
    for (size_t kind = 0; kind < (simulate->brief ? 2 : KINDS); kind++)
        for (size_t blocks = 5; blocks <= 20; blocks *= 2) {
            struct offset offset = {0.01, true};
            double found[4];
            if (simulate->brief && blocks != 5)
                continue;
            for (size_t i = 0; i < 4; i++)
                found[i] =
                    100 *
                    (double)runs_calls(simulate, kinds[kind], offset, TWO_RUNS_BETWEEN, blocks, effects[i])
                        .first /
                    (double)simulate->campaigns;
            simulate_say(simulate, "%-20s %6zu %7.1f%% %7.1f%% %7.1f%% %7.1f%%", noise_names[kinds[kind]],
                         blocks, found[0], found[1], found[2], found[3]);
            simulate_holds(simulate, found[3] > 99, "ten times as slow is called with %zu blocks: %s", blocks,
                           noise_names[kinds[kind]]);
        }
}

/* A figure of two runs, and whether the second lies in the interval of the first. A ratio has an offset of each of its
 * two cells. */
enum figure { FIGURE_MEAN, FIGURE_MEDIAN, FIGURE_RATIO, FIGURES };

static struct replication figure_make(enum figure figure, const double *values, size_t blocks)
{
    double ratios[BLOCKS];
    for (size_t block = 0; block < blocks; block++)
        ratios[block] = values[block] / values[blocks + block];
    if (figure == FIGURE_RATIO)
        return replication_of_mean(ratios, blocks, blocks, TWO_RUNS_BETWEEN * M_SQRT2, 0.95);
    return (figure == FIGURE_MEAN ? replication_of_mean : replication_of_median)(values, blocks, blocks,
                                                                                 TWO_RUNS_BETWEEN, 0.95);
}

static void replication_row(const struct simulate *simulate, enum noise kind, double deviation, size_t blocks)
{
    const double truths[CELLS] = {0};
    struct offset offset = {deviation, true};
    struct random_state random;
    size_t outside[FIGURES] = {0}, campaigns = simulate->campaigns;
    double precision = 0;
    random_seed(&random, simulate->seed + 60 * (uint64_t)kind + blocks);
    for (size_t campaign = 0; campaign < campaigns; campaign++) {
        double values[2][2 * BLOCKS];
        for (int run = 0; run < 2; run++)
            run_draw(kind, offset, truths, 2, blocks, &random, values[run]);
        for (int figure = 0; figure < FIGURES; figure++) {
            struct replication first = figure_make((enum figure)figure, values[0], blocks),
                               second = figure_make((enum figure)figure, values[1], blocks);
            outside[figure] += second.figure < first.low || second.figure > first.high;
            if (figure == FIGURE_RATIO)
                precision += first.precision / (double)campaigns;
        }
    }
    double percent = 100 / (double)campaigns;
    simulate_say(simulate, "%-20s %6zu %6.0f%% %8.1f%% %8.1f%% %8.1f%% %10.1f%%", noise_names[kind], blocks,
                 100 * deviation, 100 - percent * (double)outside[FIGURE_MEAN],
                 100 - percent * (double)outside[FIGURE_MEDIAN],
                 100 - percent * (double)outside[FIGURE_RATIO], 100 * precision);
    if (deviation <= TWO_RUNS_BETWEEN && kind != NOISE_SHOCKS)
        for (int figure = 0; figure < FIGURES; figure++)
            simulate_at_most(
                simulate, outside[figure], campaigns, 0.07,
                "a second run is in the interval in 93%% at least: %s, %zu blocks, offset %.0f%%",
                noise_names[kind], blocks, 100 * deviation);
}

static void replication_table(const struct simulate *simulate)
{
    simulate_say(simulate, "\nReplication: the second run's figure lies in the first's interval of 95%%");
    simulate_say(simulate, "%-20s %6s %7s %9s %9s %9s %11s", "noise", "blocks", "offset", "mean", "median",
                 "ratio", "precision");
    for (size_t kind = 0; kind < (simulate->brief ? 1 : KINDS); kind++)
        for (size_t blocks = 5; blocks <= 20; blocks *= 2)
            for (size_t which = 0; which < OFFSETS; which++)
                if (!simulate->brief || blocks == 5)
                    replication_row(simulate, kinds[kind], offsets[which], blocks);
}

void simulate_runs(const struct simulate *simulate)
{
    false_table(simulate);
    power_table(simulate);
    replication_table(simulate);
}
