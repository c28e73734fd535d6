/* SPDX-License-Identifier: MIT */
#include "harness/analysis/baseline.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/quantile.h"

enum { SEED = 1 };

struct room {
    struct bootstrap bootstrap;
    double *costs;    /* of one row */
    double *baseline; /* replicates of the baseline's median cost */
    double *medians;  /* and of a row's */
    double *ratios;
};

static int room_open(struct room *room, size_t blocks)
{
    *room = (struct room){0};
    if (bootstrap_init(&room->bootstrap, BOOTSTRAP_RESAMPLES, blocks, SEED) < 0)
        return -ENOMEM;
    room->costs = calloc(blocks, sizeof *room->costs);
    room->baseline = calloc(BOOTSTRAP_RESAMPLES, sizeof *room->baseline);
    room->medians = calloc(BOOTSTRAP_RESAMPLES, sizeof *room->medians);
    room->ratios = calloc(BOOTSTRAP_RESAMPLES, sizeof *room->ratios);
    return room->costs && room->baseline && room->medians && room->ratios ? 0 : -ENOMEM;
}

static void room_close(struct room *room)
{
    bootstrap_fini(&room->bootstrap);
    free(room->costs);
    free(room->baseline);
    free(room->medians);
    free(room->ratios);
}

static double ratio_of(double cost, double baseline)
{
    return baseline > 0 ? cost / baseline : NAN;
}

static struct bootstrap_interval interval_of(double *replicates, size_t blocks)
{
    if (blocks < 2)
        return (struct bootstrap_interval){NAN, NAN};
    return bootstrap_interval_of(replicates, BOOTSTRAP_RESAMPLES, 0.95);
}

static void figure_make(struct room *room, const double *replay, const double *null, size_t blocks,
                        bool first, double baseline, struct baseline_figure *figure)
{
    for (size_t i = 0; i < blocks; i++)
        room->costs[i] = replay[i] - null[i];
    figure->replay = quantile_median(replay, blocks);
    figure->null = quantile_median(null, blocks);
    figure->cost = quantile_median(room->costs, blocks);
    bootstrap_medians(&room->bootstrap, room->costs, first ? room->baseline : room->medians);
    const double *medians = first ? room->baseline : room->medians;
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
        room->ratios[i] = ratio_of(medians[i], room->baseline[i]);
    figure->ratio = ratio_of(figure->cost, first ? figure->cost : baseline);
    figure->ratio_interval = interval_of(room->ratios, blocks);
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
        room->ratios[i] = medians[i];
    figure->cost_interval = interval_of(room->ratios, blocks);
}

int baseline_compare(const double *replay, const double *null, size_t cells, size_t blocks,
                     struct baseline_figure *ret_figures)
{
    struct room room;
    int error = room_open(&room, blocks);
    for (size_t i = 0; i < cells && !error; i++)
        figure_make(&room, replay + i * blocks, null + i * blocks, blocks, i == 0, ret_figures[0].cost,
                    &ret_figures[i]);
    room_close(&room);
    return error;
}
