/* SPDX-License-Identifier: MIT */
#include "harness/statistics/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "base/random.h"

/* A value with its block, to be sorted by value. */
struct bootstrap_place {
    double value;
    size_t block;
};

void bootstrap_init(struct bootstrap *bootstrap, size_t resamples, size_t blocks, uint64_t seed)
{
    struct random_state random;
    bootstrap->resamples = resamples;
    bootstrap->blocks = blocks;
    bootstrap->stride = (resamples + BOOTSTRAP_CHUNK - 1) / BOOTSTRAP_CHUNK * BOOTSTRAP_CHUNK;
    bootstrap->draws = memory_new(bootstrap->stride * blocks, sizeof(*bootstrap->draws));
    random_seed(&random, seed);
    for (size_t resample = 0; resample < resamples; resample++)
        for (size_t drawn = 0; drawn < blocks; drawn++)
            bootstrap->draws[random_below(&random, blocks) * bootstrap->stride + resample]++;
}

void bootstrap_fini(struct bootstrap *bootstrap)
{
    free(bootstrap->draws);
    bootstrap->draws = NULL;
}

static int bootstrap_compare_places(const void *left, const void *right)
{
    const struct bootstrap_place *a = left, *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

/*
 * Eight counts, which one instruction adds or compares. The type is written out because compilers vectorise
 * no loop here.
 */
typedef uint16_t bootstrap_eight __attribute__((vector_size(16), may_alias));

enum { BOOTSTRAP_EIGHTS = BOOTSTRAP_CHUNK / 8 };

/* Of each resample of a chunk: how many values were drawn, and how many places lie before the middle two. */
struct bootstrap_counts {
    bootstrap_eight total[BOOTSTRAP_EIGHTS];
    bootstrap_eight passed[BOOTSTRAP_EIGHTS]; /* drawn values so far */
    bootstrap_eight lower[BOOTSTRAP_EIGHTS], upper[BOOTSTRAP_EIGHTS];
};

static bootstrap_eight bootstrap_load(const uint16_t *counts)
{
    bootstrap_eight eight;
    memcpy(&eight, counts, sizeof(eight));
    return eight;
}

/*
 * Walks along the sorted places, for all resamples of the chunk at once. A place lies before the value of
 * rank k when no more than k values were drawn up to it. A comparison that holds gives all ones, which is
 * minus one.
 */
static void bootstrap_count(const struct bootstrap *bootstrap, const struct bootstrap_place *places,
                            size_t count, size_t first, struct bootstrap_counts *counts)
{
    *counts = (struct bootstrap_counts){0};
    for (size_t i = 0; i < count; i++) {
        const uint16_t *draws = bootstrap->draws + places[i].block * bootstrap->stride + first;
        for (size_t eight = 0; eight < BOOTSTRAP_EIGHTS; eight++)
            counts->total[eight] += bootstrap_load(draws + 8 * eight);
    }
    for (size_t i = 0; i < count; i++) {
        const uint16_t *draws = bootstrap->draws + places[i].block * bootstrap->stride + first;
        for (size_t eight = 0; eight < BOOTSTRAP_EIGHTS; eight++) {
            bootstrap_eight total = counts->total[eight],
                            passed = counts->passed[eight] + bootstrap_load(draws + 8 * eight);
            counts->passed[eight] = passed;
            counts->lower[eight] -= (bootstrap_eight)(passed < (total + 1) / 2); /* up to (total - 1) / 2 */
            counts->upper[eight] -= (bootstrap_eight)(passed <= total / 2);
        }
    }
}

void bootstrap_medians(const struct bootstrap *bootstrap, const double *values, double *ret_medians)
{
    struct bootstrap_place *places = memory_new(bootstrap->blocks, sizeof(*places));
    struct bootstrap_counts counts;
    const uint16_t *total = (const uint16_t *)counts.total; /* of one resample each */
    const uint16_t *lower = (const uint16_t *)counts.lower, *upper = (const uint16_t *)counts.upper;
    size_t count = 0;
    for (size_t block = 0; block < bootstrap->blocks; block++)
        if (!isnan(values[block]))
            places[count++] = (struct bootstrap_place){values[block], block};
    if (count > 1)
        qsort(places, count, sizeof(*places), bootstrap_compare_places);
    for (size_t first = 0; first < bootstrap->resamples; first += BOOTSTRAP_CHUNK) {
        size_t left = bootstrap->resamples - first, chunk = left < BOOTSTRAP_CHUNK ? left : BOOTSTRAP_CHUNK;
        bootstrap_count(bootstrap, places, count, first, &counts);
        for (size_t r = 0; r < chunk; r++)
            ret_medians[first + r] = total[r] ? (places[lower[r]].value + places[upper[r]].value) / 2 : NAN;
    }
    free(places);
}

struct bootstrap_interval bootstrap_interval_of(double *replicates, size_t count, double level)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(replicates[i]))
            replicates[kept++] = replicates[i];
    if (kept == 0 || kept * 2 < count)
        return (struct bootstrap_interval){NAN, NAN};
    double low = quantile_by_selection(replicates, kept, (1 - level) / 2);
    return (struct bootstrap_interval){low, quantile_by_selection(replicates, kept, (1 + level) / 2)};
}
