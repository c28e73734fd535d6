/* SPDX-License-Identifier: MIT */
/* Checks the variance between layouts by hand, and on draws whose truth is known. */
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "harness/analysis/variance.h"
#include "tests/tap.h"

enum { GROUPS = 5, EACH = 4, VALUES = GROUPS * EACH, CAMPAIGNS = 1000 };

static void near(double found, double expected, double tolerance, const char *sentence)
{
    if (!tap_ok(fabs(found - expected) <= tolerance, "%s", sentence))
        tap_note("found %.12g, expected %.12g", found, expected);
}

/* Two groups of two have the means 2 and 6 around 4, so the mean squares are 16 and 2. */
static void test_by_hand(void)
{
    const double values[] = {1, 5, 3, 7};
    const size_t groups[] = {0, 1, 0, 1};
    struct variance variance = variance_of(values, groups, 4, 2);
    near(variance.within, sqrt(2), 1e-12, "the scatter within groups is the root of its mean square");
    near(variance.between, sqrt(7), 1e-12,
         "that between them is what the mean square has beyond it, over the size");
    near(variance.share, 7.0 / 9, 1e-12, "its share is of the variances");
    near(variance.p, 0.10557280900008414, 1e-9,
         "p is the F test's"); /* F = 8 with 1 and 2: 1 - sqrt(8 / 10) */
}

static void test_missing(void)
{
    const double values[] = {1, 5, NAN, 3, 7, NAN};
    const size_t groups[] = {0, 1, 0, 0, 1, 2};
    struct variance variance = variance_of(values, groups, 6, 3);
    tap_equal((int64_t)variance.groups, 2, "a group without a value is none");
    near(variance.between, sqrt(7), 1e-12, "values that are missing are left out");
    tap_ok(isnan(variance_of(values, groups, 1, 3).between), "one group has no variance between groups");
    tap_ok(isnan(variance_of(values, groups, 2, 3).share), "nor have groups of one each");
    const double alike[] = {2, 2, 2, 2};
    variance = variance_of(alike, groups, 4, 2);
    tap_ok(variance.between == 0 && variance.share == 0, "values that are all alike have none between");
    const double apart[] = {2, 3, 2, 2, 3};
    variance = variance_of(apart, groups, 5, 2);
    tap_ok(variance.share == 1, "those alike within groups have all of it between");
}

static double normal_draw(struct random_state *random)
{
    double radius = sqrt(-2 * log(1 - random_real(random)));
    return radius * cos(2 * M_PI * random_real(random));
}

/* Counts how often the intervals hold the truth that the values were drawn from. */
static void test_coverage(double between, double within, uint64_t seed)
{
    struct random_state random;
    double values[VALUES], share = between * between / (between * between + within * within), mean = 0;
    size_t groups[VALUES], holds_between = 0, holds_share = 0, called = 0;
    random_seed(&random, seed);
    for (int campaign = 0; campaign < CAMPAIGNS; campaign++) {
        double middles[GROUPS];
        for (size_t i = 0; i < GROUPS; i++)
            middles[i] = between * normal_draw(&random);
        for (size_t i = 0; i < VALUES; i++) {
            groups[i] = i % GROUPS;
            values[i] = middles[groups[i]] + within * normal_draw(&random);
        }
        struct variance found = variance_of(values, groups, VALUES, GROUPS);
        holds_between += found.between_interval.low <= between && between <= found.between_interval.high;
        holds_share += found.share_interval.low <= share && share <= found.share_interval.high;
        called += found.p <= 0.05;
        mean += found.between * found.between / CAMPAIGNS;
    }
    tap_note(
        "layouts %g, processes %g: of %d intervals %zu hold the deviation, %zu the share; p <= 0.05 in %zu",
        between, within, CAMPAIGNS, holds_between, holds_share, called);
    tap_ok(holds_between >= 935, "the interval of the deviation holds it in 95%% of campaigns or more");
    tap_ok(holds_share >= 935, "as does that of the share");
    if (between > 0)
        tap_ok(fabs(sqrt(mean) / between - 1) < 0.1, "and the deviation is right on average");
    else
        tap_ok(called >= 36 && called <= 65, "and layouts that are alike differ in 5%%");
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    tap_note("seed %" PRIu64, seed);
    test_by_hand();
    test_missing();
    test_coverage(0.02, 0.01, seed);
    test_coverage(0.01, 0.02, seed + 1);
    test_coverage(0, 0.01, seed + 2);
    return tap_done();
}
