/* SPDX-License-Identifier: MIT */
/*
 * Checks slopes: by hand, and their intervals on series whose slope is known.
 *
 * usage: test-slope [SEED]
 */
#include <math.h>

#include "base/random.h"
#include "harness/statistics/slope.h"
#include "tests/tap.h"

enum { POINTS = 30, SERIES = 1000 };

static bool near(double found, double expected)
{
    bool is_near = fabs(found - expected) <= 1e-9 * fmax(1, fabs(expected));
    if (!is_near)
        tap_note("found %.12g, expected %.12g", found, expected);
    return is_near;
}

static void test_by_hand(void)
{
    const double x[] = {0, 1, 2, 4}, y[] = {5, 7, 9, 13};
    tap_ok(near(slope_find(x, y, 4, 0.95).slope, 2), "points on a line have its slope");
    const double off[] = {5, 7, 900, 13};
    tap_ok(near(slope_find(x, off, 4, 0.95).slope, 2), "one point that is far off does not move it");
    tap_ok(isinf(slope_find(x, y, 4, 0.95).low) && isinf(slope_find(x, y, 4, 0.95).high),
           "four points say nothing at 95%%");
    tap_ok(isnan(slope_find(x, y, 1, 0.95).slope) && isnan(slope_find(x, y, 0, 0.95).slope),
           "one point has no slope, and none has none");
    const double same[] = {3, 3, 3};
    tap_ok(isnan(slope_find(same, y, 3, 0.95).slope), "nor have points at one place");
}

/* Six points have 15 slopes. 1.96 deviations of Kendall's S are 1.96 * sqrt(6 * 5 * 17 / 18) = 10.43, and (15 - 10.43) / 2
 * is 2.28: the ends are the second slope and the last but one. */
static void test_interval_by_hand(void)
{
    const double x[] = {0, 1, 2, 3, 4, 5}, y[] = {0, 1, 4, 9, 16, 25}; /* slope of i and j: i + j */
    struct slope slope = slope_find(x, y, 6, 0.95);
    tap_ok(near(slope.slope, 5),
           "the slopes of squares are the sums of their places: 1 to 9, in the middle 5");
    tap_ok(near(slope.low, 2) && near(slope.high, 8), "the interval leaves out one slope at each end");
    const double tied[] = {0, 0, 0, 1, 1, 1};
    slope = slope_find(tied, y, 6, 0.5);
    tap_ok(near(slope.slope, 15), "points at the same place are in no pair: of nine slopes the fifth");
}

/* A draw with the mean 0: normal, or with heavy tails. */
static double noise_draw(struct random_state *random, bool heavy)
{
    double normal = sqrt(-2 * log(1 - random_real(random))) * cos(2 * M_PI * random_real(random));
    return heavy ? normal / (0.05 + random_real(random)) : normal;
}

/* Counts the series whose interval holds the true slope. */
static size_t coverage(double truth, bool heavy, uint64_t seed)
{
    size_t held = 0;
    struct random_state random;
    random_seed(&random, seed);
    for (int i = 0; i < SERIES; i++) {
        double x[POINTS], y[POINTS];
        for (int point = 0; point < POINTS; point++) {
            x[point] = point / 3; /* three at each place */
            y[point] = truth * x[point] + noise_draw(&random, heavy);
        }
        struct slope slope = slope_find(x, y, POINTS, 0.95);
        held += slope.low <= truth && truth <= slope.high;
    }
    return held;
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    tap_note("seed %" PRIu64, seed);
    test_by_hand();
    test_interval_by_hand();
    const struct {
        double truth;
        bool heavy;
        const char *name;
    } cases[] = {{0, false, "no slope"}, {2, false, "a slope"}, {-1, true, "a slope under heavy tails"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t held = coverage(cases[i].truth, cases[i].heavy, seed + i);
        tap_note("%s: %zu of %d intervals hold it", cases[i].name, held, SERIES);
        tap_ok(held >= 930 && held <= 985, "an interval of 95%% holds %s in 93 to 98.5 of 100",
               cases[i].name);
    }
    return tap_done();
}
