/* SPDX-License-Identifier: MIT */
/*
 * Simulates campaigns whose truth is known. How often does the analysis call a difference where there is
 * none, and how often does it find one that is there? Every campaign is drawn from a seed and goes through
 * the functions of `gcmatrix compare`.
 *
 * The noise of a process is a product of two factors, both drawn from a recorded run (noise-recorded.h).
 * The factor of its block is the same for all cells of the block, and differs between runs. The other
 * factor is the process's own.
 *
 * usage: test-campaigns [SEED]
 */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "harness/analysis/compare.h"
#include "harness/analysis/normalise.h"
#include "harness/statistics/noise-recorded.h"
#include "tests/tap.h"

enum { CAMPAIGNS = 200, BLOCKS = 20 };

static const double SLOWDOWN = 1.03;

/* Draw the drift of a block, and the factor of a process within it, from those that were recorded. */
static double block_draw(struct random_state *random)
{
    return exp(noise_block[random_below(random, NOISE_BLOCKS)]);
}

static double process_draw(struct random_state *random)
{
    return exp(noise_process[random_below(random, NOISE_PROCESSES)]);
}

/* Makes a run of `count` cells, whose true times are `truths` in ns. */
struct made_run {
    struct run run;
    struct store store;
    struct run_cell cells[2];
    double values[2][RUN_METRICS * BLOCKS];
};

static void run_make(struct made_run *made, json_t *manifest, const double *truths, size_t count,
                     struct random_state *random)
{
    *made = (struct made_run){.store = {.manifest = manifest}};
    made->run =
        (struct run){.store = &made->store, .cells = made->cells, .cell_count = count, .blocks = BLOCKS};
    for (size_t i = 0; i < count; i++)
        made->cells[i] =
            (struct run_cell){.config = i, .processes = BLOCKS, .status = "ok", .values = made->values[i]};
    for (size_t block = 0; block < BLOCKS; block++) {
        double drift = block_draw(random);
        for (size_t i = 0; i < count; i++)
            made->values[i][RUN_WALL * BLOCKS + block] = truths[i] * drift * process_draw(random);
    }
}

static json_t *manifest_make(void)
{
    json_t *cell = json_pack("{ss ss ss ss ss ss}", "workload", "w", "workload_options", "", "collector", "c",
                             "collector_options", "", "allocator", "a", "tuning", "t");
    return json_pack("{s{ss ss si} s[OO] si}", "machine", "hostname_hash", "x", "cpu", "x", "cores", 2,
                     "cells", cell, cell, "seed", 1);
}

/* The two counts that 95% of binomial draws lie between. */
struct binomial_range {
    size_t low, high;
};

static struct binomial_range binomial_range_make(size_t n, double p)
{
    struct binomial_range range = {0, n};
    double below = 0;
    for (size_t k = 0; k <= n; k++) {
        double log_ways = lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
        below += exp(log_ways + (double)k * log(p) + (double)(n - k) * log1p(-p));
        if (below < 0.025)
            range.low = k + 1;
        if (below >= 0.975) {
            range.high = k;
            break;
        }
    }
    return range;
}

/* Counts of what the campaigns gave. */
struct tally {
    size_t small_p; /* uncorrected p at most 0.05 */
    size_t called;  /* more or less, from the minimum of interest on */
    size_t slower;  /* more */
    size_t holds;   /* the interval of the ratio holds the truth */
    size_t paired;  /* within one run: the interval of a pair of cells holds the truth */
};

static void campaign_tally(json_t *manifest, double effect, double minimum, struct random_state *random,
                           struct tally *tally)
{
    static struct made_run before, after;
    const double truths[2] = {1e9, 1e9 * effect};
    const struct compare_options options = {.metric = RUN_WALL, .minimum = minimum};
    struct compare compare;
    run_make(&before, manifest, truths, 1, random);
    run_make(&after, manifest, truths + 1, 1, random);
    compare_runs(&before.run, &after.run, &options, &compare);
    const struct compare_cell *cell = &compare.cells[0];
    tally->small_p += cell->p <= 0.05;
    tally->called += cell->verdict == COMPARE_MORE || cell->verdict == COMPARE_LESS;
    tally->slower += cell->verdict == COMPARE_MORE;
    tally->holds += cell->interval.low <= effect && effect <= cell->interval.high;
    compare_fini(&compare);
}

/* Counts what comes of two cells of one run, which share its blocks. */
static void pair_tally(json_t *manifest, double effect, struct random_state *random, struct tally *tally)
{
    static struct made_run made;
    const double truths[2] = {1e9, 1e9 * effect};
    run_make(&made, manifest, truths, 2, random);
    bootstrap_init(&made.run.bootstrap, BOOTSTRAP_RESAMPLES, BLOCKS, random_next(random));
    struct normalise_ratio ratio = normalise_pair(&made.run, &made.cells[1], &made.cells[0], RUN_WALL);
    tally->paired += ratio.interval.low <= effect && effect <= ratio.interval.high;
    bootstrap_fini(&made.run.bootstrap);
}

static struct tally campaigns_tally(json_t *manifest, double effect, double minimum, uint64_t seed)
{
    struct tally tally = {0};
    struct random_state random;
    random_seed(&random, seed);
    for (size_t i = 0; i < CAMPAIGNS; i++) {
        campaign_tally(manifest, effect, minimum, &random, &tally);
        pair_tally(manifest, effect, &random, &tally);
    }
    return tally;
}

static void test_null(json_t *manifest, uint64_t seed)
{
    struct binomial_range range = binomial_range_make(CAMPAIGNS, 0.05);
    struct tally tally = campaigns_tally(manifest, 1, 0, seed);
    tap_note("of %d campaigns without a difference: p <= 0.05 in %zu, called one in %zu; 5%% "
             "is %zu to %zu",
             CAMPAIGNS, tally.small_p, tally.called, range.low, range.high);
    tap_note("the 95%% interval holds the truth in %zu, and of two cells of one run in %zu", tally.holds,
             tally.paired);
    tap_ok(tally.small_p >= range.low && tally.small_p <= range.high,
           "where there is no difference p is at most 0.05 in 5%% of campaigns");
    tap_ok(tally.called <= range.high, "and no more are called a difference");
    tap_ok(tally.holds >= CAMPAIGNS - range.high, "the interval holds the truth in 95%% of campaigns");
    tap_ok(tally.paired >= CAMPAIGNS - range.high, "as does that of two cells of one run");
    tally = campaigns_tally(manifest, 1, 0.01, seed + 1);
    tap_note("from 1%% on, as the command has it, one is called in %zu", tally.called);
    tap_ok(tally.called <= range.high, "nor with the command's minimum of 1%%");
}

static void test_power(json_t *manifest, uint64_t seed)
{
    struct tally tally = campaigns_tally(manifest, SLOWDOWN, 0.01, seed + 2);
    tap_note(
        "of %d campaigns slower by 3%%: found in %zu; the interval holds 1.03 in %zu, of two cells of one "
        "run in %zu",
        CAMPAIGNS, tally.slower, tally.holds, tally.paired);
    tap_ok(tally.slower * 10 >= CAMPAIGNS * 9, "a slowdown of 3%% is found in nine campaigns of ten");
    tap_ok(tally.called == tally.slower, "and never taken for a gain");
    struct binomial_range range = binomial_range_make(CAMPAIGNS, 0.05);
    tap_ok(tally.holds >= CAMPAIGNS - range.high && tally.paired >= CAMPAIGNS - range.high,
           "the intervals hold its size in 95%% of campaigns");
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 20;
    json_t *manifest = manifest_make();
    tap_note("seed %" PRIu64, seed);
    test_null(manifest, seed);
    test_power(manifest, seed);
    json_decref(manifest);
    return tap_done();
}
