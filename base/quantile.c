/* SPDX-License-Identifier: MIT */
#include "base/quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int quantile_compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static int quantile_compare_ns(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

void quantile_sort(double *values, size_t count)
{
    if (count > 1)
        qsort(values, count, sizeof(*values), quantile_compare);
}

void quantile_sort_ns(int64_t *values, size_t count)
{
    if (count > 1)
        qsort(values, count, sizeof(*values), quantile_compare_ns);
}

double quantile_of_sorted(const double *sorted, size_t count, double p)
{
    if (count == 0)
        return NAN;
    double place = p * (double)(count - 1);
    size_t below = (size_t)place;
    if (below + 1 >= count)
        return sorted[count - 1];
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

/* Moves the value of rank `rank` to its sorted place, smaller ones before it and larger ones after it, by
 * Hoare's quickselect. */
static void quantile_select(double *values, size_t count, size_t rank)
{
    size_t low = 0, high = count - 1;
    while (low < high) {
        double pivot = values[low + (high - low) / 2];
        size_t from_left = low, from_right = high;
        for (;;) {
            while (values[from_left] < pivot)
                from_left++;
            while (values[from_right] > pivot)
                from_right--;
            if (from_left >= from_right)
                break;
            double swapped = values[from_left];
            values[from_left++] = values[from_right];
            values[from_right--] = swapped;
        }
        if (rank <= from_right)
            high = from_right;
        else
            low = from_right + 1;
    }
}

double quantile_by_selection(double *values, size_t count, double p)
{
    double place = p * (double)(count - 1);
    size_t below = (size_t)place;
    quantile_select(values, count, below);
    double lower = values[below];
    if (below + 1 >= count)
        return lower;
    double upper = values[below + 1];
    for (size_t i = below + 2; i < count; i++)
        if (values[i] < upper)
            upper = values[i];
    return lower + (place - (double)below) * (upper - lower);
}

double quantile_place_by_selection(double *values, size_t count, size_t place)
{
    quantile_select(values, count, place);
    return values[place];
}

/* Returns the place of the nearest rank among `count` sorted values. */
static size_t quantile_rank_place(size_t count, double p)
{
    /* Products such as 0.07 * 100 = 7.000000000000001 are off by a few units in the last place. The factor
     * forgives only those: p99.9 of 10^8 values is still that of the definition. */
    double rank = ceil(p * (double)count * (1 - 0x1p-50));
    if (rank < 1)
        return 0;
    return rank >= (double)count ? count - 1 : (size_t)rank - 1;
}

int64_t quantile_rank_of_sorted(const int64_t *sorted, size_t count, double p)
{
    return sorted[quantile_rank_place(count, p)];
}

double quantile_rank_by_selection(double *values, size_t count, double p)
{
    return quantile_place_by_selection(values, count, quantile_rank_place(count, p));
}

double quantile_median(const double *values, size_t count)
{
    double *kept = memory_new(count, sizeof(*kept));
    size_t kept_count = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i]))
            kept[kept_count++] = values[i];
    quantile_sort(kept, kept_count);
    double median = quantile_of_sorted(kept, kept_count, 0.5);
    free(kept);
    return median;
}
