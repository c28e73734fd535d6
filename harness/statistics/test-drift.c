/* SPDX-License-Identifier: MIT */
/*
 * Checks the tests of drift: by hand, against false alarms, and on runs that a machine disturbed.
 *
 * usage: test-drift [SEED]
 */
#include <math.h>

#include "base/random.h"
#include "harness/statistics/drift.h"
#include "tests/tap.h"

enum { CELLS = 8, BLOCKS = 10, CAMPAIGNS = 1000 };

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

static void test_by_hand(void)
{
    const double rising[] = {0, 0.01, NAN, 0.02, 0.03, 0.04};
    struct drift drift = drift_find(rising, 6);
    tap_ok(drift.blocks == 5 && near(drift.trend, exp(0.04)), "the slope is that of neighbouring blocks");
    tap_ok(near(drift.trend_p, 2.0 / 120), "five blocks that rise do so in 2 of 120 orders");
    tap_ok(near(drift.halves, exp(0.025)), "the second half is over the first");
    const double steps[] = {0, 2, 10,
                            12}; /* means 1 and 11, squares 4, error sqrt(4 / 2): t = 10 / sqrt(2) */
    drift = drift_find(steps, 4);
    tap_ok(near(drift.halves_p, 1 - 10 / sqrt(2) / sqrt(2 + 50)), "p of the halves is Student's");
    const double shocked[] = {0.01, -0.01, 0.01, -0.01, 0.3, 0, 0};
    drift = drift_find(shocked, 7);
    tap_ok(drift.shock_block == 4 && near(drift.shock, exp(0.3)) && drift.shock_p < 1e-4,
           "a block apart from all others is named, with its distance");
    const double same[] = {1, 1, 1, 1, 1};
    drift = drift_find(same, 5);
    tap_ok(drift.halves_p == 1 && drift.trend_p == 1 && drift.shock_p == 1 && !drift_found(&drift),
           "where nothing varies nothing is found");
    drift = drift_find(rising, 4);
    tap_ok(isnan(drift.halves_p) && isnan(drift.shock) && !drift_found(&drift), "three blocks are too few");
}

static void test_most(void)
{
    enum drift_test test;
    struct drift drift = {
        .halves = 1.02, .halves_p = 0.5, .trend = 0.88, .trend_p = 0.006, .shock = 0.7, .shock_p = 0.4};
    tap_ok(near(drift_most(&drift, &test), 0.12) && test == DRIFT_TREND,
           "how far a run moved is by what is found, and not by a larger one that is not");
    drift.shock_p = 0.001;
    tap_ok(near(drift_most(&drift, &test), 0.3) && test == DRIFT_SHOCK,
           "of two that are found it is the larger");
    drift.halves_p = drift.trend_p = drift.shock_p = 0.02;
    tap_ok(drift_most(&drift, &test) == 0 && test == DRIFT_TESTS && !drift_found(&drift),
           "and nothing where none is");
}

static void test_levels(void)
{
    const double a[] = {100, 200, 100, 100}, b[] = {1, 2, 1, 1}, stopped[] = {7, 8, NAN, NAN};
    const double *rows[] = {a, b, NULL, stopped};
    double levels[4];
    drift_levels(rows, 4, 4, levels);
    tap_ok(near(levels[1] - levels[0], log(2)) && levels[3] == levels[0],
           "a level is what the cells of all blocks have in common");
    drift_levels(rows + 2, 1, 4, levels);
    tap_ok(isnan(levels[0]), "without cells there is none");
}

/* Counts the runs in which each test finds something. */
struct tally {
    size_t halves, trend, shock, any, named;
};

enum kind { ALIKE, SECOND_HALF, RISING, ONE_BLOCK };

static double level_of(enum kind kind, size_t block, size_t blocks)
{
    switch (kind) {
    case SECOND_HALF:
        return block >= blocks / 2 ? log(1.1) : 0;
    case RISING:
        return log(1.1) * (double)block / (double)(blocks - 1);
    case ONE_BLOCK:
        return block == 1 ? log(1.1) : 0;
    default:
        return 0;
    }
}

static struct tally campaigns_tally(enum kind kind, size_t blocks, uint64_t seed)
{
    struct tally tally = {0};
    struct random_state random;
    random_seed(&random, seed);
    for (int campaign = 0; campaign < CAMPAIGNS; campaign++) {
        double values[CELLS][BLOCKS], levels[BLOCKS];
        const double *rows[CELLS];
        for (size_t block = 0; block < blocks; block++) {
            double level = level_of(kind, block, blocks) + 0.01 * normal_draw(&random);
            for (int cell = 0; cell < CELLS; cell++)
                values[cell][block] = exp(level + 0.03 * normal_draw(&random));
        }
        for (int cell = 0; cell < CELLS; cell++)
            rows[cell] = values[cell];
        drift_levels(rows, CELLS, blocks, levels);
        struct drift drift = drift_find(levels, blocks);
        tally.halves += drift.halves_p <= 0.05;
        tally.trend += drift.trend_p <= 0.05;
        tally.shock += drift.shock_p <= 0.05;
        tally.any += drift_found(&drift);
        tally.named += drift.shock_block == 1;
    }
    static const char *const names[] = {"alike", "the second half 10% slower", "10% slower in the end",
                                        "one block 10% slower"};
    tap_note("%zu blocks, %s: halves %zu, trend %zu, shock %zu, any %zu of %d", blocks, names[kind],
             tally.halves, tally.trend, tally.shock, tally.any, CAMPAIGNS);
    return tally;
}

static void test_rates(uint64_t seed)
{
    for (size_t blocks = 5; blocks <= BLOCKS; blocks += 5) {
        struct tally tally = campaigns_tally(ALIKE, blocks, seed + blocks);
        tap_ok(tally.halves <= 64 && tally.trend <= 64 && tally.shock <= 64,
               "of %zu blocks that are alike each test finds something in 5%% of runs at most", blocks);
        tap_ok(tally.any <= 64, "as do all three together");
    }
    struct tally tally = campaigns_tally(SECOND_HALF, BLOCKS, seed + 1);
    tap_ok(tally.halves >= 990 && tally.any >= 990, "a second half that is 10%% slower is found");
    tally = campaigns_tally(RISING, BLOCKS, seed + 2);
    tap_ok(tally.trend >= 950, "as is a rise by 10%%");
    tally = campaigns_tally(ONE_BLOCK, BLOCKS, seed + 3);
    tap_ok(tally.shock >= 800 && tally.named >= 950, "and one block that is 10%% slower, which is named");
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    tap_note("seed %" PRIu64, seed);
    test_by_hand();
    test_most();
    test_levels();
    test_rates(seed);
    return tap_done();
}
