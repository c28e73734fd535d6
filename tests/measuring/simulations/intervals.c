/* SPDX-License-Identifier: MIT */
/* What the intervals of single figures are worth with few blocks. */
#include <math.h>

#include "harness/statistics/bootstrap.h"
#include "harness/statistics/paired.h"
#include "tests/measuring/simulations/noise.h"
#include "tests/measuring/simulations/simulate.h"

enum { RESAMPLES = 1000, BLOCKS = 20, LARGE = 200001 };

/* How often the interval of a median, and of a ratio of two cells, misses the truth. */
struct tally {
    size_t median, ratio;
};

/* The true median of a cell whose truth is 1, found by drawing very many processes. */
static double true_median(const struct simulate *simulate, enum noise kind)
{
    static double values[LARGE];
    struct random_state random;
    const double truth = 0;
    random_seed(&random, simulate->seed + 3);
    noise_fill(kind, &truth, 1, LARGE, &random, values);
    struct bootstrap_interval all = bootstrap_interval_of(values, LARGE, 0);
    return all.low;
}

static struct tally intervals_tally(const struct simulate *simulate, enum noise kind, size_t blocks,
                                    double median)
{
    static double medians[RESAMPLES];
    struct tally tally = {0, 0};
    struct random_state random;
    struct bootstrap bootstrap;
    const double truths[2] = {0, 0};
    random_seed(&random, simulate->seed + 11 * (uint64_t)kind + blocks);
    bootstrap_init(&bootstrap, RESAMPLES, blocks, simulate->seed);
    for (size_t campaign = 0; campaign < simulate->campaigns; campaign++) {
        double values[2 * BLOCKS];
        noise_fill(kind, truths, 2, blocks, &random, values);
        bootstrap_medians(&bootstrap, values, medians);
        struct bootstrap_interval interval = bootstrap_interval_of(medians, RESAMPLES, 0.95);
        struct paired pair = paired_compare(values, values + blocks, blocks, 0.95);
        tally.median += median < interval.low || interval.high < median;
        tally.ratio += pair.low > 1 || pair.high < 1;
    }
    bootstrap_fini(&bootstrap);
    return tally;
}

void simulate_intervals(const struct simulate *simulate)
{
    static const enum noise kinds[] = {NOISE_QUIET, NOISE_NORMAL, NOISE_BUSY, NOISE_TAILS};
    static const size_t counts[] = {3, 4, 5, 6, 8, 10, 15, 20};
    simulate_say(simulate, "\nIntervals of 95%%: how many hold the truth");
    simulate_say(simulate, "%-20s %6s %22s %14s", "noise", "blocks", "median by bootstrap", "ratio by t");
    for (size_t kind = 0; kind < (simulate->brief ? 1 : 4); kind++) {
        double median = true_median(simulate, kinds[kind]);
        for (size_t count = 0; count < 8; count++) {
            struct tally tally = intervals_tally(simulate, kinds[kind], counts[count], median);
            double percent = 100 / (double)simulate->campaigns;
            simulate_say(simulate, "%-20s %6zu %21.1f%% %13.1f%%", noise_names[kinds[kind]], counts[count],
                         100 - percent * (double)tally.median, 100 - percent * (double)tally.ratio);
            simulate_at_most(simulate, tally.ratio, simulate->campaigns, 0.06,
                             "intervals of ratios hold 1 in 94%% at least: %s, %zu blocks",
                             noise_names[kinds[kind]], counts[count]);
        }
    }
}
