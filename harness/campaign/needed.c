/* SPDX-License-Identifier: MIT */
#include "harness/campaign/needed.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* ---- of a pair ---- */

/* Of values so far, those that are finite. */
struct scatter {
    size_t count;
    double mean, squares;
};

static void scatter_add(struct scatter *scatter, double value)
{
    if (!isfinite(value))
        return;
    double off = value - scatter->mean;
    scatter->mean += off / (double)++scatter->count;
    scatter->squares += off * (value - scatter->mean);
}

static double scatter_deviation(const struct scatter *scatter)
{
    return sqrt(scatter->squares / (double)(scatter->count - 1));
}

struct needed_noise needed_noise(const double *a, const double *b, size_t count)
{
    struct scatter scatter = {0};
    for (size_t block = 0; block < count; block++)
        scatter_add(&scatter, log(a[block] / b[block]));
    bool known = scatter.count >= NEEDED_LEAST;
    return (struct needed_noise){.deviation = known ? scatter_deviation(&scatter) : NAN,
                                 .ratio = exp(scatter.mean)};
}

struct needed_noise needed_noise_of(const struct decide *decide, const struct decide_pair *pair)
{
    size_t blocks = decide->design.blocks;
    return needed_noise(decide->wall_ns + pair->a * blocks, decide->wall_ns + pair->b * blocks, blocks);
}

size_t needed_by_pair(const struct decide *decide, const struct decide_pair *pair)
{
    struct needed_noise noise = needed_noise_of(decide, pair);
    return isnan(noise.deviation) ? 0
                                  : sequential_blocks_needed(&decide->design, noise.deviation, noise.ratio);
}

size_t needed_by_cell(const struct decide *decide, size_t cell)
{
    const double *values = decide->wall_ns + cell * decide->design.blocks;
    struct scatter scatter = {0};
    for (size_t block = 0; block < decide->design.blocks; block++)
        scatter_add(&scatter, log(values[block]));
    return scatter.count < NEEDED_LEAST
               ? 0
               : sequential_figure_blocks(&decide->design, scatter_deviation(&scatter));
}

/* ---- of a run that goes on ---- */

struct needed_more needed_more(const struct decide *decide, const double *cell_seconds)
{
    struct needed_more more = {0};
    size_t *needed = memory_new(decide->cell_count, sizeof(*needed));
    for (size_t i = 0; i < decide->pair_count; i++) {
        const struct decide_pair *pair = &decide->pairs[i];
        size_t blocks = decide_pair_is_open(pair) ? needed_by_pair(decide, pair) : 0;
        if (blocks == 0)
            continue;
        needed_raise(&blocks, decide->next_look);
        needed_raise(&needed[pair->a], blocks);
        needed_raise(&needed[pair->b], blocks);
        more.pairs++;
    }
    for (size_t cell = 0; cell < decide->cell_count; cell++)
        for (size_t block = decide->blocks; block < needed[cell]; block++)
            if (isnan(decide->wall_ns[cell * decide->design.blocks + block]))
                more.seconds += cell_seconds[cell];
    free(needed);
    return more;
}

/* ---- time ---- */

/* How much longer the sessions of a run took than its processes; 1 where it does not say. */
static double sessions_over(const struct store *store, double processes)
{
    double sessions = 0;
    size_t index;
    const json_t *session;
    json_array_foreach(json_object_get(store->manifest, "sessions"), index, session)
        sessions += json_number_value(json_object_get(session, "seconds"));
    return processes > 0 && sessions > processes ? sessions / processes : 1;
}

double *needed_seconds(const struct store *store, size_t cells)
{
    double *seconds = memory_new(cells + 1, sizeof(*seconds)), processes = 0;
    size_t *blocks = memory_new(cells + 1, sizeof(*blocks));
    for (size_t i = 0; i < store->row_count; i++) {
        const struct store_row *row = &store->rows[i];
        if (row->process_wall_ns == STORE_MISSING || (size_t)row->cell >= cells)
            continue;
        processes += (double)row->process_wall_ns / 1e9;
        seconds[row->cell] += (double)row->process_wall_ns / 1e9;
        blocks[row->cell] +=
            row->attempt <= 0; /* in a folder of the first schema the one attempt has no number */
    }
    double over = sessions_over(store, processes);
    for (size_t cell = 0; cell < cells; cell++)
        seconds[cell] = blocks[cell] ? over * seconds[cell] / (double)blocks[cell] : 0;
    free(blocks);
    return seconds;
}
