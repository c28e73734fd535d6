/* SPDX-License-Identifier: MIT */
#include "harness/statistics/paired.h"

#include <math.h>

#include "harness/statistics/distributions.h"

/* Mean and sum of squares of values that come one by one (Welford, Technometrics 1962). */
struct paired_sums {
    size_t count;
    double mean, squares;
};

static void sums_add(struct paired_sums *sums, double value)
{
    if (isnan(value))
        return;
    double distance = value - sums->mean;
    sums->mean += distance / (double)++sums->count;
    sums->squares += distance * (value - sums->mean);
}

static struct paired paired_from(const struct paired_sums *sums, double level)
{
    struct paired result = {NAN, NAN, NAN, NAN, sums->count};
    double count = (double)sums->count;
    if (sums->count)
        result.ratio = exp(sums->mean);
    if (sums->count < 2)
        return result;
    result.deviation = sqrt(sums->squares / (count - 1));
    double half = distributions_t_quantile((1 - level) / 2, count - 1) * result.deviation / sqrt(count);
    result.low = exp(sums->mean - half);
    result.high = exp(sums->mean + half);
    return result;
}

double paired_log(double a, double b)
{
    return a > 0 && b > 0 ? a == b ? 0 : log(a) - log(b) : NAN;
}

struct paired paired_compare(const double *a, const double *b, size_t blocks, double level)
{
    struct paired_sums sums = {0};
    for (size_t block = 0; block < blocks; block++)
        sums_add(&sums, paired_log(a[block], b[block]));
    return paired_from(&sums, level);
}

struct paired paired_of_logs(const double *logs, size_t blocks, double level)
{
    struct paired_sums sums = {0};
    for (size_t block = 0; block < blocks; block++)
        sums_add(&sums, logs[block]);
    return paired_from(&sums, level);
}
