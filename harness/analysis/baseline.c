/* SPDX-License-Identifier: MIT */
#include "harness/analysis/baseline.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/quantile.h"

enum { BASELINE_SEED = 1 };

struct baseline_buffers {
    struct bootstrap bootstrap;
    double *costs;    /* of one row, by block */
    double *baseline; /* the baseline's median cost in each resample */
    double *medians;  /* a row's median cost in each resample */
    double *ratios;   /* a row's over the baseline's in each resample */
};

static void baseline_buffers_init(struct baseline_buffers *buffers, size_t blocks)
{
    *buffers = (struct baseline_buffers){0};
    bootstrap_init(&buffers->bootstrap, BOOTSTRAP_RESAMPLES, blocks, BASELINE_SEED);
    buffers->costs = memory_new(blocks, sizeof *buffers->costs);
    buffers->baseline = memory_new(BOOTSTRAP_RESAMPLES, sizeof *buffers->baseline);
    buffers->medians = memory_new(BOOTSTRAP_RESAMPLES, sizeof *buffers->medians);
    buffers->ratios = memory_new(BOOTSTRAP_RESAMPLES, sizeof *buffers->ratios);
}

static void baseline_buffers_fini(struct baseline_buffers *buffers)
{
    bootstrap_fini(&buffers->bootstrap);
    free(buffers->costs);
    free(buffers->baseline);
    free(buffers->medians);
    free(buffers->ratios);
}

static double baseline_ratio(double cost, double baseline)
{
    return baseline > 0 ? cost / baseline : NAN;
}

static struct bootstrap_interval baseline_interval(double *replicates, size_t blocks)
{
    if (blocks < 2)
        return (struct bootstrap_interval){NAN, NAN};
    return bootstrap_interval_of(replicates, BOOTSTRAP_RESAMPLES, 0.95);
}

static void baseline_figure_make(struct baseline_buffers *buffers, const double *replay, const double *null,
                                 size_t blocks, bool is_baseline, double baseline,
                                 struct baseline_figure *figure)
{
    for (size_t block = 0; block < blocks; block++)
        buffers->costs[block] = replay[block] - null[block];
    figure->replay = quantile_median(replay, blocks);
    figure->null = quantile_median(null, blocks);
    figure->cost = quantile_median(buffers->costs, blocks);
    bootstrap_medians(&buffers->bootstrap, buffers->costs,
                      is_baseline ? buffers->baseline : buffers->medians);
    const double *medians = is_baseline ? buffers->baseline : buffers->medians;
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
        buffers->ratios[i] = baseline_ratio(medians[i], buffers->baseline[i]);
    figure->ratio = baseline_ratio(figure->cost, is_baseline ? figure->cost : baseline);
    figure->ratio_interval = baseline_interval(buffers->ratios, blocks);
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
        buffers->ratios[i] = medians[i];
    figure->cost_interval = baseline_interval(buffers->ratios, blocks);
}

void baseline_compare(const double *replay, const double *null, size_t cells, size_t blocks,
                      struct baseline_figure *ret_figures)
{
    struct baseline_buffers buffers;
    baseline_buffers_init(&buffers, blocks);
    for (size_t i = 0; i < cells; i++)
        baseline_figure_make(&buffers, replay + i * blocks, null + i * blocks, blocks, i == 0,
                             ret_figures[0].cost, &ret_figures[i]);
    baseline_buffers_fini(&buffers);
}
