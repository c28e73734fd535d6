/* SPDX-License-Identifier: MIT */
#include "harness/analysis/significance.h"

#include <math.h>
#include <stdlib.h>

enum { SIGNIFICANCE_EXACT_UP_TO = 80 };

struct significance_rank {
    double value;
    size_t doubled; /* mid-rank times two, so that ties stay whole numbers */
    int from_left;
};

static int significance_compare(const void *left, const void *right)
{
    const struct significance_rank *a = left, *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

/* Fills ranks of the pooled samples; returns the sum of t^3 - t over groups of t tied values. */
static double significance_ranks(struct significance_rank *ranks, const double *left, size_t n,
                                 const double *right, size_t m)
{
    size_t total = n + m;
    double ties = 0;
    for (size_t i = 0; i < total; i++)
        ranks[i] = (struct significance_rank){i < n ? left[i] : right[i - n], 0, i < n};
    qsort(ranks, total, sizeof(*ranks), significance_compare);
    for (size_t first = 0, past; first < total; first = past) {
        for (past = first + 1; past < total && ranks[past].value == ranks[first].value;)
            past++;
        for (size_t i = first; i < past; i++)
            ranks[i].doubled = first + 1 + past;
        double t = (double)(past - first);
        ties += t * t * t - t;
    }
    return ties;
}

/* Share of the subsets of `n` ranks whose sum is at least as far from the mean as `observed`. */
static double significance_exact(const struct significance_rank *ranks, size_t total, size_t n,
                                 size_t observed)
{
    size_t largest = total * (total + 1), width = largest + 1;
    double *ways = calloc((n + 1) * width, sizeof(*ways));
    double all = 0, extreme = 0, mean = (double)n * (double)(total + 1);
    if (!ways)
        return NAN;
    ways[0] = 1;
    for (size_t i = 0; i < total; i++)
        for (size_t taken = i + 1 < n ? i + 1 : n; taken > 0; taken--)
            for (size_t sum = ranks[i].doubled; sum <= largest; sum++)
                ways[taken * width + sum] += ways[(taken - 1) * width + sum - ranks[i].doubled];
    for (size_t sum = 0; sum <= largest; sum++) {
        all += ways[n * width + sum];
        if (fabs((double)sum - mean) >= fabs((double)observed - mean))
            extreme += ways[n * width + sum];
    }
    free(ways);
    return extreme / all;
}

static double significance_normal(double n, double m, double ties, double observed)
{
    double total = n + m;
    double variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)));
    double distance = fabs(observed / 2 - n * (total + 1) / 2) - 0.5;
    return variance > 0 && distance > 0 ? erfc(distance / sqrt(variance) / sqrt(2)) : 1;
}

double significance_rank_sum(const double *left, size_t n, const double *right, size_t m)
{
    size_t total = n + m, observed = 0;
    struct significance_rank *ranks = n && m ? calloc(total, sizeof(*ranks)) : NULL;
    if (!ranks)
        return NAN;
    double ties = significance_ranks(ranks, left, n, right, m);
    for (size_t i = 0; i < total; i++)
        observed += ranks[i].from_left ? ranks[i].doubled : 0;
    double p = total <= SIGNIFICANCE_EXACT_UP_TO
                   ? significance_exact(ranks, total, n, observed)
                   : significance_normal((double)n, (double)m, ties, (double)observed);
    free(ranks);
    return p;
}

double significance_smallest_p(size_t n, size_t m)
{
    double log_ways = lgamma((double)(n + m + 1)) - lgamma((double)n + 1) - lgamma((double)m + 1);
    return fmin(1, 2 * exp(-log_ways));
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
    struct significance_place *places = calloc(count + 1, sizeof(*places));
    size_t family = 0;
    double highest = 0;
    if (!places)
        return 0;
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
