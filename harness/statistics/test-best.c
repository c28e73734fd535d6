/* SPDX-License-Identifier: MIT */
/*
 * Checks paired ratios and comparisons with the best: by hand, and on campaigns of equal cells.
 * tests/measuring/simulations has the coverage for near ties, drift and recorded noise.
 *
 * usage: test-best [SEED]
 */
#include <math.h>

#include "base/random.h"
#include "harness/statistics/best.h"
#include "harness/statistics/paired.h"
#include "tests/tap.h"

enum { BLOCKS = 5, CELLS = 6, CAMPAIGNS = 1000, GROUPS = 8, ROUNDS = 6 };

static double normal_draw(struct random_state *random)
{
    double radius = sqrt(-2 * log(1 - random_real(random)));
    return radius * cos(2 * M_PI * random_real(random));
}

static bool near(double found, double expected)
{
    bool is_near = fabs(found - expected) <= 1e-9 * fabs(expected);
    if (!is_near)
        tap_note("found %.12g, expected %.12g", found, expected);
    return is_near;
}

static void test_paired(void)
{
    const double a[] = {2, 8, NAN, 4, 0}, b[] = {1, 1, 3, 2, 5}; /* ln 2, ln 8, ln 2: 1, 3, 1 times ln 2 */
    struct paired pair = paired_compare(a, b, 5, 0.95);
    tap_ok(pair.blocks == 3 && near(pair.ratio, pow(2, 5.0 / 3)),
           "a ratio is the geometric mean of common blocks");
    tap_ok(near(pair.deviation, log(2) * sqrt(4.0 / 3)), "with the scatter of the logarithms");
    tap_ok(near(log(pair.high / pair.ratio), 4.302652729696142 * pair.deviation / sqrt(3)),
           "and Student's interval");
    pair = paired_compare(a, b, 1, 0.95);
    tap_ok(near(pair.ratio, 2) && isnan(pair.low), "one block has a ratio and no interval");
    tap_ok(isnan(paired_compare(a, b, 0, 0.95).ratio), "none has neither");
}

static void test_medians(void)
{
    const double logs[] = {log(9), log(2), log(2), NAN,    log(8), log(8),
                           NAN,    NAN,    NAN,    log(1), log(4), log(2)};
    struct paired pair = paired_of_medians(logs, 4, 3, 0.95);
    tap_ok(pair.blocks == 3 && near(pair.ratio, pow(2, 5.0 / 3)),
           "a ratio over groups is the geometric mean of their medians");
    tap_ok(near(log(pair.high / pair.ratio), 4.302652729696142 * log(2) * sqrt(4.0 / 3) / sqrt(3)),
           "with Student's interval over the groups");
    pair = paired_of_medians(logs, 1, 3, 0.95);
    tap_ok(near(pair.ratio, 2) && isnan(pair.low), "one group has a ratio and no interval");
}

/* One call: groups of rounds by turns. What a group shares scatters by 5%, a round by 10% more, and one round in ten
 * is disturbed by some half. */
static void call_make(struct random_state *random, double truth, double logs[static GROUPS * ROUNDS])
{
    for (int group = 0; group < GROUPS; group++) {
        double shared = truth + 0.05 * normal_draw(random);
        for (int round = 0; round < ROUNDS; round++) {
            bool disturbed = random_below(random, 10) == 0;
            logs[group * ROUNDS + round] = shared + (disturbed ? 0.5 : 0.1) * normal_draw(random);
        }
    }
}

static bool overlap(const struct paired *one, const struct paired *other)
{
    return one->low <= other->high && other->low <= one->high;
}

/* As many rounds that all share one layout, as a call without groups has them. */
static struct paired call_plain(struct random_state *random, double truth)
{
    double a[GROUPS * ROUNDS], b[GROUPS * ROUNDS], shared = truth + 0.05 * normal_draw(random);
    for (int round = 0; round < GROUPS * ROUNDS; round++) {
        a[round] = exp(shared + 0.1 * normal_draw(random));
        b[round] = 1;
    }
    return paired_compare(a, b, GROUPS * ROUNDS, 0.95);
}

/* The intervals of two calls agree where they are over groups, and do not where they are over rounds. */
static void test_two_calls(uint64_t seed)
{
    const double truth = log(1.4);
    double logs[GROUPS * ROUNDS];
    int held = 0, agree = 0, plain_held = 0, plain_agree = 0;
    struct random_state random;
    random_seed(&random, seed);
    for (int campaign = 0; campaign < CAMPAIGNS; campaign++) {
        struct paired calls[2], plain[2];
        for (int call = 0; call < 2; call++) {
            call_make(&random, truth, logs);
            calls[call] = paired_of_medians(logs, GROUPS, ROUNDS, 0.95);
            plain[call] = call_plain(&random, truth);
            held += log(calls[call].low) <= truth && truth <= log(calls[call].high);
            plain_held += log(plain[call].low) <= truth && truth <= log(plain[call].high);
        }
        agree += overlap(&calls[0], &calls[1]);
        plain_agree += overlap(&plain[0], &plain[1]);
    }
    tap_note("of %d intervals %d over groups hold the truth, and %d over rounds; of %d pairs %d and %d agree",
             2 * CAMPAIGNS, held, plain_held, CAMPAIGNS, agree, plain_agree);
    tap_ok(held >= 2 * 930 && held <= 2 * 975, "intervals over groups hold the truth in 95%% of calls");
    tap_ok(agree >= 980, "and those of two calls agree");
    tap_ok(plain_held < 2 * 600 && plain_agree < 700, "which intervals over rounds of one layout do not");
}

/* Costs that may be below 0: ratios of means. */
static void test_means(uint64_t seed)
{
    const double a[] = {6, 10, NAN, 14}, b[] = {3, 5, 1, 7}, around[] = {-1, 1, 0, 0.1};
    struct paired pair = paired_of_means(a, b, 4, 0.95);
    tap_ok(pair.blocks == 3 && near(pair.ratio, 2) && near(pair.low, 2) && near(pair.high, 2),
           "what is twice as much in each block is twice as much");
    pair = paired_of_means(b, around, 4, 0.95);
    tap_ok(near(pair.ratio, 16 / 0.1) && isnan(pair.low), "a divisor that may be 0 bounds nothing");
    tap_ok(isnan(paired_of_means(around, (double[]){-1, -2, -1, -2}, 4, 0.95).ratio),
           "one below 0 has no ratio");
    const double left[] = {3, 4, 6, 5}, right[] = {1, 2, 2, 1.5};
    pair = paired_of_means(left, right, 4, 0.95);
    for (int end = 0; end < 2; end++) {
        double off[4], bound = end ? pair.high : pair.low, mean = 0, squares = 0;
        for (int block = 0; block < 4; block++)
            mean += (off[block] = left[block] - bound * right[block]) / 4;
        for (int block = 0; block < 4; block++)
            squares += (off[block] - mean) * (off[block] - mean);
        tap_ok(near(fabs(mean) / sqrt(squares / 3 / 4), 3.182446305284263),
               "a bound is a ratio that Student's test just refuses");
    }
    struct random_state random;
    int held = 0;
    random_seed(&random, seed);
    for (int campaign = 0; campaign < CAMPAIGNS; campaign++) {
        double costs[BLOCKS], bases[BLOCKS];
        for (int block = 0; block < BLOCKS; block++) {
            double drift = 1 + 0.1 * normal_draw(&random);
            costs[block] = 0.5 * drift + 0.2 * normal_draw(&random);
            bases[block] = 2 * drift + 0.2 * normal_draw(&random);
        }
        pair = paired_of_means(costs, bases, BLOCKS, 0.95);
        held += pair.low <= 0.25 && 0.25 <= pair.high;
    }
    tap_note("of %d intervals of ratios of means %d hold the truth", CAMPAIGNS, held);
    tap_ok(held >= 925 && held <= 975, "intervals of ratios of means hold the truth in 95%%");
}

/* The cells 10, 20 and 40 with little scatter, and 5, which is no candidate. */
static const double clear[4][BLOCKS] = {
    {10, 10.1, 10, 9.9, 10}, {20, 20.1, 19.9, 20, 20}, {40, 41, 40, 39, 40}, {5, 5, 5.1, 4.9, 5}};

static void cells_fill(struct best_cell *cells, const double values[][BLOCKS], size_t count)
{
    for (size_t i = 0; i < count; i++)
        cells[i] = (struct best_cell){.values = values[i], .bases = values[i], .candidate = true};
}

static void test_clear(void)
{
    struct best_cell cells[4];
    double logs[4 * BLOCKS], sum = 0;
    cells_fill(cells, clear, 4);
    cells[3].candidate = false;
    best_compare(cells, 4, BLOCKS, 0.05, NULL, logs);
    tap_ok(cells[0].best && cells[0].may_be_best && !cells[1].best && !cells[1].may_be_best &&
               !cells[3].may_be_best,
           "a clear best is the only one that may be the best");
    tap_ok(cells[0].ratio == 1 && cells[0].low == 1 && cells[0].high == 1, "its ratio is 1");
    struct paired pair = paired_compare(clear[1], clear[0], BLOCKS, 1 - 0.05 / 3);
    tap_ok(near(cells[1].ratio, pair.ratio) && near(cells[1].low, pair.low) && near(cells[1].high, pair.high),
           "another's is its paired ratio, at the level of three comparisons");
    tap_ok(cells[3].ratio < 0.51 && cells[3].high < 1, "one that is no candidate lies below 1");
    for (int block = 0; block < BLOCKS; block++)
        sum += logs[2 * BLOCKS + block];
    tap_ok(near(exp(sum / BLOCKS), cells[2].ratio), "the ratio is the mean of its blocks");
}

/*
 * Two cells are each the faster in a half of the blocks: 1 2 1 2 and 2 1 2 1. Without block 1 the second is
 * the best, so block 1 gives 1/2 to the first and 1 to itself, and so on: each block flatters its loser.
 */
static void test_tie(void)
{
    const double values[2][BLOCKS] = {{1, 2, 1, 2, NAN}, {2, 1, 2, 1, NAN}};
    struct best_cell cells[2];
    cells_fill(cells, values, 2);
    best_compare(cells, 2, BLOCKS, 0.05, NULL, NULL);
    tap_ok(near(cells[0].ratio, 1 / sqrt(2)) && near(cells[1].ratio, 1 / sqrt(2)),
           "in each block the best is that of the others");
    tap_ok(cells[0].may_be_best && cells[1].may_be_best, "both may be the best");
    tap_ok(cells[0].low == cells[0].ratio && cells[0].high > 2, "the interval holds the ratio, and 1");
}

/* Two cells may be the best, of which one scatters more. A third is slower than both. */
static void test_two_candidates(void)
{
    const double values[4][BLOCKS] = {
        {10, 10.1, 9.9, 10, 10}, {9, 11.2, 10, 9.2, 11}, {30, 30, 30.1, 29.9, 30}};
    for (int turned = 0; turned < 2; turned++) {
        struct best_cell cells[3];
        cells_fill(cells, values, 3);
        if (turned) {
            struct best_cell first = cells[0];
            cells[0] = cells[1];
            cells[1] = first;
        }
        best_compare(cells, 3, BLOCKS, 0.05, NULL, NULL);
        struct paired one = paired_compare(values[2], values[0], BLOCKS, 1 - 0.05 / 2),
                      two = paired_compare(values[2], values[1], BLOCKS, 1 - 0.05 / 2);
        tap_ok(cells[0].may_be_best && cells[1].may_be_best && !cells[2].may_be_best, "two may be the best");
        tap_ok(near(cells[2].low, fmin(one.low, two.low)) && near(cells[2].high, fmax(one.high, two.high)),
               "the interval of a third goes from end to end of those to both");
    }
}

static void test_missing(void)
{
    double values[3][BLOCKS] = {{10, 11, 10, 9, 10}, {20, 21, NAN, NAN, NAN}, {NAN, NAN, NAN, NAN, NAN}};
    struct best_cell cells[4];
    cells_fill(cells, (const double(*)[BLOCKS])values, 3);
    cells[3] = (struct best_cell){.candidate = true};
    best_compare(cells, 4, BLOCKS, 0.05, NULL, NULL);
    tap_ok(cells[0].best && near(cells[1].ratio, sqrt(2 * 21 / 11.0)),
           "a cell that stopped keeps the blocks it has");
    tap_ok(isnan(cells[2].ratio) && isnan(cells[3].ratio), "one without values has no ratio");
    tap_ok(cells[0].ratio == 1, "and takes nothing from the others");
    best_compare(cells, 2, 1, 0.05, NULL, NULL);
    tap_ok(near(cells[1].ratio, 2) && isnan(cells[1].low),
           "one block chooses by itself, and has no interval");
    cells[0].candidate = cells[1].candidate = false;
    best_compare(cells, 2, BLOCKS, 0.05, NULL, NULL);
    tap_ok(isnan(cells[1].ratio) && !cells[0].best, "without a candidate there is no ratio");
}

static void test_bases(void)
{
    const double costs[2][BLOCKS] = {{10, 10, 10, 10, 10}, {12, 12, 12, 12, 12}};
    const double distilled[2][BLOCKS] = {{9, 9, 9, 9, 9}, {8, 8, 8, 8, 8}};
    struct best_cell cells[2];
    cells_fill(cells, costs, 2);
    cells[0].bases = distilled[0];
    cells[1].bases = distilled[1];
    best_compare(cells, 2, BLOCKS, 0.05, NULL, NULL);
    tap_ok(cells[1].best && near(cells[0].ratio, 10.0 / 8) && near(cells[1].ratio, 12.0 / 8),
           "costs are divided by the least base");
    tap_ok(near(cells[1].low, 1.5) && near(cells[1].high, 1.5), "without scatter the interval is a point");
}

/* Cells with one scatter: what the pairs of many works lend makes the intervals of one narrower. */
static void test_borrowing(uint64_t seed)
{
    enum { LENDERS = 5 };
    struct random_state random;
    double values[LENDERS][CELLS][BLOCKS], own = 0, lent = 0;
    struct best_cell cells[LENDERS * CELLS];
    random_seed(&random, seed);
    for (int work = 0; work < LENDERS; work++) {
        for (int i = 0; i < CELLS * BLOCKS; i++)
            values[work][i / BLOCKS][i % BLOCKS] = exp(i / BLOCKS + 0.02 * normal_draw(&random));
        cells_fill(cells + work * CELLS, (const double(*)[BLOCKS])values[work], CELLS);
    }
    struct prior prior = best_borrow(cells, LENDERS, CELLS, BLOCKS);
    tap_ok(prior.freedom > 3 && fabs(prior.deviation / 0.02 / M_SQRT2 - 1) < 0.2,
           "the pairs of five works say what the scatter is");
    for (int work = 0; work < LENDERS; work++)
        for (int with = 0; with < 2; with++) {
            best_compare(cells + work * CELLS, CELLS, BLOCKS, 0.05, with ? &prior : NULL, NULL);
            for (int i = 1; i < CELLS; i++)
                *(with ? &lent : &own) += log(cells[work * CELLS + i].high / cells[work * CELLS + i].low);
        }
    tap_note("with what is lent the intervals are %.2f times as wide", lent / own);
    tap_ok(lent < 0.85 * own, "and make the intervals of five blocks narrower");
}

/* Six equal cells: how often do all intervals hold 1, and what is the mean ratio? */
static void test_ties(uint64_t seed)
{
    struct random_state random;
    double values[CELLS][BLOCKS], mean = 0;
    int held = 0, leading = 0;
    random_seed(&random, seed);
    for (int campaign = 0; campaign < CAMPAIGNS; campaign++) {
        struct best_cell cells[CELLS];
        bool all = true;
        for (int i = 0; i < CELLS * BLOCKS; i++)
            values[i / BLOCKS][i % BLOCKS] = exp(0.15 * normal_draw(&random));
        cells_fill(cells, (const double(*)[BLOCKS])values, CELLS);
        best_compare(cells, CELLS, BLOCKS, 0.05, NULL, NULL);
        for (int i = 0; i < CELLS; i++) {
            all = all && cells[i].low <= 1 && 1 <= cells[i].high;
            mean += cells[i].ratio / (CELLS * CAMPAIGNS);
        }
        held += all;
        leading += cells[0].may_be_best;
    }
    tap_note("six equal cells, five blocks, scatter 15%%: all intervals hold 1 in %d of %d, mean ratio %.3f, "
             "the first "
             "may be the best in %d",
             held, CAMPAIGNS, mean, leading);
    tap_ok(held >= 936, "the intervals of six equal cells all hold 1 in 95%% of campaigns");
    tap_ok(leading >= 936, "and so does the set of those that may be the best");
    tap_ok(fabs(mean - 1) < 0.015, "the mean ratio is 1: choosing the best flatters nobody");
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    tap_note("seed %" PRIu64, seed);
    test_paired();
    test_medians();
    test_two_calls(seed + 3);
    test_means(seed + 2);
    test_clear();
    test_tie();
    test_two_candidates();
    test_missing();
    test_bases();
    test_borrowing(seed + 1);
    test_ties(seed);
    return tap_done();
}
