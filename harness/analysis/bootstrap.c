/* SPDX-License-Identifier: MIT */
#include "harness/analysis/bootstrap.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "harness/base/random.h"

/* A value and the block it came from, to sort by value. */
struct bootstrap_place {
    double value;
    size_t block;
};

int bootstrap_init(struct bootstrap *bootstrap, size_t resamples, size_t blocks, uint64_t seed)
{
    struct random_state random;
    bootstrap->resamples = resamples;
    bootstrap->blocks = blocks;
    bootstrap->draws = calloc(resamples * blocks + 1, sizeof(*bootstrap->draws));
    if (!bootstrap->draws)
        return -ENOMEM;
    random_seed(&random, seed);
    for (size_t r = 0; r < resamples; r++)
        for (size_t drawn = 0; drawn < blocks; drawn++)
            bootstrap->draws[r * blocks + random_below(&random, blocks)]++;
    return 0;
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

/* The median of the `total` values that `draws` chose among places sorted by value. */
static double bootstrap_median(const struct bootstrap_place *places, size_t count, const uint16_t *draws,
                               size_t total)
{
    size_t lower_rank = (total - 1) / 2, upper_rank = total / 2, passed = 0, i = 0;
    for (; i < count && passed + draws[places[i].block] <= lower_rank; i++)
        passed += draws[places[i].block];
    double lower = places[i].value;
    for (; i < count && passed + draws[places[i].block] <= upper_rank; i++)
        passed += draws[places[i].block];
    return (lower + places[i].value) / 2;
}

/* How many of the drawn values are there: all of them, unless processes are missing. */
static size_t bootstrap_drawn(const struct bootstrap *bootstrap, const struct bootstrap_place *places,
                              size_t count, const uint16_t *draws)
{
    size_t total = 0;
    if (count == bootstrap->blocks)
        return count;
    for (size_t i = 0; i < count; i++)
        total += draws[places[i].block];
    return total;
}

void bootstrap_medians(const struct bootstrap *bootstrap, const double *values, double *ret_medians)
{
    struct bootstrap_place *places = malloc((bootstrap->blocks + 1) * sizeof(*places));
    size_t count = 0;
    for (size_t block = 0; places && block < bootstrap->blocks; block++)
        if (!isnan(values[block]))
            places[count++] = (struct bootstrap_place){values[block], block};
    if (count > 1)
        qsort(places, count, sizeof(*places), bootstrap_compare_places);
    for (size_t r = 0; r < bootstrap->resamples; r++) {
        const uint16_t *draws = bootstrap->draws + r * bootstrap->blocks;
        size_t total = bootstrap_drawn(bootstrap, places, count, draws);
        ret_medians[r] = total ? bootstrap_median(places, count, draws, total) : NAN;
    }
    free(places);
}

/* Moves the value of rank `k` to its sorted place, smaller ones before it and larger ones after. Hoare's
 * quickselect. */
static void bootstrap_select(double *values, size_t count, size_t k)
{
    size_t low = 0, high = count - 1;
    while (low < high) {
        double pivot = values[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i >= j)
                break;
            double swapped = values[i];
            values[i++] = values[j];
            values[j--] = swapped;
        }
        if (k <= j)
            high = j;
        else
            low = j + 1;
    }
}

/* Type 7 quantile by selection; reorders `values`. */
static double bootstrap_quantile(double *values, size_t count, double p)
{
    double place = p * (double)(count - 1);
    size_t below = (size_t)place;
    bootstrap_select(values, count, below);
    double lower = values[below];
    if (below + 1 >= count)
        return lower;
    double upper = values[below + 1];
    for (size_t i = below + 2; i < count; i++)
        if (values[i] < upper)
            upper = values[i];
    return lower + (place - (double)below) * (upper - lower);
}

struct bootstrap_interval bootstrap_interval_of(double *replicates, size_t count, double level)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(replicates[i]))
            replicates[kept++] = replicates[i];
    if (kept == 0 || kept * 2 < count)
        return (struct bootstrap_interval){NAN, NAN};
    double low = bootstrap_quantile(replicates, kept, (1 - level) / 2);
    return (struct bootstrap_interval){low, bootstrap_quantile(replicates, kept, (1 + level) / 2)};
}
