/* SPDX-License-Identifier: MIT */
/*
 * Checks comparisons of two runs and replication intervals: by hand, and on campaigns drawn with an offset
 * between runs.
 *
 * usage: test-two-runs [SEED]
 */
#include <math.h>

#include "base/random.h"
#include "harness/statistics/replication.h"
#include "harness/statistics/significance.h"
#include "harness/statistics/two-runs.h"
#include "tests/tap.h"

enum { BLOCKS = 10, CAMPAIGNS = 2000, CELLS = 32, FEW = 5 };

static const struct two_runs_design PLAIN = {0, 0.05, 0.01, 1, false};

static double normal_draw(struct random_state *random)
{
    double radius = sqrt(-2 * log(1 - random_real(random)));
    return radius * cos(2 * M_PI * random_real(random));
}

static bool near(double found, double expected, double tolerance)
{
    bool is_near = fabs(found - expected) <= tolerance * fabs(expected);
    if (!is_near)
        tap_note("found %.12g, expected %.12g", found, expected);
    return is_near;
}

/* Fills the values of a run whose level is off by `offset`, a logarithm. */
static void run_fill(double *values, size_t count, double offset, double deviation,
                     struct random_state *random)
{
    for (size_t i = 0; i < count; i++)
        values[i] = exp(offset + deviation * normal_draw(random));
}

/*
 * ln a is 0 1 2, ln b is 4 6 8: the variances 1 and 4, the error sqrt(1/3 + 4/3), the degrees of freedom
 * (5/3)^2 / (1/18 + 16/18) = 50/17, and t = 5 / sqrt(5/3).
 */
static void test_by_hand(void)
{
    const double a[] = {1, NAN, M_E, exp(2)}, b[] = {exp(4), exp(6), exp(8)};
    struct two_runs found = two_runs_compare(&PLAIN, a, 4, b, 3);
    tap_ok(found.count_a == 3 && near(found.ratio, exp(5), 1e-12),
           "the ratio is of geometric means, B over A");
    tap_ok(near(found.error, sqrt(5.0 / 3), 1e-12), "its error is that of two means");
    tap_ok(near(found.freedom, 50.0 / 17, 1e-12), "its degrees of freedom are Welch's");
    tap_ok(near(found.p, 0.0319, 0.02), "p is that of t = 3.87 with 2.94");
    tap_ok(found.low > 1 && found.high > exp(5), "the interval excludes 1 where p is below 5%%");
    struct two_runs_design apart = PLAIN;
    apart.between = 1;
    found = two_runs_compare(&apart, a, 4, b, 3);
    tap_ok(near(found.error, sqrt(2 + 5.0 / 3), 1e-12) &&
               near(found.freedom, (121.0 / 9) / (17.0 / 18), 1e-12),
           "an offset between runs adds twice its variance, and no freedom");
    tap_ok(isnan(two_runs_compare(&PLAIN, a, 1, b, 3).p), "one value of a metric that varies has no p");
}

static void test_exact(void)
{
    const double seven[] = {7, 7}, eight[] = {8, 8}, zero[] = {0, 0}, some[] = {3, 4, 5}, mixed[] = {0, 4, 5};
    struct two_runs_design far = PLAIN;
    far.between = 0.5;
    struct two_runs found = two_runs_compare(&far, seven, 2, eight, 2);
    tap_ok(found.exact && found.p == 0 && found.low == found.high && near(found.ratio, 8.0 / 7, 1e-12),
           "what does not vary is compared exactly, whatever lies between runs");
    found = two_runs_compare(&far, seven, 2, seven, 2);
    tap_ok(found.exact && found.p == 1 && found.ratio == 1, "and is equal to itself");
    tap_ok(!two_runs_compare(&far, seven, 1, eight, 1).exact,
           "one value does not show that a metric does not vary");
    far.exact = true;
    tap_ok(two_runs_compare(&far, seven, 1, eight, 1).p == 0, "unless it is known not to");
    found = two_runs_compare(&PLAIN, zero, 2, some, 3);
    tap_ok(found.exact && isinf(found.ratio) && found.p == 0, "from nothing to something is a difference");
    found = two_runs_compare(&PLAIN, some, 3, zero, 2);
    tap_ok(found.exact && found.ratio == 0 && found.p == 0, "as is from something to nothing");
    found = two_runs_compare(&PLAIN, mixed, 3, some, 3);
    tap_ok(isnan(found.ratio) && near(found.p, significance_rank_sum(mixed, 3, some, 3), 1e-12),
           "where zeros are mixed with others ranks are compared");
}

static void test_reference(void)
{
    double values[] = {2, 4, 9, 5};
    const double reference[] = {1, 2, 3, NAN};
    two_runs_normalise(values, reference, 4);
    tap_ok(values[0] == 2 && values[1] == 2 && values[2] == 3 && isnan(values[3]),
           "a value is divided by the reference program of its block");
}

/* One cell of 32 is ten times as slow, in runs of five blocks whose cells scatter by 30%. */
static void test_tenfold(uint64_t seed)
{
    struct random_state random;
    struct two_runs_design design = PLAIN;
    size_t missed = 0;
    random_seed(&random, seed);
    design.between = TWO_RUNS_BETWEEN;
    design.family = CELLS;
    for (int campaign = 0; campaign < 100; campaign++) {
        double a[FEW], b[FEW], p[CELLS];
        for (int cell = 0; cell < CELLS; cell++) {
            run_fill(a, FEW, 0, 0.1, &random);
            run_fill(b, FEW, cell ? 0 : log(10), 0.1, &random);
            struct two_runs found = two_runs_compare(&design, a, FEW, b, FEW);
            p[cell] = found.p;
            missed += cell == 0 && found.smallest > 10;
        }
        significance_holm(p, CELLS);
        missed += p[0] > 0.05;
    }
    tap_equal((int64_t)missed, 0, "with five blocks and 32 cells ten times as slow is always called");
}

/* Counts the comparisons with p <= 0.05 where nothing but an offset lies between the runs. */
static size_t false_calls(double between, double offset, uint64_t seed)
{
    struct random_state random;
    struct two_runs_design design = PLAIN;
    size_t calls = 0;
    design.between = between;
    random_seed(&random, seed);
    for (int campaign = 0; campaign < CAMPAIGNS; campaign++) {
        double a[BLOCKS], b[BLOCKS];
        run_fill(a, BLOCKS, offset * normal_draw(&random), 0.005, &random);
        run_fill(b, BLOCKS, offset * normal_draw(&random), 0.02, &random);
        calls += two_runs_compare(&design, a, BLOCKS, b, BLOCKS).p <= 0.05;
    }
    return calls;
}

static void test_offsets(uint64_t seed)
{
    size_t quiet = false_calls(0, 0, seed), ignored = false_calls(0, 0.01, seed),
           known = false_calls(0.01, 0.01, seed);
    tap_note(
        "of %d comparisons without a difference p <= 0.05 in %zu; with an offset of 1%% in %zu, and in %zu "
        "where it is known",
        CAMPAIGNS, quiet, ignored, known);
    tap_ok(quiet >= 75 && quiet <= 125, "without an offset p is at most 0.05 in 5%% of comparisons");
    tap_ok(ignored > 500, "an offset that is not counted is called a difference");
    tap_ok(known <= 125, "one that is counted is called so in 5%% at most");
}

static void test_needed(uint64_t seed)
{
    struct two_runs_design design = {0.01, 0.05, 0.01, 10, false};
    struct two_runs found = {.variance_a = 0.0009, .variance_b = 0.0009, .error = 1};
    size_t blocks = two_runs_blocks_needed(&design, &found, 1.08), called = 0;
    double a[100], b[100];
    struct random_state random;
    random_seed(&random, seed);
    for (int campaign = 0; campaign < CAMPAIGNS && blocks <= 100; campaign++) {
        run_fill(a, blocks, 0.01 * normal_draw(&random), 0.03, &random);
        run_fill(b, blocks, log(1.08) + 0.01 * normal_draw(&random), 0.03, &random);
        called += two_runs_compare(&design, a, blocks, b, blocks).p <= 0.005;
    }
    tap_note("%zu blocks for 8%%, with a scatter of 3%% and an offset of 1%%: called in %zu of %d", blocks,
             called, CAMPAIGNS);
    tap_ok(called >= CAMPAIGNS * 87 / 100 && called <= CAMPAIGNS * 95 / 100,
           "so many blocks call the difference in nine comparisons of ten");
    tap_ok(two_runs_blocks_needed(&design, &found, 1.02) == 0,
           "no number of blocks shows what an offset hides");
    tap_ok(two_runs_blocks_needed(&design, &found, 10) <= 4, "and a few show ten times");
}

/* Counts how often the second run's figure lies in the first's interval. */
static size_t replicated(bool medians, size_t blocks, double between, double offset, uint64_t seed)
{
    struct random_state random;
    size_t held = 0;
    random_seed(&random, seed);
    for (int campaign = 0; campaign < CAMPAIGNS; campaign++) {
        struct replication runs[2];
        for (int run = 0; run < 2; run++) {
            double values[BLOCKS];
            run_fill(values, blocks, offset * normal_draw(&random), 0.02, &random);
            runs[run] = (medians ? replication_of_median : replication_of_mean)(values, blocks, blocks,
                                                                                between, 0.95);
        }
        held += runs[0].low <= runs[1].figure && runs[1].figure <= runs[0].high;
    }
    tap_note("%s of %zu blocks, offset %g: %zu of %d second figures in the interval",
             medians ? "medians" : "means", blocks, offset, held, CAMPAIGNS);
    return held;
}

static void test_replication(uint64_t seed)
{
    const double values[] = {1, M_E, NAN}, same[] = {3, 3, 3};
    struct replication found = replication_of_mean(values, 3, 2, 0, 0.95);
    /* s^2 = 1/2 with one degree of freedom: t = 12.7062047361747, half = t sqrt(1/4 + 1/4) */
    tap_ok(near(found.figure, exp(0.5), 1e-12) &&
               near(log(found.high) - 0.5, 12.7062047361747 * sqrt(0.5), 1e-9),
           "the interval has the scatter of both runs");
    tap_ok(replication_of_mean(same, 3, 3, 0.01, 0.95).precision == 0,
           "what does not vary is found again exactly");
    tap_ok(isnan(replication_of_median(same, 1, 3, 0.01, 0.95).precision), "one value has no interval");
    size_t means = replicated(false, BLOCKS, 0, 0, seed), offset = replicated(false, 5, 0.01, 0.01, seed + 1),
           medians = replicated(true, 5, 0.01, 0.01, seed + 2);
    tap_ok(means >= 1875 && means <= 1925, "a second run's mean lies in the interval 95 times in 100");
    tap_ok(offset >= 1870, "as it does after an offset");
    tap_ok(medians >= 1870, "as does a median");
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    tap_note("seed %" PRIu64, seed);
    test_by_hand();
    test_exact();
    test_reference();
    test_tenfold(seed);
    test_offsets(seed + 1);
    test_needed(seed + 2);
    test_replication(seed + 3);
    return tap_done();
}
