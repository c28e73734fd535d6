/* SPDX-License-Identifier: MIT */
#include "harness/analysis/claims-more.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/campaign/needed.h"

static bool more_is_open(const struct claims_pair *pair, size_t setting)
{
    return pair->a->setting == setting && pair->result.verdict == SEQUENTIAL_UNDECIDED && !pair->as_warm;
}

static struct needed_noise more_noise(const struct claims *claims, const struct claims_pair *pair)
{
    const struct run *run = claims->run;
    return needed_noise(run_cell_values(run, pair->a, claims->metric),
                        run_cell_values(run, pair->b, claims->metric), run->blocks);
}

/* ---- the same run ---- */

/* Counts the pairs of the setting that the looks which are left decide. */
static size_t more_count(const struct run *run, size_t setting, struct claims_more *more)
{
    const struct decide *decide = run->decide;
    size_t count = 0;
    for (size_t i = 0; i < decide->pair_count; i++) {
        const struct decide_pair *pair = &decide->pairs[i];
        if (!decide_pair_is_open(pair) || run->cells[pair->a].setting != setting)
            continue;
        more->known += !isnan(needed_noise_of(decide, pair).deviation);
        count += needed_by_pair(decide, pair) > 0;
    }
    return count;
}

static struct claims_more more_by_going_on(const struct run *run, size_t setting, const double *seconds)
{
    struct claims_more more = {.way = CLAIMS_GO_ON};
    more.pairs = more_count(run, setting, &more);
    more.seconds = needed_more(run->decide, seconds).seconds;
    return more;
}

/* ---- a new run ---- */

/* Whether so many blocks decide, at one look. */
static bool more_decides(const struct claims *claims, struct needed_noise noise, size_t blocks)
{
    struct sequential_design fixed = claims->design;
    fixed.first = fixed.blocks = blocks;
    return sequential_blocks_needed(&fixed, noise.deviation, noise.ratio) > 0;
}

/* Returns the fewest blocks of a fixed run that decide; 0 where CLAIMS_MORE_BLOCKS do not. */
static size_t more_blocks(const struct claims *claims, struct needed_noise noise)
{
    size_t low = 1, high = CLAIMS_MORE_BLOCKS;
    if (!more_decides(claims, noise, high))
        return 0;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (more_decides(claims, noise, middle))
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* Fills the blocks that each undecided pair needs. Returns how many pairs have such a number. */
static size_t more_list(const struct claims *claims, size_t setting, struct claims_more *more,
                        double *ret_blocks)
{
    size_t count = 0;
    for (size_t i = 0; i < claims->count; i++) {
        if (!more_is_open(&claims->pairs[i], setting))
            continue;
        struct needed_noise noise = more_noise(claims, &claims->pairs[i]);
        if (isnan(noise.deviation) || noise.deviation == 0)
            continue;
        more->known++;
        size_t blocks = more_blocks(claims, noise);
        if (blocks)
            ret_blocks[count++] = (double)blocks;
    }
    return count;
}

static double more_block_seconds(const struct run *run, size_t setting, const double *seconds)
{
    double sum = 0;
    for (size_t i = 0; i < run->cell_count; i++)
        sum += run->cells[i].setting == setting ? seconds[i] : 0;
    return sum;
}

static struct claims_more more_by_new_run(const struct claims *claims, size_t setting, const double *seconds)
{
    struct claims_more more = {.way = CLAIMS_NEW_RUN};
    double *blocks = memory_new(claims->count + 1, sizeof(*blocks));
    size_t count = more_list(claims, setting, &more, blocks);
    quantile_sort(blocks, count);
    if (count)
        more.blocks = (size_t)blocks[(count - 1) / 2];
    while (more.pairs < count && blocks[more.pairs] <= (double)more.blocks)
        more.pairs++;
    more.seconds = (double)more.blocks * more_block_seconds(claims->run, setting, seconds);
    free(blocks);
    return more;
}

struct claims_more claims_more(const struct claims *claims, size_t setting)
{
    const struct run *run = claims->run;
    bool goes_on = claims->metric == RUN_WALL && run->decide && run->decide->next_look > run->decide->blocks;
    if (machines_are_several(&claims->design.machines))
        return (struct claims_more){.way = goes_on ? CLAIMS_GO_ON : CLAIMS_NEW_RUN};
    double *seconds = needed_seconds(run->store, run->cell_count);
    struct claims_more more = goes_on ? more_by_going_on(run, setting, seconds) : (struct claims_more){0};
    bool in_vain = goes_on && more.known && more.pairs == 0;
    if (!goes_on || in_vain)
        more = more_by_new_run(claims, setting, seconds);
    more.in_vain = in_vain;
    free(seconds);
    return more;
}
