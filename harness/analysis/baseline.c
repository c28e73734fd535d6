/* SPDX-License-Identifier: MIT */
#include "harness/analysis/baseline.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/statistics/paired.h"

enum { BASELINE_SEED = 1 };

static struct bootstrap_interval cost_interval(const struct bootstrap *bootstrap, const double *costs)
{
    struct bootstrap_interval interval = {NAN, NAN};
    double *medians = memory_new(bootstrap->resamples, sizeof *medians);
    bootstrap_medians(bootstrap, costs, medians);
    if (bootstrap->blocks >= 2)
        interval = bootstrap_interval_of(medians, bootstrap->resamples, 0.95);
    free(medians);
    return interval;
}

/* `base` has the baseline's costs; `costs` is room for the cell's. */
static void baseline_figure_make(const struct bootstrap *bootstrap, const double *replay, const double *null,
                                 const double *base, double *costs, struct baseline_figure *figure)
{
    size_t blocks = bootstrap->blocks;
    for (size_t block = 0; block < blocks; block++)
        costs[block] = replay[block] - null[block];
    const struct paired pair = paired_of_means(costs, base, blocks, 0.95);
    figure->replay = quantile_median(replay, blocks);
    figure->null = quantile_median(null, blocks);
    figure->cost = quantile_median(costs, blocks);
    figure->cost_interval = cost_interval(bootstrap, costs);
    figure->ratio = pair.ratio;
    figure->ratio_interval = (struct bootstrap_interval){pair.low, pair.high};
}

void baseline_compare(const double *replay, const double *null, size_t cells, size_t blocks,
                      struct baseline_figure *ret_figures)
{
    struct bootstrap bootstrap;
    double *base = memory_new(blocks, sizeof *base), *costs = memory_new(blocks, sizeof *costs);
    bootstrap_init(&bootstrap, BOOTSTRAP_RESAMPLES, blocks, BASELINE_SEED);
    for (size_t block = 0; block < blocks; block++)
        base[block] = replay[block] - null[block];
    for (size_t i = 0; i < cells; i++)
        baseline_figure_make(&bootstrap, replay + i * blocks, null + i * blocks, base, costs,
                             &ret_figures[i]);
    bootstrap_fini(&bootstrap);
    free(base);
    free(costs);
}
