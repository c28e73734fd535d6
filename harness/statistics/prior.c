/* SPDX-License-Identifier: MIT */
#include "harness/statistics/prior.h"

#include <math.h>

/*
 * The first and second derivative of ln gamma(x), for x > 0: by recurrence up to 8, from there by the
 * asymptotic series (Abramowitz and Stegun 1964, 6.3.18 and 6.4.12). Right to ten digits.
 */
static double digamma(double x)
{
    double below = 0;
    for (; x < 8; x++)
        below -= 1 / x;
    double square = 1 / (x * x);
    return below + log(x) - 0.5 / x -
           square *
               (1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252 - square * (1.0 / 240 - square / 132))));
}

static double trigamma(double x)
{
    double below = 0;
    for (; x < 8; x++)
        below += 1 / (x * x);
    double square = 1 / (x * x);
    return below + 1 / x + 0.5 * square +
           square / x *
               (1.0 / 6 - square * (1.0 / 30 - square * (1.0 / 42 - square * (1.0 / 30 - square * 5 / 66))));
}

/* Bisects the logarithm: the function falls. `value` is above 0. */
static double trigamma_inverse(double value)
{
    double low = -12, high = 12;
    while (high - low > 1e-10) {
        double middle = (low + high) / 2;
        if (trigamma(exp(middle)) > value)
            low = middle;
        else
            high = middle;
    }
    return exp((low + high) / 2);
}

struct prior prior_fit(const double *variances, const double *freedoms, size_t count)
{
    double kept = 0, mean = 0, squares = 0, sampling = 0;
    for (size_t i = 0; i < count; i++) {
        if (!(variances[i] > 0) || !isfinite(variances[i]))
            continue;
        double half = freedoms[i] / 2, value = log(variances[i]) - digamma(half) + log(half);
        double distance = value - mean;
        mean += distance / ++kept;
        squares += distance * (value - mean);
        sampling += trigamma(half);
    }
    if (kept < PRIOR_LEAST)
        return (struct prior){0, 0};
    double beyond = squares / (kept - 1) - sampling / kept; /* the variance of ln(sigma^2) itself */
    double freedom = beyond > 0 ? fmin(PRIOR_MOST, 2 * trigamma_inverse(beyond)) : PRIOR_MOST;
    return (struct prior){freedom, exp((mean + digamma(freedom / 2) - log(freedom / 2)) / 2)};
}

double prior_moderate(const struct prior *prior, double variance, double freedom, double *ret_freedom)
{
    *ret_freedom = freedom + prior->freedom;
    double lent = prior->freedom * prior->deviation * prior->deviation;
    return (lent + freedom * variance) / *ret_freedom;
}
