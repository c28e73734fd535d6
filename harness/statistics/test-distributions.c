/* SPDX-License-Identifier: MIT */
/* Checks tails and quantiles against the tables, against each other, and against GSL if it is installed. */
#include <math.h>

#include "harness/statistics/distributions.h"
#include "tests/tap.h"
#if WITH_GSL
#include <gsl/gsl_cdf.h>
#endif

static void near(double found, double expected, double tolerance, const char *sentence)
{
    if (!tap_ok(fabs(found - expected) <= tolerance, "%s", sentence))
        tap_note("found %.12g, expected %.12g", found, expected);
}

static void test_tables(void)
{
    near(distributions_normal_quantile(0.025), 1.959963984540054, 1e-12,
         "2.5%% of normal values are above 1.96");
    near(distributions_normal_quantile(0.975), -1.959963984540054, 1e-12, "and 97.5%% above -1.96");
    near(distributions_t_quantile(0.025, 4), 2.7764451051977987, 1e-11, "the t quantile 0.975 with 4");
    near(distributions_t_tail(1, 1), 0.25, 1e-14, "with one degree of freedom a quarter is above 1");
    near(distributions_t_tail(-1, 1), 0.75, 1e-14, "and three quarters above -1");
    near(distributions_f_quantile(0.975, 4, 15), 3.8043, 1e-4,
         "the F quantile 0.975 with 4 and 15 is that of the tables");
    near(distributions_f_quantile(0.025, 4, 15), 1 / 8.6565, 1e-5, "so is the quantile 0.025");
    near(distributions_chi_quantile(0.975, 4), 11.1433, 2e-3, "and that of chi-square with 4");
}

/*
 * With 2 degrees of freedom the tail is (1 - t / sqrt(2 + t^2)) / 2 = 1 / (2 + t^2) / (1 + t / sqrt(2 +
 * t^2)).
 */
static void test_far_tails(void)
{
    double worst_tail = 0, worst_round = 0;
    for (double t = 1; t < 1e7; t *= 7) {
        double root = sqrt(2 + t * t), expected = 1 / (root * root * (1 + t / root));
        worst_tail = fmax(worst_tail, fabs(distributions_t_tail(t, 2) / expected - 1));
    }
    near(worst_tail, 0, 1e-12, "tails of t with 2 degrees of freedom are exact down to 1e-14");
    for (double freedom = 1; freedom < 500; freedom = freedom * 1.7 + 0.3)
        for (double p = 0.49; p > 1e-13; p /= 5) {
            double found = distributions_t_tail(distributions_t_quantile(p, freedom), freedom);
            worst_round = fmax(worst_round, fabs(found / p - 1));
        }
    near(worst_round, 0, 1e-10, "the tail at the quantile of p is p, down to 1e-13");
    near(distributions_t_quantile(0.9, 3), -distributions_t_quantile(0.1, 3), 1e-12, "t is symmetric");
}

static void test_against_gsl(void)
{
#if WITH_GSL
    double t = 0, normal = 0, f = 0, chi = 0;
    for (double freedom = 1; freedom < 300; freedom += 7)
        for (double p = 0.4; p > 1e-12; p /= 9)
            t = fmax(t, fabs(gsl_cdf_tdist_Q(distributions_t_quantile(p, freedom), freedom) / p - 1));
    for (double p = 0.4; p > 1e-30; p /= 9)
        normal = fmax(normal, fabs(distributions_normal_quantile(p) / gsl_cdf_ugaussian_Qinv(p) - 1));
    for (double above = 1; above < 40; above += 3)
        for (double below = 1; below < 200; below += 17)
            for (double p = 0.025; p < 1; p += 0.19) {
                double expected = gsl_cdf_fdist_Pinv(p, above, below);
                f = fmax(f, fabs(distributions_f_quantile(p, above, below) / expected - 1));
            }
    for (double freedom = 1; freedom < 40; freedom += 3)
        for (double p = 0.025; p < 1; p += 0.19)
            chi =
                fmax(chi, fabs(distributions_chi_quantile(p, freedom) / gsl_cdf_chisq_Pinv(p, freedom) - 1));
    near(t, 0, 1e-8, "GSL finds the tail of every t quantile, down to 1e-12");
    near(normal, 0, 1e-8, "every normal quantile is that of GSL, down to 1e-30");
    near(f, 0, 1e-6, "every F quantile is that of GSL");
    near(chi, 0, 1e-3, "every chi-square quantile is that of GSL, to three digits");
#else
    tap_skip("every quantile is that of GSL", "GSL is not installed (libgsl-dev)");
#endif
}

int main(void)
{
    test_tables();
    test_far_tails();
    test_against_gsl();
    return tap_done();
}
