/* SPDX-License-Identifier: MIT */
#include "harness/statistics/replication.h"

#include <math.h>
#include <stdbool.h>

#include "base/quantile.h"
#include "harness/statistics/distributions.h"

/* The logarithms of the values that are numbers. */
struct replication_sums {
    size_t count;
    double mean, squares;
    double least, most;
};

static struct replication_sums sums_make(const double *values, size_t count)
{
    struct replication_sums sums = {.least = INFINITY, .most = -INFINITY};
    for (size_t i = 0; i < count; i++) {
        if (isnan(values[i]))
            continue;
        double value = log(values[i]), distance = value - sums.mean;
        sums.mean += distance / (double)++sums.count;
        sums.squares += distance * (value - sums.mean);
        sums.least = fmin(sums.least, value);
        sums.most = fmax(sums.most, value);
    }
    return sums;
}

/* `factor` is the variance of the figure over that of a mean. */
static struct replication replication_make(const struct replication_sums *sums, double figure, double factor,
                                           size_t second, double between, double level)
{
    struct replication result = {figure, NAN, NAN, NAN, sums->count};
    if (sums->count < 2 || second == 0)
        return result;
    double freedom = (double)sums->count - 1, variance = factor * sums->squares / freedom;
    double scatter = variance / (double)sums->count + variance / (double)second;
    double total = scatter + 2 * between * between;
    double half = 0;
    if (sums->least < sums->most)
        half = sqrt(total) * distributions_t_quantile((1 - level) / 2,
                                                      fmin(1e6, freedom * total * total / scatter / scatter));
    result.low = figure * exp(-half);
    result.high = figure * exp(half);
    result.precision = expm1(half);
    return result;
}

struct replication replication_of_mean(const double *values, size_t count, size_t second, double between,
                                       double level)
{
    const struct replication_sums sums = sums_make(values, count);
    return replication_make(&sums, sums.count ? exp(sums.mean) : NAN, 1, second, between, level);
}

struct replication replication_of_median(const double *values, size_t count, size_t second, double between,
                                         double level)
{
    const struct replication_sums sums = sums_make(values, count);
    return replication_make(&sums, quantile_median(values, count), M_PI_2, second, between, level);
}
