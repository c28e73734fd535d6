/* SPDX-License-Identifier: MIT */
#include "harness/statistics/significance.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

enum { SIGNIFICANCE_EXACT_UP_TO = 80 };

struct significance_rank {
    double value;
    size_t doubled; /* the mid-rank times two, which is a whole number with ties too */
    int from_left;
};

static int significance_compare(const void *left, const void *right)
{
    const struct significance_rank *a = left, *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

/* Fills ranks of the pooled samples; returns the sum of t^3 - t over the groups of t tied values. */
static double significance_ranks(struct significance_rank *ranks, const double *left, size_t left_count,
                                 const double *right, size_t right_count)
{
    size_t total = left_count + right_count;
    double ties = 0;
    for (size_t i = 0; i < total; i++)
        ranks[i] = (struct significance_rank){.value = i < left_count ? left[i] : right[i - left_count],
                                              .from_left = i < left_count};
    qsort(ranks, total, sizeof(*ranks), significance_compare);
    for (size_t first = 0, past; first < total; first = past) {
        for (past = first + 1; past < total && ranks[past].value == ranks[first].value;)
            past++;
        for (size_t i = first; i < past; i++)
            ranks[i].doubled = first + 1 + past;
        double tied = (double)(past - first);
        ties += tied * tied * tied - tied;
    }
    return ties;
}

/*
 * Returns the share of the subsets of `count` ranks whose sum is at least as far from the mean as
 * `observed`.
 */
static double significance_exact(const struct significance_rank *ranks, size_t total, size_t count,
                                 size_t observed)
{
    size_t largest = total * (total + 1), width = largest + 1;
    double *ways = memory_new((count + 1) * width, sizeof(*ways));
    double all = 0, extreme = 0, mean = (double)count * (double)(total + 1);
    ways[0] = 1;
    for (size_t i = 0; i < total; i++)
        for (size_t taken = i + 1 < count ? i + 1 : count; taken > 0; taken--)
            for (size_t sum = ranks[i].doubled; sum <= largest; sum++)
                ways[taken * width + sum] += ways[(taken - 1) * width + sum - ranks[i].doubled];
    for (size_t sum = 0; sum <= largest; sum++) {
        all += ways[count * width + sum];
        if (fabs((double)sum - mean) >= fabs((double)observed - mean))
            extreme += ways[count * width + sum];
    }
    free(ways);
    return extreme / all;
}

static double significance_normal(double left_count, double right_count, double ties, double observed)
{
    double total = left_count + right_count;
    double variance = left_count * right_count / 12 * (total + 1 - ties / (total * (total - 1)));
    double distance = fabs(observed / 2 - left_count * (total + 1) / 2) - 0.5;
    return variance > 0 && distance > 0 ? erfc(distance / sqrt(variance) / sqrt(2)) : 1;
}

double significance_rank_sum(const double *left, size_t left_count, const double *right, size_t right_count)
{
    size_t total = left_count + right_count, observed = 0;
    if (left_count == 0 || right_count == 0)
        return NAN;
    struct significance_rank *ranks = memory_new(total, sizeof(*ranks));
    double ties = significance_ranks(ranks, left, left_count, right, right_count);
    for (size_t i = 0; i < total; i++)
        observed += ranks[i].from_left ? ranks[i].doubled : 0;
    double p = total <= SIGNIFICANCE_EXACT_UP_TO
                   ? significance_exact(ranks, total, left_count, observed)
                   : significance_normal((double)left_count, (double)right_count, ties, (double)observed);
    free(ranks);
    return p;
}

struct significance_place {
    double p;
    size_t index;
};

static int significance_compare_places(const void *left, const void *right)
{
    const struct significance_place *a = left, *b = right;
    return (a->p > b->p) - (a->p < b->p);
}

size_t significance_holm(double *p, size_t count)
{
    struct significance_place *places = memory_new(count, sizeof(*places));
    size_t family = 0;
    double highest = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(p[i]))
            places[family++] = (struct significance_place){p[i], i};
    if (family)
        qsort(places, family, sizeof(*places), significance_compare_places);
    for (size_t i = 0; i < family; i++) {
        highest = fmax(highest, fmin(1, places[i].p * (double)(family - i)));
        p[places[i].index] = highest;
    }
    free(places);
    return family;
}
