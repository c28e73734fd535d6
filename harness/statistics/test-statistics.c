/* SPDX-License-Identifier: MIT */
/*
 * Checks quantiles, the bootstrap and the tests against values worked by hand, and against GSL if
 * installed.
 */
#include <math.h>
#include <stdlib.h>

#include "base/quantile.h"
#include "base/random.h"
#include "harness/statistics/bootstrap.h"
#include "harness/statistics/significance.h"
#include "tests/tap.h"
#if WITH_GSL
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#endif

static bool near(double found, double expected, double tolerance, const char *sentence)
{
    bool passed = tap_ok(fabs(found - expected) <= tolerance, "%s", sentence);
    if (!passed)
        tap_note("found %.12g, expected %.12g", found, expected);
    return passed;
}

static void test_quantiles(void)
{
    const double sorted[] = {1, 2, 4, 8};
    const double holes[] = {NAN, 5, NAN, 1, 3};
    int64_t pauses[1000];
    near(quantile_of_sorted(sorted, 4, 0.5), 3, 0, "the type 7 median of 1 2 4 8 is 3");
    near(quantile_of_sorted(sorted, 4, 0.9), 6.8, 1e-12, "the type 7 quantile 0.9 of 1 2 4 8 is 6.8");
    near(quantile_of_sorted(sorted, 4, 1), 8, 0, "the quantile 1 is the largest value");
    tap_ok(isnan(quantile_of_sorted(sorted, 0, 0.5)), "a quantile of nothing is not a number");
    near(quantile_median(holes, 5), 3, 0, "a median leaves out what is missing");
    for (int i = 0; i < 1000; i++)
        pauses[i] = i + 1;
    tap_equal(quantile_rank_of_sorted(pauses, 1000, 0.999), 999,
              "p99.9 of the pauses 1 to 1000 is the pause 999");
    tap_equal(quantile_rank_of_sorted(pauses, 1000, 0.5), 500,
              "p50 of the pauses 1 to 1000 is the pause 500");
    tap_equal(quantile_rank_of_sorted(pauses, 10, 0.99), 10, "p99 of ten pauses is the longest");
    tap_equal(quantile_rank_of_sorted(pauses, 100, 0.07), 7,
              "p7 of 100 pauses is the seventh, though 0.07 is no exact number");
    tap_equal(quantile_rank_of_sorted(pauses, 10, 0), 1, "p0 is the shortest");
}

/*
 * Computes the median of a resample the slow way: writes the drawn values out, sorts them and takes the
 * middle.
 */
static double slow_median(const double *values, const uint16_t *draws, size_t blocks, size_t stride)
{
    double *drawn = calloc(blocks * blocks, sizeof(*drawn));
    size_t n = 0;
    for (size_t block = 0; block < blocks; block++)
        for (size_t i = 0; i < draws[block * stride] && !isnan(values[block]); i++)
            drawn[n++] = values[block];
    quantile_sort(drawn, n);
    double median = quantile_of_sorted(drawn, n, 0.5);
    free(drawn);
    return median;
}

static size_t medians_that_differ(const struct bootstrap *bootstrap, const double *values)
{
    double *medians = calloc(bootstrap->resamples, sizeof(*medians));
    size_t wrong = 0;
    bootstrap_medians(bootstrap, values, medians);
    for (size_t r = 0; r < bootstrap->resamples; r++) {
        double expected = slow_median(values, bootstrap->draws + r, bootstrap->blocks, bootstrap->stride);
        wrong += !(medians[r] == expected || (isnan(medians[r]) && isnan(expected)));
    }
    free(medians);
    return wrong;
}

static void test_bootstrap(void)
{
    struct bootstrap first, again;
    const double values[] = {5, 1, 4, 4, 9, 2, 7};
    const double holes[] = {NAN, 1, NAN, 4, NAN, 2, NAN};
    bootstrap_init(&first, 2000, 7, 42);
    bootstrap_init(&again, 2000, 7, 42);
    tap_ok(memcmp(first.draws, again.draws, first.stride * 7 * sizeof(*first.draws)) == 0,
           "the same seed draws the same blocks");
    size_t drawn = 0;
    for (size_t i = 0; i < first.stride * 7; i++)
        drawn += first.draws[i];
    tap_equal((int64_t)drawn, 2000 * 7, "every resample draws as many blocks as there are");
    tap_equal((int64_t)medians_that_differ(&first, values), 0,
              "a walk along sorted values gives the median of each resample");
    tap_equal((int64_t)medians_that_differ(&first, holes), 0, "missing blocks are left out of each resample");
    bootstrap_fini(&first);
    bootstrap_fini(&again);
}

/* Counts how many 95% intervals of the median hold the true one, of 400 samples of 15 normal values. */
static void test_coverage(void)
{
    struct random_state random;
    struct bootstrap bootstrap;
    double values[15], medians[1000];
    int held = 0;
    random_seed(&random, 7);
    bootstrap_init(&bootstrap, 1000, 15, 1);
    for (int sample = 0; sample < 400; sample++) {
        for (int i = 0; i < 15; i++)
            values[i] = sqrt(-2 * log(1 - random_real(&random))) * cos(2 * M_PI * random_real(&random));
        bootstrap_medians(&bootstrap, values, medians);
        struct bootstrap_interval interval = bootstrap_interval_of(medians, 1000, 0.95);
        held += interval.low <= 0 && 0 <= interval.high;
    }
    tap_ok(held >= 364 && held <= 396,
           "95%% intervals of 15 normal values hold the median 91%% to 99%% of the time");
    tap_note("%d of 400", held);
    bootstrap_fini(&bootstrap);
}

static void test_intervals(void)
{
    struct random_state random;
    double values[1001], sorted[1001];
    random_seed(&random, 3);
    for (int i = 0; i < 1001; i++)
        values[i] = sorted[i] = (double)random_below(&random, 300);
    quantile_sort(sorted, 1001);
    struct bootstrap_interval interval = bootstrap_interval_of(values, 1001, 0.95);
    near(interval.low, quantile_of_sorted(sorted, 1001, 0.025), 1e-9,
         "the low end found by selection is the sorted one");
    near(interval.high, quantile_of_sorted(sorted, 1001, 0.975), 1e-9,
         "the high end found by selection is the sorted one");
    double mostly_missing[] = {NAN, NAN, NAN, 1};
    interval = bootstrap_interval_of(mostly_missing, 4, 0.95);
    tap_ok(isnan(interval.low) && isnan(interval.high),
           "no interval is given when most replicates are missing");
}

static void test_rank_sum(void)
{
    const double low[] = {1, 2, 3}, high[] = {4, 5, 6}, middle[] = {1, 3, 5}, even[] = {2, 4, 6};
    const double tied_low[] = {1, 1, 2}, tied_high[] = {2, 3, 3};
    double many[60], more[60];
    near(significance_rank_sum(low, 3, high, 3), 0.1, 1e-12,
         "1 2 3 against 4 5 6: 2 of 20 subsets are as extreme");
    near(significance_rank_sum(middle, 3, even, 3), 0.7, 1e-12, "1 3 5 against 2 4 6: 14 of 20 subsets");
    near(significance_rank_sum(tied_low, 3, tied_high, 3), 0.2, 1e-12,
         "1 1 2 against 2 3 3: ties count by mid-ranks");
    near(significance_rank_sum(low, 3, low, 3), 1, 1e-12, "a sample against itself gives p = 1");
    for (int i = 0; i < 60; i++) {
        many[i] = 2 * i;
        more[i] = 2 * i + 15;
    }
    /*
     * Values 0 2 .. 78 and 15 17 .. 93: U = sum over i of max(0, i - 7) = 32 * 33 / 2 of 1600, and of 41:
     * 33 * 34 / 2.
     */
    double z = (800 - 528 - 0.5) / sqrt(40 * 40 * 81 / 12.0),
           exact = significance_rank_sum(many, 40, more, 40);
    near(exact, erfc(z / sqrt(2)), 0.001,
         "forty against forty, counted, is close to the normal approximation");
    z = (41 * 41 / 2.0 - 561 - 0.5) / sqrt(41 * 41 * 83 / 12.0);
    near(significance_rank_sum(many, 41, more, 41), erfc(z / sqrt(2)), 1e-12,
         "forty-one against forty-one takes the normal approximation");
}

static void test_holm(void)
{
    double p[] = {0.01, NAN, 0.04, 0.03, 0.005};
    tap_equal((int64_t)significance_holm(p, 5), 4, "what is not a number is no part of the family");
    near(p[4], 0.02, 1e-12, "Holm: the smallest of four is multiplied by 4");
    near(p[0], 0.03, 1e-12, "Holm: the next by 3");
    near(p[3], 0.06, 1e-12, "Holm: the next by 2");
    near(p[2], 0.06, 1e-12, "Holm: no adjusted p is below that of a smaller one");
}

static void test_against_gsl(void)
{
    const char *sentence = "quantiles of 997 random values equal those of GSL exactly";
#if WITH_GSL
    struct random_state random;
    double values[997];
    int wrong = 0;
    random_seed(&random, 11);
    for (int i = 0; i < 997; i++)
        values[i] = random_real(&random);
    gsl_sort(values, 1, 997);
    for (int i = 0; i <= 100; i++)
        wrong += fabs(quantile_of_sorted(values, 997, i / 100.0) -
                      gsl_stats_quantile_from_sorted_data(values, 1, 997, i / 100.0)) > 1e-15;
    tap_equal(wrong, 0, sentence);
#else
    tap_skip(sentence, "GSL is not installed (libgsl-dev)");
#endif
}

int main(void)
{
    test_quantiles();
    test_bootstrap();
    test_coverage();
    test_intervals();
    test_rank_sum();
    test_holm();
    test_against_gsl();
    return tap_done();
}
