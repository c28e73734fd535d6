/* SPDX-License-Identifier: MIT */
#include "harness/statistics/distributions.h"

#include <math.h>
#include <stdbool.h>

/* With so many degrees of freedom in the denominator F is chi-square over its freedom, to four digits. */
static const double DISTRIBUTIONS_MANY = 1e5;

enum { DISTRIBUTIONS_STEPS = 100 };

static double nonzero(double x)
{
    return fabs(x) < 1e-300 ? 1e-300 : x;
}

/*
 * Computes the continued fraction of the incomplete beta function by Lentz's method (Press et al.,
 * Numerical Recipes, 6.4). It converges in about sqrt(max(a, b)) steps for x below the mean.
 */
static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 / nonzero(1 - (a + b) * x / (a + 1)), product = d, last = 0;
    for (int m = 1; m < 20000 && fabs(last - 1) > 1e-14; m++) {
        const double steps[2] = {m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                                 -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))};
        for (int i = 0; i < 2; i++) {
            d = 1 / nonzero(1 + steps[i] * d);
            c = nonzero(1 + steps[i] / c);
            last = c * d;
            product *= last;
        }
    }
    return product;
}

/* Computes the regularised incomplete beta function at x, where `rest` is 1 - x. */
static double beta_tail(double x, double rest, double a, double b)
{
    if (x <= 0 || rest <= 0)
        return x <= 0 ? 0 : 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(rest));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a
                                     : 1 - front * beta_fraction(b, a, rest) / b;
}

double distributions_normal_tail(double z)
{
    return erfc(z / M_SQRT2) / 2;
}

/*
 * Takes Newton's steps on the logarithm of the tail, which is concave: they converge from the mean outwards.
 * In the tail that logarithm is about -z^2 / 2, which gives the start.
 */
double distributions_normal_quantile(double p)
{
    if (p > 0.5)
        return -distributions_normal_quantile(1 - p);
    double z = p < 0.1 ? sqrt(-2 * log(p)) : 0, step = 1;
    for (int i = 0; i < DISTRIBUTIONS_STEPS && fabs(step) > 1e-13 * (1 + z); i++) {
        double tail = distributions_normal_tail(z), density = exp(-z * z / 2) / sqrt(2 * M_PI);
        step = log(tail / p) * tail / density;
        z += step;
    }
    return z;
}

double distributions_t_tail(double t, double freedom)
{
    double square = t * t, whole = freedom + square;
    double both = isinf(square) ? 0 : beta_tail(freedom / whole, square / whole, freedom / 2, 0.5);
    return t > 0 ? both / 2 : 1 - both / 2;
}

static double t_density(double t, double freedom)
{
    return exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - (freedom + 1) / 2 * log1p(t * t / freedom)) /
           sqrt(freedom * M_PI);
}

/*
 * Takes Newton's steps on the logarithm of the tail. In the tail they are steps of ln t, in which that
 * logarithm is nearly straight, because the tail is nearly a power of t; near the mean they are steps of t.
 */
double distributions_t_quantile(double p, double freedom)
{
    if (p > 0.5)
        return -distributions_t_quantile(1 - p, freedom);
    bool far = p < 0.2;
    double t = distributions_normal_quantile(p), step = 1;
    for (int i = 0; i < DISTRIBUTIONS_STEPS && fabs(step) > 1e-13; i++) {
        double tail = distributions_t_tail(t, freedom);
        step = log(tail / p) * tail / t_density(t, freedom);
        if (far)
            step /= t;
        t = far ? t * exp(step) : t + step;
    }
    return t;
}

double distributions_t_reach(double p, double freedom, double power)
{
    double t = distributions_t_quantile(p, freedom);
    return t * (1 - 1 / (4 * freedom)) +
           distributions_normal_quantile(1 - power) * sqrt(1 + t * t / (2 * freedom));
}

double distributions_f_tail(double f, double numerator_freedom, double denominator_freedom)
{
    double scaled = numerator_freedom * f, whole = scaled + denominator_freedom;
    return f <= 0 ? 0
                  : beta_tail(scaled / whole, denominator_freedom / whole, numerator_freedom / 2,
                              denominator_freedom / 2);
}

/* Bisects the logarithm, which is quick enough: each cell needs a few such values. */
double distributions_f_quantile(double p, double numerator_freedom, double denominator_freedom)
{
    double low = -100, high = 100;
    while (high - low > 1e-12) {
        double middle = (low + high) / 2;
        if (distributions_f_tail(exp(middle), numerator_freedom, denominator_freedom) < p)
            low = middle;
        else
            high = middle;
    }
    return exp(high);
}

double distributions_chi_quantile(double p, double freedom)
{
    return freedom * distributions_f_quantile(p, freedom, DISTRIBUTIONS_MANY);
}
