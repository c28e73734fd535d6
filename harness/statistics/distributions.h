/* SPDX-License-Identifier: MIT */
/*
 * Tails and quantiles of the distributions that the tests use. Each tail is right to some ten digits of its
 * own size, however small it is: a comparison among a thousand is decided at a tail of 1e-6.
 */
#ifndef HARNESS_STATISTICS_DISTRIBUTIONS_H
#define HARNESS_STATISTICS_DISTRIBUTIONS_H

/* Returns the upper tail of the standard normal distribution at `z`. */
double distributions_normal_tail(double z);

/* Returns the value whose upper tail in the standard normal distribution is `p`, which is between 0 and 1. */
double distributions_normal_quantile(double p);

/*
 * Returns the upper tail of Student's t at `t`, with `freedom` degrees of freedom: above 0, not always whole.
 */
double distributions_t_tail(double t, double freedom);

/* Returns the value whose upper tail in Student's t is `p`, which is between 0 and 1. About five tails. */
double distributions_t_quantile(double p, double freedom);

/*
 * Returns how many standard errors a mean must be off so that a t test, with so many degrees of freedom,
 * finds it beyond its quantile of upper tail `p` with the chance `power`. The point of the noncentral t is
 * approximated (Abramowitz and Stegun 1964, 26.7.10).
 */
double distributions_t_reach(double p, double freedom, double power);

/* Returns the lower tail of the F distribution at `f`; both degrees of freedom are above 0. */
double distributions_f_tail(double f, double numerator_freedom, double denominator_freedom);

/* Returns the value whose lower tail in the F distribution is `p`. */
double distributions_f_quantile(double p, double numerator_freedom, double denominator_freedom);

/* Returns the value whose lower tail in the chi-square distribution is `p`. */
double distributions_chi_quantile(double p, double freedom);

#endif
