/* SPDX-License-Identifier: MIT */
#include "harness/statistics/two-runs.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/statistics/distributions.h"
#include "harness/statistics/significance.h"

/* What two_runs_blocks_needed() promises, and where it stops looking. */
static const double TWO_RUNS_POWER = 0.9;
enum { TWO_RUNS_MOST = 1 << 20 };

void two_runs_normalise(double *values, const double *reference, size_t blocks)
{
    for (size_t block = 0; block < blocks; block++)
        values[block] = reference[block] > 0 ? values[block] / reference[block] : NAN;
}

struct two_runs_side two_runs_side_of(const double *values, size_t count)
{
    struct two_runs_side side = {.constant = true};
    double squares = 0, above = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(values[i]))
            continue;
        if (side.count++ == 0)
            side.first = values[i];
        side.constant = side.constant && values[i] == side.first;
        side.zeros += values[i] == 0;
        if (values[i] == 0)
            continue;
        double distance = log(values[i]) - side.mean;
        side.mean += distance / ++above;
        squares += distance * (log(values[i]) - side.mean);
    }
    side.variance = side.constant ? 0 : squares / (above - 1);
    return side;
}

static double two_runs_level(const struct two_runs_design *design)
{
    return design->alpha / (double)(design->family ? design->family : 1);
}

/* Fills what is the same for every exact comparison; `ratio` is 1 where the sides are equal. */
static void two_runs_be_exact(const struct two_runs_design *design, double ratio, struct two_runs *result)
{
    result->exact = true;
    result->ratio = result->low = result->high = ratio;
    result->p = ratio == 1;
    result->error = 0;
    result->freedom = INFINITY;
    result->smallest = 1 + design->minimum;
}

/* Copies the numbers among values, for the rank-sum test. The result is for free(). */
static double *numbers_of(const double *values, size_t count)
{
    double *numbers = memory_new(count, sizeof(*numbers));
    for (size_t i = 0, kept = 0; i < count; i++)
        if (!isnan(values[i]))
            numbers[kept++] = values[i];
    return numbers;
}

static double two_runs_ranks(const double *a, size_t count_a, const double *b, size_t count_b,
                             const struct two_runs *result)
{
    double *left = numbers_of(a, count_a), *right = numbers_of(b, count_b);
    double p = significance_rank_sum(left, result->count_a, right, result->count_b);
    free(left);
    free(right);
    return p;
}

/*
 * The variance of the difference of two means, and its degrees of freedom. `between` is known, so it has
 * infinitely many.
 */
static void two_runs_error(double between, double variance_a, double count_a, double variance_b,
                           double count_b, double *ret_error, double *ret_freedom)
{
    double a = variance_a / count_a, b = variance_b / count_b;
    double total = 2 * between * between + a + b;
    double spent = (count_a > 1 ? a * a / (count_a - 1) : 0) + (count_b > 1 ? b * b / (count_b - 1) : 0);
    *ret_error = sqrt(total);
    *ret_freedom = spent > 0 ? fmin(total * total / spent, 1e6) : 1e6;
}

static void two_runs_welch(const struct two_runs_design *design, double difference, struct two_runs *result)
{
    two_runs_error(design->between, result->variance_a, (double)result->count_a, result->variance_b,
                   (double)result->count_b, &result->error, &result->freedom);
    double half = distributions_t_quantile(0.025, result->freedom) * result->error;
    double reach = distributions_t_quantile(two_runs_level(design) / 2, result->freedom) * result->error;
    result->ratio = exp(difference);
    result->low = exp(difference - half);
    result->high = exp(difference + half);
    result->p = 2 * distributions_t_tail(fabs(difference) / result->error, result->freedom);
    result->smallest = fmax(1 + design->minimum, exp(reach));
}

/*
 * Whether the sides are compared exactly: neither varies, or one has nothing and the other always something.
 */
static bool two_runs_are_exact(const struct two_runs_design *design, const struct two_runs_side *a,
                               const struct two_runs_side *b)
{
    size_t least = design->exact ? 1 : 2;
    if (a->count < least || b->count < least)
        return false;
    bool nothing = (a->zeros == a->count && b->zeros == 0) || (b->zeros == b->count && a->zeros == 0);
    return (a->constant && b->constant) || nothing;
}

static double exact_ratio(const struct two_runs_side *a, const struct two_runs_side *b)
{
    if (a->zeros == 0 && b->zeros == 0)
        return b->first / a->first;
    return a->zeros == 0 ? 0 : b->zeros == 0 ? INFINITY : 1;
}

struct two_runs two_runs_compare(const struct two_runs_design *design, const double *a, size_t count_a,
                                 const double *b, size_t count_b)
{
    const struct two_runs_side left = two_runs_side_of(a, count_a), right = two_runs_side_of(b, count_b);
    struct two_runs result = {.count_a = left.count,
                              .count_b = right.count,
                              .ratio = NAN,
                              .low = NAN,
                              .high = NAN,
                              .p = NAN,
                              .error = NAN,
                              .freedom = NAN,
                              .variance_a = left.variance,
                              .variance_b = right.variance,
                              .smallest = INFINITY};
    if (two_runs_are_exact(design, &left, &right))
        two_runs_be_exact(design, exact_ratio(&left, &right), &result);
    else if (left.zeros || right.zeros)
        result.p = two_runs_ranks(a, count_a, b, count_b, &result);
    else if (left.count > 1 && right.count > 1)
        two_runs_welch(design, right.mean - left.mean, &result);
    else if (left.count && right.count)
        result.ratio = exp(right.mean - left.mean);
    return result;
}

/* ---- several machines ---- */

/* What the machines that have a ratio say of ln(ratio). */
struct two_runs_machines {
    double count, mean, squares; /* the sum of squares is around the mean */
    double least;                /* the sum of the variances that each has by itself */
    bool exact;                  /* each is exact, and has the ratio of the first */
};

static bool has_ratio(const struct two_runs *machine)
{
    return machine->exact || (machine->ratio > 0 && isfinite(machine->ratio));
}

static struct two_runs_machines two_runs_sum(const struct two_runs_design *design,
                                             const struct two_runs *machines, size_t count)
{
    struct two_runs_machines sum = {.exact = true};
    double first = NAN;
    for (size_t i = 0; i < count; i++) {
        const struct two_runs *machine = &machines[i];
        if (!has_ratio(machine))
            continue;
        first = sum.count == 0 ? machine->ratio : first;
        sum.exact = sum.exact && machine->exact && machine->ratio == first;
        double distance = log(machine->ratio) - sum.mean;
        sum.mean += distance / ++sum.count;
        sum.squares += distance * (log(machine->ratio) - sum.mean);
        sum.least +=
            isnan(machine->error) ? 2 * design->between * design->between : machine->error * machine->error;
    }
    return sum;
}

/* Fills what Student's t says of the mean over machines. */
static void two_runs_judge(const struct two_runs_design *design, const struct two_runs_machines *sum,
                           struct two_runs *result)
{
    double variance = fmax(sum->squares / (sum->count - 1), sum->least / sum->count);
    result->ratio = exp(sum->mean);
    result->error = sqrt(variance / sum->count);
    result->freedom = sum->count - 1;
    double half = distributions_t_quantile(0.025, result->freedom) * result->error;
    double reach = distributions_t_quantile(two_runs_level(design) / 2, result->freedom) * result->error;
    result->low = exp(sum->mean - half);
    result->high = exp(sum->mean + half);
    result->p = result->error > 0 ? 2 * distributions_t_tail(fabs(sum->mean) / result->error, result->freedom)
                                  : sum->mean == 0;
    result->smallest = fmax(1 + design->minimum, exp(reach));
}

struct two_runs two_runs_over_machines(const struct two_runs_design *design, const struct two_runs *machines,
                                       size_t count)
{
    const struct two_runs_machines sum = two_runs_sum(design, machines, count);
    struct two_runs result = {
        .ratio = NAN, .low = NAN, .high = NAN, .p = NAN, .error = NAN, .freedom = NAN, .smallest = INFINITY};
    double last = NAN;
    for (size_t i = 0; i < count; i++) {
        result.count_a += machines[i].count_a;
        result.count_b += machines[i].count_b;
        result.variance_a += machines[i].variance_a / (double)count;
        result.variance_b += machines[i].variance_b / (double)count;
        last = has_ratio(&machines[i]) ? machines[i].ratio : last;
    }
    if (sum.count > 1 && sum.exact)
        two_runs_be_exact(design, last, &result);
    else if (sum.count > 1 && isfinite(sum.mean))
        two_runs_judge(design, &sum, &result);
    else if (sum.count == 1)
        result.ratio = last;
    return result;
}

/* Whether so many blocks in each run call the effect with the power that is promised. */
static bool two_runs_suffice(const struct two_runs_design *design, const struct two_runs *found,
                             double effect, size_t blocks)
{
    double error, freedom;
    two_runs_error(design->between, found->variance_a, (double)blocks, found->variance_b, (double)blocks,
                   &error, &freedom);
    return effect >= error * distributions_t_reach(two_runs_level(design) / 2, freedom, TWO_RUNS_POWER);
}

size_t two_runs_blocks_needed(const struct two_runs_design *design, const struct two_runs *found,
                              double ratio)
{
    double effect = fabs(log(ratio));
    if (found->exact)
        return 1;
    if (effect < log1p(design->minimum) || isnan(found->error) ||
        !two_runs_suffice(design, found, effect, TWO_RUNS_MOST))
        return 0;
    size_t few = 1, many = TWO_RUNS_MOST;
    while (few + 1 < many) {
        size_t middle = (few + many) / 2;
        if (two_runs_suffice(design, found, effect, middle))
            many = middle;
        else
            few = middle;
    }
    return many;
}
