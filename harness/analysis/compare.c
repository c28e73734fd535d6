/* SPDX-License-Identifier: MIT */
#include "harness/analysis/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/statistics/significance.h"

static const double COMPARE_ALPHA = 0.05;
/* Makes the draws of B independent of those of A when both runs have the same seed too. */
static const uint64_t COMPARE_OTHER_SEED = 0x9e3779b97f4a7c15;
/* A side of fewer processes has no interval. */
enum { COMPARE_LEAST_PROCESSES = 2 };

/* One run as the comparison reads it. */
struct compare_side {
    const struct run *run;
    struct bootstrap draws;
    double *values;  /* one per block */
    double *medians; /* one per resample */
};

bool compare_same_machine(const struct run *a, const struct run *b)
{
    static const char *const keys[] = {"hostname_hash", "cpu", "cores"};
    const json_t *left = json_object_get(a->store->manifest, "machine");
    const json_t *right = json_object_get(b->store->manifest, "machine");
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (!json_equal(json_object_get(left, keys[i]), json_object_get(right, keys[i])))
            return false;
    return true;
}

/*
 * Returns the best cell of A in the cell's work and setting that is whole in B too. It is the divisor of
 * both runs.
 */
static const struct run_cell *compare_base(const struct run *a, const struct run *b,
                                           const struct run_cell *cell, enum run_metric metric)
{
    const struct run_cell *best = NULL;
    for (size_t i = 0; i < a->cell_count; i++) {
        const struct run_cell *other = &a->cells[i];
        if (other->work != cell->work || other->setting != cell->setting || !run_cell_is_whole(other) ||
            other->role != RUN_RECLAIMS || !run_cell_is_whole(run_cell_same(b, a, other)))
            continue;
        if (!best || run_cell_median(a, other, metric) < run_cell_median(a, best, metric))
            best = other;
    }
    return best;
}

static void compare_side_fini(struct compare_side *side)
{
    bootstrap_fini(&side->draws);
    free(side->values);
    free(side->medians);
}

static void compare_side_init(struct compare_side *side, const struct run *run, uint64_t seed_change)
{
    uint64_t seed = (uint64_t)json_integer_value(json_object_get(run->store->manifest, "seed"));
    *side = (struct compare_side){.run = run};
    side->values = memory_new(run->blocks, sizeof(double));
    side->medians = memory_new(BOOTSTRAP_RESAMPLES, sizeof(double));
    bootstrap_init(&side->draws, BOOTSTRAP_RESAMPLES, run->blocks, seed ^ seed_change);
}

/*
 * Fills the side's values with the cell's, divided by those of `base` in the same block if there is a base.
 * Returns how many values there are.
 */
static size_t compare_take(struct compare_side *side, const struct run_cell *cell,
                           const struct run_cell *base, enum run_metric metric)
{
    const double *values = run_cell_values(side->run, cell, metric);
    const double *base_values = base ? run_cell_values(side->run, base, metric) : NULL;
    size_t count = 0;
    for (size_t block = 0; block < side->run->blocks; block++) {
        side->values[block] = base_values ? values[block] / base_values[block] : values[block];
        count += !isnan(side->values[block]);
    }
    bootstrap_medians(&side->draws, side->values, side->medians);
    return count;
}

/* Moves the values that are not NaN to the front, for the rank-sum test. Returns how many there are. */
static size_t compare_squeeze(double *values, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i]))
            values[kept++] = values[i];
    return kept;
}

static void compare_test(struct compare_side *a, struct compare_side *b, const struct run_cell *base_a,
                         const struct run_cell *base_b, enum run_metric metric, struct compare_cell *cell,
                         double *smallest_p)
{
    size_t count_a = compare_take(a, cell->a, base_a, metric),
           count_b = compare_take(b, cell->b, base_b, metric);
    cell->median_a = quantile_median(a->values, a->run->blocks);
    cell->median_b = quantile_median(b->values, b->run->blocks);
    cell->ratio = cell->median_a > 0 ? cell->median_b / cell->median_a : NAN;
    if (isnan(cell->ratio) || count_a < COMPARE_LEAST_PROCESSES || count_b < COMPARE_LEAST_PROCESSES)
        return;
    for (size_t r = 0; r < BOOTSTRAP_RESAMPLES; r++)
        b->medians[r] /= a->medians[r];
    cell->interval = bootstrap_interval_of(b->medians, BOOTSTRAP_RESAMPLES, 0.95);
    count_a = compare_squeeze(a->values, a->run->blocks);
    count_b = compare_squeeze(b->values, b->run->blocks);
    cell->p = cell->p_holm = significance_rank_sum(a->values, count_a, b->values, count_b);
    *smallest_p = fmax(*smallest_p, significance_smallest_p(count_a, count_b));
}

static enum compare_verdict compare_judge(const struct compare_cell *cell, double minimum)
{
    bool excluded = cell->interval.low > 1 || cell->interval.high < 1;
    if (!excluded || !(cell->p_holm <= COMPARE_ALPHA))
        return COMPARE_SAME;
    if (cell->ratio >= 1 + minimum)
        return COMPARE_MORE;
    return cell->ratio <= 1 / (1 + minimum) ? COMPARE_LESS : COMPARE_SAME;
}

static void compare_one(struct compare_side *a, struct compare_side *b, const struct compare_options *options,
                        struct compare *compare, const struct run_cell *left, const struct run_cell *right)
{
    struct compare_cell *cell = &compare->cells[compare->count++];
    *cell = (struct compare_cell){.a = left, .b = right, .verdict = COMPARE_SAME};
    cell->median_a = cell->median_b = cell->ratio = cell->p = cell->p_holm = NAN;
    cell->interval = (struct bootstrap_interval){NAN, NAN};
    const struct run_cell *base =
        compare->normalised ? compare_base(a->run, b->run, left, options->metric) : NULL;
    if (run_cell_is_whole(left) && right->failed)
        cell->verdict = COMPARE_LOST;
    else if (!run_cell_is_whole(left) || !run_cell_is_whole(right) || (compare->normalised && !base))
        cell->verdict = COMPARE_BLANK;
    else if (base == left)
        cell->verdict = COMPARE_BASE;
    else
        compare_test(a, b, base, base ? run_cell_same(b->run, a->run, base) : NULL, options->metric, cell,
                     &compare->smallest_p);
    if (cell->verdict == COMPARE_SAME && isnan(cell->ratio) && cell->median_a != cell->median_b)
        cell->verdict = COMPARE_BLANK;
}

static void compare_correct(struct compare *compare, double minimum)
{
    double *p = memory_new(compare->count, sizeof(*p));
    for (size_t i = 0; i < compare->count; i++)
        p[i] = compare->cells[i].p;
    compare->family = significance_holm(p, compare->count);
    for (size_t i = 0; i < compare->count; i++) {
        compare->cells[i].p_holm = p[i];
        if (compare->cells[i].verdict == COMPARE_SAME)
            compare->cells[i].verdict = compare_judge(&compare->cells[i], minimum);
    }
    compare->smallest_p *= (double)compare->family;
    free(p);
}

static void compare_all(struct compare_side *a, struct compare_side *b, const struct compare_options *options,
                        struct compare *compare)
{
    for (size_t i = 0; i < a->run->cell_count; i++) {
        const struct run_cell *left = &a->run->cells[i], *right = run_cell_same(b->run, a->run, left);
        if (run_cell_is_aside(left))
            continue;
        if (right)
            compare_one(a, b, options, compare, left, right);
        else
            compare->only_a++;
    }
    for (size_t i = 0; i < b->run->cell_count; i++)
        compare->only_b +=
            !run_cell_is_aside(&b->run->cells[i]) && !run_cell_same(a->run, b->run, &b->run->cells[i]);
    compare_correct(compare, options->minimum);
}

void compare_runs(const struct run *a, const struct run *b, const struct compare_options *options,
                  struct compare *ret_compare)
{
    struct compare compare = {.normalised = !compare_same_machine(a, b)};
    struct compare_side left, right;
    compare.cells = memory_new(a->cell_count, sizeof(*compare.cells));
    compare_side_init(&left, a, 0);
    compare_side_init(&right, b, COMPARE_OTHER_SEED);
    compare_all(&left, &right, options, &compare);
    compare_side_fini(&left);
    compare_side_fini(&right);
    *ret_compare = compare;
}

void compare_fini(struct compare *compare)
{
    free(compare->cells);
    compare->cells = NULL;
}

struct compare_null compare_null(const struct run *run, enum run_metric metric)
{
    struct compare_null result = {0};
    double *halves[2] = {memory_new(run->blocks, sizeof(double)), memory_new(run->blocks, sizeof(double))};
    for (size_t i = 0; i < run->cell_count; i++) {
        const double *values = run_cell_values(run, &run->cells[i], metric);
        size_t counts[2] = {0, 0};
        for (size_t block = 0; block < run->blocks; block++)
            if (run_cell_is_whole(&run->cells[i]) && !isnan(values[block]))
                halves[block % 2][counts[block % 2]++] = values[block];
        /* Fewer blocks a side can never reach 0.05: 2 / C(8, 4) is the first smallest p below it. */
        if (counts[0] < 4 || counts[1] < 4)
            continue;
        result.tested++;
        result.different +=
            significance_rank_sum(halves[0], counts[0], halves[1], counts[1]) <= COMPARE_ALPHA;
    }
    free(halves[0]);
    free(halves[1]);
    return result;
}
