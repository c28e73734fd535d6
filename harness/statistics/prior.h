/* SPDX-License-Identifier: MIT */
/*
 * What many comparisons say together about the scatter of each: the moderated t (Smyth, Statistical
 * Applications in Genetics and Molecular Biology 2004).
 *
 * Five blocks know a variance badly, and a comparison among a thousand pays for that with an interval of
 * seven standard deviations. But the thousand variances s_i^2 are alike to some degree. They are taken to
 * come from
 *
 *      1 / sigma_i^2  ~  chi-square(f) / (f s^2)
 *
 * where f and s^2 are fitted to the s_i^2, by moments of ln(s_i^2). Then the variance (f s^2 + f_i s_i^2) /
 * (f + f_i) has f + f_i degrees of freedom. Where cells scatter very differently, f is small and little is
 * borrowed. It is never more than PRIOR_MOST, so that a comparison whose scatter is far from all others is
 * not judged by theirs.
 */
#ifndef HARNESS_STATISTICS_PRIOR_H
#define HARNESS_STATISTICS_PRIOR_H

#include <stddef.h>

struct prior {
    double freedom;   /* f: as many degrees of freedom as the others lend; 0 where they lend none */
    double deviation; /* s */
};

enum {
    PRIOR_LEAST = 10, /* fewer variances say nothing of each other */
    PRIOR_MOST = 10,  /* degrees of freedom */
};

/*
 * Fits the prior to `count` sample variances with their degrees of freedom, 1 or more. Variances that are not
 * above 0 are left out. Returns none with fewer than PRIOR_LEAST others. O(count).
 */
struct prior prior_fit(const double *variances, const double *freedoms, size_t count);

/*
 * Returns the variance of a sample, moderated, and sets its degrees of freedom. Without a prior both stay as
 * they are.
 */
double prior_moderate(const struct prior *prior, double variance, double freedom, double *ret_freedom);

#endif
