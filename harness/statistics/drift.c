/* SPDX-License-Identifier: MIT */
#include "harness/statistics/drift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/statistics/distributions.h"
#include "harness/statistics/slope.h"

static const double DRIFT_ALPHA = 0.05;

enum { DRIFT_LEAST = 4, DRIFT_EXACT_UP_TO = 40 };

/*
 * Returns the mean of the logarithms of the values there are. A median would be one of them, and tie its
 * block.
 */
static double values_middle(const double *values, size_t blocks)
{
    double sum = 0, count = 0;
    for (size_t block = 0; block < blocks; block++)
        if (values[block] > 0) {
            sum += log(values[block]);
            count++;
        }
    return sum / count;
}

static size_t values_count(const double *values, size_t blocks)
{
    size_t count = 0;
    for (size_t block = 0; values && block < blocks; block++)
        count += values[block] > 0;
    return count;
}

void drift_levels(const double *const *values, size_t cells, size_t blocks, double *ret_levels)
{
    double *middles = memory_new(cells, sizeof(*middles)), *column = memory_new(cells, sizeof(*column));
    size_t most = 0;
    for (size_t cell = 0; cell < cells; cell++) {
        size_t count = values_count(values[cell], blocks);
        most = count > most ? count : most;
    }
    for (size_t cell = 0; cell < cells; cell++) {
        bool whole = most > 0 && values_count(values[cell], blocks) == most;
        middles[cell] = whole ? values_middle(values[cell], blocks) : NAN;
    }
    for (size_t block = 0; block < blocks; block++) {
        for (size_t cell = 0; cell < cells; cell++)
            column[cell] = isnan(middles[cell]) || !(values[cell][block] > 0)
                               ? NAN
                               : log(values[cell][block]) - middles[cell];
        ret_levels[block] = quantile_median(column, cells);
    }
    free(middles);
    free(column);
}

/* Mean and sum of squares around it. */
struct drift_sums {
    double count, mean, squares;
};

static struct drift_sums sums_make(const double *levels, size_t count, size_t left_out)
{
    struct drift_sums sums = {0};
    for (size_t i = 0; i < count; i++) {
        if (i == left_out)
            continue;
        double distance = levels[i] - sums.mean;
        sums.mean += distance / ++sums.count;
        sums.squares += distance * (levels[i] - sums.mean);
    }
    return sums;
}

/* Returns the two-sided p of a distance with an error; 1 where there is no distance. */
static double distance_p(double distance, double error, double freedom)
{
    return distance == 0 ? 1 : 2 * distributions_t_tail(fabs(distance) / error, freedom);
}

static void drift_test_halves(const double *levels, size_t count, struct drift *drift)
{
    const struct drift_sums first = sums_make(levels, count / 2, count),
                            second = sums_make(levels + count / 2, count - count / 2, count);
    double freedom = (double)count - 2, distance = second.mean - first.mean;
    double error = sqrt((first.squares + second.squares) / freedom * (1 / first.count + 1 / second.count));
    double half = distributions_t_quantile(DRIFT_ALPHA / 2, freedom) * error;
    drift->halves = exp(distance);
    drift->halves_low = exp(distance - half);
    drift->halves_high = exp(distance + half);
    drift->halves_p = distance_p(distance, error, freedom);
}

/*
 * Returns the share of the orders of `count` things with at least so many more pairs one way than the other.
 * ways[i] counts the orders of the things so far with i pairs that fall.
 */
static double kendall_exact(size_t count, size_t surplus)
{
    size_t pairs = count * (count - 1) / 2;
    double *ways = memory_new(pairs + 1, sizeof(*ways)), *next = memory_new(pairs + 1, sizeof(*next));
    double extreme = 0;
    ways[0] = 1;
    for (size_t things = 2; things <= count; things++) {
        for (size_t falling = 0; falling <= pairs; falling++) {
            next[falling] = 0;
            for (size_t new = 0; new < things &&new <= falling; new ++)
                next[falling] += ways[falling - new] / (double)things;
        }
        memcpy(ways, next, (pairs + 1) * sizeof(*ways));
    }
    for (size_t falling = 0; falling <= pairs; falling++)
        if (llabs((long long)pairs - 2 * (long long)falling) >= (long long)surplus)
            extreme += ways[falling];
    free(ways);
    free(next);
    return extreme;
}

static double kendall_normal(double count, double ties, double surplus)
{
    double variance = (count * (count - 1) * (2 * count + 5) - ties) / 18;
    return variance > 0 && surplus > 1
               ? fmin(1, 2 * distributions_normal_tail((surplus - 1) / sqrt(variance)))
               : 1;
}

/* Returns the sum of t (t - 1) (2 t + 5) over the groups of t equal levels. */
static double kendall_ties(const double *levels, size_t count)
{
    double ties = 0;
    for (size_t i = 0; i < count; i++) {
        double tied = 0; /* each of a group adds its share of the group's sum */
        for (size_t j = 0; j < count; j++)
            tied += levels[i] == levels[j];
        ties += (tied - 1) * (2 * tied + 5);
    }
    return ties;
}

static void drift_test_trend(const double *levels, size_t count, struct drift *drift)
{
    double *places = memory_new(count, sizeof(*places));
    long long surplus = 0;
    for (size_t i = 0; i < count; i++) {
        places[i] = (double)i;
        for (size_t j = i + 1; j < count; j++)
            surplus += (levels[j] > levels[i]) - (levels[j] < levels[i]);
    }
    double ties = kendall_ties(levels, count);
    drift->trend = exp(slope_find(places, levels, count, 1 - DRIFT_ALPHA).slope * (double)(count - 1));
    drift->trend_p = ties == 0 && count <= DRIFT_EXACT_UP_TO
                         ? kendall_exact(count, (size_t)llabs(surplus))
                         : kendall_normal((double)count, ties, (double)llabs(surplus));
    free(places);
}

static void drift_test_shocks(const double *levels, const size_t *blocks, size_t count, struct drift *drift)
{
    double least = INFINITY;
    for (size_t i = 0; i < count; i++) {
        const struct drift_sums others = sums_make(levels, count, i);
        double distance = levels[i] - others.mean, freedom = others.count - 1;
        double p = distance_p(distance, sqrt(others.squares / freedom * (1 + 1 / others.count)), freedom);
        if (p >= least)
            continue;
        least = p;
        drift->shock_block = blocks[i];
        drift->shock = exp(distance);
        drift->shock_p = fmin(1, p * (double)count);
    }
}

struct drift drift_find(const double *levels, size_t blocks)
{
    struct drift drift = {0, NAN, NAN, NAN, NAN, NAN, NAN, 0, NAN, NAN};
    double *kept = memory_new(blocks, sizeof(*kept));
    size_t *places = memory_new(blocks, sizeof(*places));
    for (size_t block = 0; block < blocks; block++)
        if (!isnan(levels[block])) {
            kept[drift.blocks] = levels[block];
            places[drift.blocks++] = block;
        }
    if (drift.blocks >= DRIFT_LEAST) {
        drift_test_halves(kept, drift.blocks, &drift);
        drift_test_trend(kept, drift.blocks, &drift);
        drift_test_shocks(kept, places, drift.blocks, &drift);
    }
    free(kept);
    free(places);
    return drift;
}

/* Whether a test finds something, where all three ask. */
static bool drift_finds(double p)
{
    return p <= DRIFT_ALPHA / DRIFT_TESTS;
}

bool drift_found(const struct drift *drift)
{
    return drift_finds(drift->halves_p) || drift_finds(drift->trend_p) || drift_finds(drift->shock_p);
}

double drift_most(const struct drift *drift, enum drift_test *ret_test)
{
    const double ratios[DRIFT_TESTS] = {drift->halves, drift->trend, drift->shock},
                 ps[DRIFT_TESTS] = {drift->halves_p, drift->trend_p, drift->shock_p};
    double most = 0;
    *ret_test = DRIFT_TESTS;
    for (int test = 0; test < DRIFT_TESTS; test++)
        if (drift_finds(ps[test]) && fabs(ratios[test] - 1) > most) {
            most = fabs(ratios[test] - 1);
            *ret_test = (enum drift_test)test;
        }
    return most;
}
