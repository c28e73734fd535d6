/* SPDX-License-Identifier: MIT */
#include "harness/statistics/best.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/statistics/paired.h"

static const size_t BEST_NONE = (size_t)-1;

/* What is compared, with the level of each of its comparisons. */
struct best {
    struct best_cell *cells;
    size_t count, blocks;
    double level;
    struct prior prior; /* of the scatter of pairs */
    double *logs;       /* count x blocks: logarithms of bases, NaN where there is none */
    double *sums;   /* count x count: of the log ratios of two cells' bases, over the blocks that both have */
    size_t *values; /* blocks in which a cell has a value */
    /*
     * blocks x blocks: the best of all blocks but two; on the diagonal, but one. BEST_NONE where no candidate
     * has a value there.
     */
    size_t *choices;
};

static bool takes_part(const struct best_cell *cell)
{
    return cell->values != NULL;
}

static bool may_lead(const struct best_cell *cell)
{
    return takes_part(cell) && cell->candidate;
}

/* Returns the log ratio of the bases of two cells in a block; 0 where either is missing, and for no block. */
static double best_difference(const struct best *best, size_t cell, size_t other, size_t block)
{
    if (block == BEST_NONE)
        return 0;
    double log_ratio = best->logs[cell * best->blocks + block] - best->logs[other * best->blocks + block];
    return isnan(log_ratio) ? 0 : log_ratio;
}

/* Whether `cell` is less than `other`, by the mean log ratio of the blocks that both have, but for two. */
static bool is_less(const struct best *best, size_t cell, size_t other, size_t one, size_t two)
{
    double sum = best->sums[cell * best->count + other] - best_difference(best, cell, other, one);
    return (one == two ? sum : sum - best_difference(best, cell, other, two)) < 0;
}

static bool in_block(const struct best *best, size_t cell, size_t block)
{
    return block != BEST_NONE && !isnan(best->logs[cell * best->blocks + block]);
}

/* Whether the cell has a value in any block but two. */
static bool has_value(const struct best *best, size_t cell, size_t one, size_t two)
{
    size_t left_out = in_block(best, cell, one) + (one != two && in_block(best, cell, two));
    return best->values[cell] > left_out;
}

/*
 * Chooses the best by all blocks but two, as a tournament: cells need not have the same blocks. BEST_NONE
 * where no candidate has a value there.
 */
static size_t best_choose(const struct best *best, size_t one, size_t two)
{
    size_t chosen = BEST_NONE;
    for (size_t cell = 0; cell < best->count; cell++)
        if (may_lead(&best->cells[cell]) && has_value(best, cell, one, two) &&
            (chosen == BEST_NONE || is_less(best, cell, chosen, one, two)))
            chosen = cell;
    return chosen;
}

static void best_set_choices(const struct best *best, size_t leader)
{
    for (size_t one = 0; one < best->blocks; one++)
        for (size_t two = one; two < best->blocks; two++) {
            size_t chosen = best_choose(best, one, two);
            best->choices[one * best->blocks + two] = best->choices[two * best->blocks + one] =
                chosen == BEST_NONE ? leader : chosen;
        }
}

/* Returns the log ratio of a cell in a block, to the best of all blocks but this and another. */
static double best_log(const struct best *best, size_t cell, size_t block, size_t other)
{
    const struct best_cell *base = &best->cells[best->choices[block * best->blocks + other]];
    return paired_log(best->cells[cell].values[block], base->bases[block]);
}

/*
 * Returns the mean log ratio of a cell over all blocks but `left_out`, which takes no part in choosing
 * either.
 */
static double best_mean(const struct best *best, size_t cell, size_t left_out)
{
    double sum = 0, count = 0;
    for (size_t block = 0; block < best->blocks; block++) {
        if (block == left_out)
            continue;
        double value = best_log(best, cell, block, left_out == BEST_NONE ? block : left_out);
        sum += isnan(value) ? 0 : value;
        count += !isnan(value);
    }
    return count > 0 ? sum / count : NAN;
}

/*
 * Sets what each block adds to the mean log ratio of a cell: the pseudo-values of the jackknife, n times the
 * mean less n - 1 times the mean without the block, moved so that their own mean is the cell's. A block acts
 * by its value and by what it does to the choice of the best in the others. Where no block changes the choice
 * they are the log ratios themselves.
 */
static void best_set_logs(const struct best *best, size_t cell, double mean, double *logs)
{
    double count = 0, sum = 0;
    for (size_t block = 0; block < best->blocks; block++)
        count += !isnan(best_log(best, cell, block, block));
    for (size_t block = 0; block < best->blocks; block++) {
        double alone = best_log(best, cell, block, block);
        logs[block] = isnan(alone) ? NAN : count > 2 ? -(count - 1) * best_mean(best, cell, block) : alone;
        sum += isnan(alone) ? 0 : logs[block];
    }
    for (size_t block = 0; block < best->blocks; block++)
        logs[block] += mean - sum / count;
}

static void best_set_ratios(const struct best *best, double *ret_logs)
{
    for (size_t cell = 0; cell < best->count; cell++) {
        if (!takes_part(&best->cells[cell]))
            continue;
        double mean = best_mean(best, cell, BEST_NONE);
        best->cells[cell].ratio = exp(mean);
        if (ret_logs)
            best_set_logs(best, cell, mean, ret_logs + cell * best->blocks);
    }
}

static struct paired best_pair(const struct best *best, const double *values, size_t other)
{
    struct paired pair = paired_compare(values, best->cells[other].bases, best->blocks, best->level);
    return best->prior.freedom > 0 ? paired_moderate(pair, &best->prior, best->level) : pair;
}

/* Whether no other candidate is shown to be better. */
static bool best_is_possible(const struct best *best, size_t cell)
{
    for (size_t other = 0; other < best->count; other++)
        if (other != cell && may_lead(&best->cells[other]) &&
            best_pair(best, best->cells[cell].bases, other).low > 1)
            return false;
    return true;
}

/* Sets the interval of a cell: from end to end of its intervals to all cells that may be the best. */
static void best_set_interval(const struct best *best, size_t cell)
{
    struct best_cell *found = &best->cells[cell];
    double low = INFINITY, high = -INFINITY;
    for (size_t other = 0; other < best->count; other++) {
        if (!best->cells[other].may_be_best)
            continue;
        bool itself = other == cell && found->values == found->bases;
        struct paired pair = best_pair(best, found->values, other);
        if (pair.blocks < 2) /* nothing is known of the two */
            return;
        low = fmin(low, itself ? 1 : pair.low);
        high = fmax(high, itself ? 1 : pair.high);
    }
    double least = found->candidate ? 1 : 0;
    found->low = fmin(found->ratio, fmax(least, low));
    found->high = fmax(found->ratio, fmax(least, high));
}

/*
 * Returns the number of comparisons with one candidate: the values of all cells, and where bases are another
 * thing the bases of the other candidates. One at least.
 */
static size_t best_comparisons(const struct best *best)
{
    size_t values = 0, candidates = 0;
    bool other_bases = false;
    for (size_t cell = 0; cell < best->count; cell++) {
        values += takes_part(&best->cells[cell]);
        candidates += may_lead(&best->cells[cell]);
        other_bases = other_bases || best->cells[cell].values != best->cells[cell].bases;
    }
    size_t comparisons = other_bases ? values + candidates : values;
    return comparisons > 1 ? comparisons - 1 : 1;
}

/* Takes what is given, and clears what is to be found. */
static void best_init(struct best *best, double alpha, double *ret_logs)
{
    size_t values = best->count * best->blocks;
    best->level = 1 - alpha / (double)best_comparisons(best);
    best->logs = memory_new(values, sizeof(*best->logs));
    best->sums = memory_new(best->count * best->count, sizeof(*best->sums));
    best->values = memory_new(best->count, sizeof(*best->values));
    best->choices = memory_new(best->blocks * best->blocks, sizeof(*best->choices));
    for (size_t cell = 0; cell < best->count; cell++) {
        struct best_cell *found = &best->cells[cell];
        found->ratio = found->low = found->high = NAN;
        found->best = found->may_be_best = false;
        for (size_t block = 0; block < best->blocks; block++) {
            bool known = takes_part(found) && found->bases[block] > 0;
            best->logs[cell * best->blocks + block] = known ? log(found->bases[block]) : NAN;
            best->values[cell] += known;
        }
    }
    for (size_t i = 0; i < best->count * best->count; i++)
        for (size_t block = 0; block < best->blocks; block++)
            best->sums[i] += best_difference(best, i / best->count, i % best->count, block);
    for (size_t i = 0; ret_logs && i < values; i++)
        ret_logs[i] = NAN;
}

void best_compare(struct best_cell *cells, size_t count, size_t blocks, double alpha,
                  const struct prior *prior, double *ret_logs)
{
    struct best best = {.cells = cells, .count = count, .blocks = blocks};
    if (prior)
        best.prior = *prior;
    best_init(&best, alpha, ret_logs);
    size_t leader = best_choose(&best, BEST_NONE, BEST_NONE);
    if (leader != BEST_NONE) {
        best_set_choices(&best, leader);
        best_set_ratios(&best, ret_logs);
        cells[leader].best = true;
        for (size_t cell = 0; cell < count; cell++)
            cells[cell].may_be_best =
                cell == leader || (may_lead(&cells[cell]) && best_is_possible(&best, cell));
        for (size_t cell = 0; cell < count; cell++)
            if (takes_part(&cells[cell]))
                best_set_interval(&best, cell);
    }
    free(best.logs);
    free(best.sums);
    free(best.values);
    free(best.choices);
}

struct prior best_borrow(const struct best_cell *cells, size_t works, size_t count, size_t blocks)
{
    double *variances = memory_new(works * count * count, sizeof(*variances)),
           *freedoms = memory_new(works * count * count, sizeof(*freedoms));
    size_t pairs = 0;
    for (size_t i = 0; i < works * count; i++)
        for (size_t j = i / count * count; j < (i / count + 1) * count; j++) {
            bool twice = j < i && cells[i].values == cells[i].bases; /* the same pair the other way round */
            if (i == j || twice || !takes_part(&cells[i]) || !takes_part(&cells[j]))
                continue;
            struct paired pair = paired_compare(cells[i].values, cells[j].bases, blocks, 0.95);
            freedoms[pairs] = (double)pair.blocks - 1;
            variances[pairs++] = pair.blocks > 1 ? pair.deviation * pair.deviation : 0;
        }
    struct prior prior = prior_fit(variances, freedoms, pairs);
    free(variances);
    free(freedoms);
    return prior;
}
